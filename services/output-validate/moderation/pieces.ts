/**
 * Cuts and packs what an answer says into the pieces that a moderation judges
 * one by one: long texts are cut where they must be, with an overlap, so that
 * nothing is said between two pieces; short ones share a piece.
 */
import type { AnswerText } from "../../guards/output/answer-texts.ts";

/** `field`: where all of the piece stood; `answer` when it holds several fields. */
export type Piece = AnswerText;

/** Longest piece, UTF-16 code units: a moderation is the less exact the longer its text. */
export const pieceChars = 4_000;
const overlapChars = 200;

/** Most pieces of one call: 128,000 characters, about as many as a moderation's window takes tokens of. */
export const mostPieces = 32;

export function piecesOf(texts: readonly AnswerText[]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const next of texts.filter(({ text }) => saysSomething(text)).flatMap(cut)) {
    const last = pieces.at(-1);
    if (last === undefined || last.text.length + 1 + next.text.length > pieceChars) pieces.push(next);
    else pieces[pieces.length - 1] = joined(last, next);
  }
  return pieces;
}

function joined(one: Piece, other: Piece): Piece {
  return { field: one.field === other.field ? one.field : "answer", text: `${one.text}\n${other.text}` };
}

/** Numbers and empty strings hurt nobody. */
function saysSomething(text: string): boolean {
  return /[^\s\d.,:;+-]/.test(text);
}

function cut({ field, text }: AnswerText): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0; from === 0 || from + overlapChars < text.length; from += pieceChars - overlapChars) {
    pieces.push({ field, text: withoutHalves(text.slice(from, from + pieceChars)) });
  }
  return pieces;
}

/** A character of two code units that was cut in the middle is left to the piece beside. */
function withoutHalves(text: string): string {
  return text.replace(/^[\uDC00-\uDFFF]/, "").replace(/[\uD800-\uDBFF]$/, "");
}
