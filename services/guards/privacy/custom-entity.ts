/**
 * The kinds of values that a harness defines itself. A pattern is of the
 * language of signatures and held to narrower bounds, since it may lack a
 * literal and is then tried everywhere: its cost is linear in the text with a
 * small factor, whatever the text. Matched on the folded text.
 */
import type { CustomEntity, PiiAction } from "../../../schemas/control/harness-definition.ts";
import { limitDefect, limitsOf } from "../injection/pattern-limits.ts";
import { patternFlags, sourceOf } from "../injection/pattern-source.ts";
import { parsePattern, PatternError } from "../injection/pattern-syntax.ts";
import type { Confidence } from "../pii/entity.ts";
import { fold, originalSpan, type FoldedText } from "../text/fold.ts";

/** Ways to match at one start, for one pattern and for all of a definition together. */
export const maxCustomWays = 32;
export const maxTotalWays = 64;
/** Longest value, UTF-16 units of folded text. */
export const maxCustomLength = 200;
/** A context word stands at most this far before or after, UTF-16 units. */
const contextReach = 60;

export interface CompiledCustom {
  readonly entity: string;
  readonly action: PiiAction;
  readonly regex: RegExp;
  readonly ways: number;
  /** Folded; empty when none is needed. */
  readonly context: readonly string[];
}

export interface CustomMatch {
  readonly entity: string;
  readonly action: PiiAction;
  readonly confidence: Confidence;
  readonly start: number;
  readonly end: number;
}

export type CustomVerdict =
  | { readonly kind: "compiled"; readonly custom: CompiledCustom }
  | { readonly kind: "refused"; readonly rule: string; readonly message: string };

export function compileCustom({ name, pattern, action, context }: CustomEntity): CustomVerdict {
  const node = parsed(pattern);
  if (typeof node === "string") return { kind: "refused", rule: "pattern_syntax", message: node };
  const { ways, longest } = limitsOf(node);
  const defect = limitDefect(node) ?? ownDefect(ways, longest);
  if (defect !== null) return { kind: "refused", rule: "pattern_bounded", message: defect };
  const regex = new RegExp(sourceOf(node), patternFlags);
  if (matchesNothing(regex)) {
    return { kind: "refused", rule: "pattern_not_empty", message: "matches where there is nothing" };
  }
  const words = context.map((word) => fold(word).folded);
  return { kind: "compiled", custom: { entity: name, action, regex, ways, context: words } };
}

function matchesNothing(regex: RegExp): boolean {
  regex.lastIndex = 0;
  const found = regex.exec("")?.[0] === "";
  regex.lastIndex = 0;
  return found;
}

function parsed(pattern: string) {
  try {
    return parsePattern(pattern);
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

function ownDefect(ways: number, longest: number): string | null {
  if (ways > maxCustomWays)
    return `can match one start in ${ways} ways, more than ${maxCustomWays}: narrow its quantifiers`;
  return longest > maxCustomLength ? `can match ${longest} characters, more than ${maxCustomLength}` : null;
}

/** In order of entity, then of place; offsets into `text.original`. */
export function findCustom(text: FoldedText, customs: readonly CompiledCustom[]): readonly CustomMatch[] {
  return customs.flatMap((custom) => matchesOf(text, custom));
}

function matchesOf(text: FoldedText, { entity, action, regex, context }: CompiledCustom): CustomMatch[] {
  const confidence = context.length > 0 ? "contextual" : "bare";
  const found: CustomMatch[] = [];
  for (const { 0: value, index } of text.folded.matchAll(regex)) {
    const end = index + value.length;
    if (value === "" || !hasContext(text.folded, { start: index, end, context })) continue;
    found.push({ entity, action, confidence, ...originalSpan(text, index, end) });
  }
  return found;
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly context: readonly string[];
}

function hasContext(folded: string, { start, end, context }: Place): boolean {
  if (context.length === 0) return true;
  const before = folded.slice(Math.max(0, start - contextReach), start);
  const after = folded.slice(end, end + contextReach);
  return context.some((word) => before.includes(word) || after.includes(word));
}
