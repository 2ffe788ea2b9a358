/**
 * Finds what to take out of a text so that the rest costs no more than is
 * permitted: its end, its beginning or its middle. Cuts fall between pieces
 * (mostly words), inside one only when it is long, and never inside a character.
 */
import { boundaryAfter, boundaryBefore } from "./graphemes.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Which end of the text stays; `middle` is what is taken out, and both ends stay. */
export type Keep = "head" | "tail" | "middle";

/** What is taken out, in UTF-16 code units; empty when nothing is. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text's pieces: where each ends, and what the text costs up to there. */
export interface PieceTable {
  readonly text: string;
  readonly tokenizer: Tokenizer;
  readonly ends: readonly number[];
  readonly costs: readonly number[];
}

/** One pass over the text; then any number of cuts. */
export function pieceTable(text: string, tokenizer: Tokenizer): PieceTable {
  const ends: number[] = [];
  const costs: number[] = [];
  let start = 0;
  let cost = 0;
  tokenizer.eachPiece(text, (end) => {
    cost += tokenizer.costOf(text.slice(start, end));
    start = end;
    ends.push(end);
    costs.push(cost);
    return true;
  });
  return { text, tokenizer, ends, costs };
}

/** The shortest span whose rest costs at most `room` tokens, as far as costs add up over pieces. */
export function spanToCut(table: PieceTable, room: number, keep: Keep): Span {
  const { text } = table;
  const total = table.costs.at(-1) ?? 0;
  if (total <= room) return { start: text.length, end: text.length };
  const headRoom = keep === "head" ? room : keep === "middle" ? Math.ceil(room / 2) : 0;
  const start = boundaryBefore(text, headEnd(table, headRoom));
  const end = keep === "head" ? text.length : boundaryAfter(text, tailStart(table, total - (room - headRoom)));
  return { start, end: Math.max(start, end) };
}

/** A piece of more than this is cut inside: losing it whole would lose too much. */
const longPiece = 24;

/** The longest beginning that costs at most `room`. */
function headEnd({ text, tokenizer, ends, costs }: PieceTable, room: number): number {
  const whole = firstAbove(costs, room);
  const start = whole === 0 ? 0 : (ends[whole - 1] ?? 0);
  const left = room - (whole === 0 ? 0 : (costs[whole - 1] ?? 0));
  const next = text.slice(start, ends[whole] ?? start);
  if (next.length <= longPiece) return start;
  return start + longest(next.length, (length) => tokenizer.costOf(next.slice(0, length)) <= left);
}

/** Where the longest end begins: what stands before it costs at least `spent`. */
function tailStart({ text, tokenizer, ends, costs }: PieceTable, spent: number): number {
  const at = firstAtLeast(costs, spent);
  const end = ends[at] ?? text.length;
  const left = (costs[at] ?? 0) - spent;
  const last = text.slice(at === 0 ? 0 : (ends[at - 1] ?? 0), end);
  if (last.length <= longPiece) return end;
  return end - longest(last.length, (length) => tokenizer.costOf(last.slice(last.length - length)) <= left);
}

/** The greatest length in [0, most) of which `fits` holds, if it holds up to somewhere and not beyond. */
function longest(most: number, fits: (length: number) => boolean): number {
  let low = 0;
  let high = most;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function firstAbove(costs: readonly number[], limit: number): number {
  return first(costs, (cost) => cost > limit);
}

function firstAtLeast(costs: readonly number[], limit: number): number {
  return first(costs, (cost) => cost >= limit);
}

/** The first index of which `holds` is true; costs grow, so it stays true from there on. */
function first(costs: readonly number[], holds: (cost: number) => boolean): number {
  let low = 0;
  let high = costs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(costs[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}
