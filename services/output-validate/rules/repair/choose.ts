/**
 * Chooses the value that an answer gives out of what looks like JSON in it.
 * One is the answer; brackets in prose are none; the same value written twice
 * is one. Two values, or pieces of JSON beside a value, are a question that
 * only the model can answer.
 */
import { parseJson, type JsonValue } from "../../../guards/output/json-value.ts";
import { findJson, maxCandidates, type Candidate } from "./scan-json.ts";

/** What the contract says of the value as a whole. */
export interface Shape {
  /** What it must be; undefined where it may be several things. */
  readonly root: "object" | "array" | undefined;
  /** Whether nothing more could follow in any object of it: each has every member that it may have. */
  readonly isWhole: (value: JsonValue) => boolean;
}

export type Choice =
  /** `hasStrayClosers`: brackets stand behind it that nothing opened. */
  | { readonly kind: "chosen"; readonly candidate: Candidate; readonly hasStrayClosers: boolean }
  | { readonly kind: "none"; readonly fault: "json_absent" | "json_ambiguous" };

export function choose(text: string, shape: Shape): Choice {
  const all = findJson(text);
  const ambiguous = { kind: "none", fault: "json_ambiguous" } as const;
  if (all.length > maxCandidates) return ambiguous;
  const around = surroundings(text, all);
  if (around.some(isPiece)) return ambiguous;
  const [candidate, second] = distinct(soleValid(withoutNotes(all, shape)));
  if (candidate === undefined) return { kind: "none", fault: "json_absent" };
  return second === undefined
    ? { kind: "chosen", candidate, hasStrayClosers: around.some((part) => /[}\]]/.test(part)) }
    : ambiguous;
}

/** What stands before, between and behind the candidates. */
function surroundings(text: string, candidates: readonly Candidate[]): readonly string[] {
  let from = 0;
  return [...candidates, { start: text.length, end: text.length }].map(({ start, end }) => {
    const part = text.slice(from, start);
    from = end;
    return part;
  });
}

/** Whether it is itself JSON in pieces: a key, or a bracket that nothing opened anywhere but right behind the last value. */
function isPiece(part: string, index: number, parts: readonly string[]): boolean {
  if (/["']\s{0,9}:/.test(part)) return true;
  const isLast = index > 0 && index === parts.length - 1;
  return /[}\]]/.test(isLast ? part.replace(/^[\s}\]]{1,20}/, "") : part);
}

/** Words in brackets beside a value are prose, and numbers in them are where an object is wanted. */
function withoutNotes(candidates: readonly Candidate[], { root }: Shape): readonly Candidate[] {
  if (candidates.every(({ isNote }) => isNote)) return candidates;
  return candidates.filter(({ isNote, written, strict }) => {
    if (!isNote) return true;
    return !(root === "object" && written.startsWith("[")) && parseJson(strict).kind === "value";
  });
}

/** The candidates that are valid as they stand, when the others are nothing but brackets in prose. */
function soleValid(candidates: readonly Candidate[]): readonly Candidate[] {
  const isValid = ({ written }: Candidate): boolean => {
    const parsed = parseJson(written);
    return parsed.kind === "value" && !parsed.duplicateKeys;
  };
  const valid = candidates.filter(isValid);
  const others = candidates.filter((candidate) => !valid.includes(candidate));
  return valid.length > 0 && others.every(({ written }) => !/["':]/.test(written)) ? valid : candidates;
}

/** By what they say, however they are laid out. */
function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...new Map(candidates.map((candidate) => [meaningOf(candidate), candidate])).values()];
}

function meaningOf({ written, strict, hazards }: Candidate): string {
  if (hazards.size > 0) return written;
  const parsed = parseJson(strict);
  return parsed.kind === "value" && !parsed.duplicateKeys ? JSON.stringify(parsed.value) : written;
}
