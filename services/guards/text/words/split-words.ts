/**
 * Parts glued letters (`ignoreallrules`) into English words, the fewest that
 * cover the most, by dynamic programming: linear, since no word is longer than
 * the longest known one. Letters that are no mostly known words are let be.
 */
import { isEnglishHash, isShortHash, isSignatureWord } from "./known-words.ts";
import { hashOn } from "./word-table.ts";

const longestWord = 16;
const costs = { word: 8, pair: 12, stray: 9 };
/** Of all letters, this share must fall to words of three letters and more. */
const leastCovered = 0.7;
/** And one of them must be a longer word of signatures: else it is a compound. */
const shortestTelling = 5;

/** Where each word after the first begins; empty when it cannot be parted. */
export function splitGlued(text: string, start: number, end: number): number[] {
  const length = end - start;
  const cost = new Float64Array(length + 1).fill(Infinity);
  const from = new Int32Array(length + 1);
  cost[0] = 0;
  for (let at = 0; at < length; at++) {
    const base = cost[at] ?? 0;
    let hash = 0;
    for (let size = 1; size <= longestWord && at + size <= length; size++) {
      hash = hashOn(hash, text.charCodeAt(start + at + size - 1));
      const total = base + pieceCost(hash, size);
      if (total < (cost[at + size] ?? 0)) {
        cost[at + size] = total;
        from[at + size] = at;
      }
    }
  }
  return boundaries(text.slice(start, end), from, start);
}

function pieceCost(hash: number, size: number): number {
  // Of two ways with as many words, the one with the longest word is the likelier.
  if (size >= 3) return isEnglishHash(hash) ? costs.word - (size * size) / 64 : Infinity;
  if (size === 2) return isShortHash(hash) ? costs.pair : Infinity;
  return costs.stray;
}

/** Strays stay with each other; a stretch of them counts as one unknown word. */
function boundaries(glued: string, from: Int32Array, start: number): number[] {
  const places: number[] = [];
  let covered = 0;
  let telling = false;
  let stray = false;
  for (let at = glued.length; at > 0; at = from[at] ?? 0) {
    const begin = from[at] ?? 0;
    const size = at - begin;
    if (size >= 3) covered += size;
    telling ||= size >= shortestTelling && isSignatureWord(glued.slice(begin, at));
    if (at < glued.length && !(size === 1 && stray)) places.push(start + at);
    stray = size === 1;
  }
  return telling && covered >= glued.length * leastCovered ? places.toReversed() : [];
}
