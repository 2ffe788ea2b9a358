/**
 * Counts tokens as OpenAI's models do: the table and the splitting pattern of
 * an encoding are theirs (by way of js-tiktoken), the merging is ours, because
 * the packages' own is quadratic in the length of a word. A piece of more than
 * 128 characters is counted in parts: the time stays linear whatever the text
 * is, at the price of a token too many here and there in such runs.
 */

import { splitsPair } from "./graphemes.ts";

/** An encoding as js-tiktoken ships it. */
export interface EncodingTable {
  readonly pat_str: string;
  /** Lines of `! firstRank token token ...`, tokens as base64. */
  readonly bpe_ranks: string;
}

export interface BytePairs {
  /** Tokens of one piece of text that the encoding never joins with its neighbours. */
  readonly countPiece: (piece: string) => number;
  /** Calls `visit` with the end of each piece, in order; it stops when that answers false. */
  readonly eachPiece: (text: string, visit: (end: number) => boolean) => void;
}

/** Longest piece that is merged as one, UTF-16 code units. */
const longestPiece = 128;

/** The table is read when the first text is counted: 200,000 tokens, some 150 ms once a process. */
export function bytePairs(table: EncodingTable): BytePairs {
  let ranks: Ranks | undefined;
  const pattern = new RegExp(table.pat_str, "gu");
  return {
    countPiece(piece) {
      ranks ??= readRanks(table.bpe_ranks);
      return countIn(ranks, piece);
    },
    eachPiece(text, visit) {
      pattern.lastIndex = 0;
      let start = 0;
      while (start < text.length && pattern.test(text)) {
        for (const end = pattern.lastIndex; start < end;) {
          start = partEnd(text, start, end);
          if (!visit(start)) return;
        }
      }
    },
  };
}

/** Keys are byte strings: one character a byte. */
interface Ranks {
  readonly byToken: ReadonlyMap<string, number>;
  readonly longestToken: number;
}

function readRanks(lines: string): Ranks {
  const byToken = new Map<string, number>();
  let longestToken = 0;
  for (const line of lines.split("\n")) {
    const [, first, ...tokens] = line.split(" ");
    tokens.forEach((token, index) => {
      const bytes = atob(token);
      longestToken = Math.max(longestToken, bytes.length);
      byToken.set(bytes, Number(first) + index);
    });
  }
  return { byToken, longestToken };
}

function partEnd(text: string, start: number, end: number): number {
  if (end - start <= longestPiece) return end;
  const cut = start + longestPiece;
  return splitsPair(text, cut) ? cut - 1 : cut;
}

function countIn(ranks: Ranks, piece: string): number {
  const bytes = byteString(piece);
  return ranks.byToken.has(bytes) ? 1 : mergedLength(ranks, bytes);
}

const encoder = new TextEncoder();

function byteString(piece: string): string {
  for (let at = 0; at < piece.length; at++) {
    if (piece.charCodeAt(at) > 0x7f) return String.fromCharCode(...encoder.encode(piece));
  }
  return piece;
}

const none = 0x7fffffff;
/** A UTF-16 code unit takes at most three bytes; one byte more for the end of the last part. */
const mostParts = longestPiece * 3 + 1;
/** Where the parts of the piece at hand begin, and the rank of each joined with the next: used anew for every piece. */
const starts = new Int32Array(mostParts);
const joined = new Int32Array(mostParts);

/** Joins the neighbours of the lowest rank until no pair is a token. */
function mergedLength(ranks: Ranks, bytes: string): number {
  let parts = bytes.length;
  for (let part = 0; part <= parts; part++) starts[part] = part;
  for (let part = 0; part < parts; part++) joined[part] = rankJoined(ranks, bytes, part, parts);
  for (;;) {
    let lowest = none;
    let at = -1;
    for (let part = 0; part < parts; part++) {
      const rank = joined[part] ?? none;
      if (rank >= lowest) continue;
      lowest = rank;
      at = part;
    }
    if (at < 0) return parts;
    starts.copyWithin(at + 1, at + 2, parts + 1);
    joined.copyWithin(at + 1, at + 2, parts);
    parts--;
    joined[at] = rankJoined(ranks, bytes, at, parts);
    if (at > 0) joined[at - 1] = rankJoined(ranks, bytes, at - 1, parts);
  }
}

function rankJoined({ byToken, longestToken }: Ranks, bytes: string, part: number, parts: number): number {
  if (part + 2 > parts) return none;
  const start = starts[part] ?? 0;
  const end = starts[part + 2] ?? 0;
  return end - start > longestToken ? none : (byToken.get(bytes.slice(start, end)) ?? none);
}
