/**
 * Finds what to take out of a text so that the rest costs no more than is
 * permitted: its end, its beginning or its middle. Cuts fall between pieces
 * (mostly words), inside one only when it is long, and never inside a character.
 * The work grows with what is kept, not with what is thrown away.
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

export interface CutOrder {
  readonly tokenizer: Tokenizer;
  /** Tokens that what is kept may cost. */
  readonly room: number;
  readonly keep: Keep;
}

/** The shortest span whose rest costs at most `room`, as far as costs add up over pieces. */
export function spanToCut(text: string, { tokenizer, room, keep }: CutOrder): Span {
  if (keep !== "head" && tokenizer.count(text, room) <= room) return { start: text.length, end: text.length };
  const headRoom = keep === "head" ? room : keep === "middle" ? Math.ceil(room / 2) : 0;
  const start = headRoom > 0 ? boundaryBefore(text, headEnd(text, tokenizer, headRoom)) : 0;
  if (keep === "head") return { start, end: text.length };
  const end = boundaryAfter(text, tailStart(text, tokenizer, room - headRoom));
  return { start, end: Math.max(start, end) };
}

/** A piece of more than this is cut inside: losing it whole would lose too much. */
const longPiece = 24;
/** An end of a text is looked for among so many characters a token: most texts have four or fewer. */
const charactersPerToken = 12;

/** A text's pieces: where each ends, and what the text costs up to there. */
interface PieceTable {
  readonly ends: readonly number[];
  readonly costs: readonly number[];
}

/** Stops with the first piece that costs more than the limit. */
function pieceTable(text: string, tokenizer: Tokenizer, limit: number): PieceTable {
  const ends: number[] = [];
  const costs: number[] = [];
  let start = 0;
  let cost = 0;
  tokenizer.eachPiece(text, (end) => {
    cost += tokenizer.costOf(text.slice(start, end));
    start = end;
    ends.push(end);
    costs.push(cost);
    return cost <= limit;
  });
  return { ends, costs };
}

/** The longest beginning that costs at most `room`. */
function headEnd(text: string, tokenizer: Tokenizer, room: number): number {
  const { ends, costs } = pieceTable(text, tokenizer, room);
  const last = costs.length - 1;
  const start = ends[last - 1] ?? 0;
  const next = text.slice(start, ends[last] ?? 0);
  if ((costs[last] ?? 0) <= room) return ends[last] ?? 0;
  if (next.length <= longPiece) return start;
  const left = room - (costs[last - 1] ?? 0);
  return start + longest(next.length, (length) => tokenizer.costOf(next.slice(0, length)) <= left);
}

/** Where the longest end that costs at most `room` begins. */
function tailStart(text: string, tokenizer: Tokenizer, room: number): number {
  const from = Math.max(0, text.length - Math.ceil(room) * charactersPerToken - longPiece);
  const tail = text.slice(from);
  const { ends, costs } = pieceTable(tail, tokenizer, Infinity);
  const total = costs.at(-1) ?? 0;
  const at = total <= room ? -1 : costs.findIndex((cost) => cost >= total - room);
  if (at < 0) return from;
  const end = ends[at] ?? tail.length;
  const piece = tail.slice(ends[at - 1] ?? 0, end);
  if (piece.length <= longPiece) return from + end;
  const left = room - (total - (costs[at] ?? 0));
  return from + end - longest(piece.length, (length) => tokenizer.costOf(piece.slice(piece.length - length)) <= left);
}

/** The greatest length below `most` that fits. A longer part can cost less than a shorter one, so each is tried; pieces are short. */
function longest(most: number, fits: (length: number) => boolean): number {
  for (let length = most - 1; length > 0; length--) if (fits(length)) return length;
  return 0;
}
