/**
 * Finds the objects and arrays that stand in a text around which a model has
 * talked, rewrites each as strict JSON as far as its tokens allow (quotes,
 * comments, trailing commas, bare words), and says what about it cannot be
 * mended without guessing. Reads the text once: linear.
 */
import { maxJsonDepth } from "../../../guards/output/json-value.ts";
import { halfQuotedKeyAt, lacksColon } from "./broken-key.ts";
import { tokenAt, type Doubt } from "./lenient-token.ts";

/** It does not end; its brackets do not match; its nesting has no end; or a token is in doubt. */
export type Hazard = "cut_off" | "unbalanced" | "too_deep" | Doubt;

export interface Candidate {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly written: string;
  /** Brackets around words or numbers, as prose has them too: `[as asked]`, `[1]`, `{name}`. */
  readonly isNote: boolean;
  readonly hasComments: boolean;
  /** Its tokens as strict JSON writes them. It may still not parse. */
  readonly strict: string;
  readonly hazards: ReadonlySet<Hazard>;
  /** The text ends behind a whole member, and the object's last brace is all that is surely missing. */
  readonly lacksLastBrace: boolean;
}

const closers: Readonly<Record<string, string>> = { "{": "}", "[": "]" };
const note = /\[\s{0,9}[^\s[\]{}"'`“‘][^[\]{}"\n]{0,300}\]|\{\s{0,9}[\w.-]{0,100}\s{0,9}\}/y;

/** More pairs of brackets than there are in prose around one value. */
export const maxCandidates = 256;

/** Top-level objects and arrays of `text`, in order, one over `maxCandidates` at most. What stands between is prose. */
export function findJson(text: string): Candidate[] {
  const found: Candidate[] = [];
  const opening = /[{[]/g;
  for (let match = opening.exec(text); match !== null && found.length <= maxCandidates; match = opening.exec(text)) {
    note.lastIndex = match.index;
    const written = note.exec(text)?.[0];
    const candidate = written === undefined ? scanValue(text, match.index) : scanNote(written, match.index);
    found.push(candidate);
    opening.lastIndex = candidate.end;
  }
  return found;
}

/** By itself: an apostrophe in it must not reach for one in the value behind it. */
function scanNote(written: string, start: number): Candidate {
  return { ...scanValue(written, 0), start, end: start + written.length, written, isNote: true };
}

function scanValue(text: string, start: number): Candidate {
  const hazards = new Set<Hazard>();
  const open: string[] = [];
  let hasComments = false;
  const strict: string[] = [];
  let index = start;
  do {
    const char = text[index] ?? "";
    const inObject = open.at(-1) === "}";
    const token = (inObject ? halfQuotedKeyAt(text, index, strict) : null) ?? tokenAt(text, index);
    const closer = closers[char];
    if (inObject && lacksColon(strict, token)) strict.push(":");
    if (closer !== undefined) open.push(closer);
    else if (char === "}" || char === "]") close(open, strict, char, hazards);
    if (token.doubt !== null) hazards.add(token.doubt);
    hasComments ||= token.strict === " " && token.end - index > 1;
    if (token.strict.trim() !== "") strict.push(token.strict);
    index = token.end;
  } while (open.length > 0 && open.length <= maxJsonDepth && index < text.length);
  if (open.length > maxJsonDepth) {
    hazards.add("too_deep");
    index = text.length;
  } else if (open.length > 0) hazards.add("cut_off");
  const written = text.slice(start, index);
  const lacksLastBrace = open.length === 1 && open[0] === "}" && endsBehindMember(written, strict);
  return { start, end: index, written, isNote: false, hasComments, strict: strict.join(" "), hazards, lacksLastBrace };
}

/** A number or a bare word at the very end may have been longer. Takes a last comma away. */
function endsBehindMember(written: string, strict: string[]): boolean {
  if (strict.at(-1) === ",") return strict.pop() === ",";
  return /["'`”’}\]]\s*$/.test(written.slice(-1000));
}

/** A closer that does not fit what is open: which of the two is wrong cannot be known. A comma before it goes. */
function close(open: string[], strict: string[], char: string, hazards: Set<Hazard>): void {
  if (open.pop() !== char) hazards.add("unbalanced");
  const before = strict.at(-2);
  if (strict.at(-1) === "," && before !== undefined && !["[", "{", ",", ":"].includes(before)) strict.pop();
}
