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
import { fold, originalSpan, type FoldedText, type Span } from "../text/fold.ts";

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
  /** Longest match, UTF-16 units of folded text. */
  readonly longest: number;
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
  return { kind: "compiled", custom: { entity: name, action, regex, ways, longest, context: words } };
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

function matchesOf(text: FoldedText, custom: CompiledCustom): CustomMatch[] {
  const { entity, action, context } = custom;
  const confidence = context.length > 0 ? "contextual" : "bare";
  const found: CustomMatch[] = [];
  for (const { start, end } of placesOf(text.folded, custom)) {
    if (!hasContext(text.folded, { start, end, context })) continue;
    found.push({ entity, action, confidence, ...originalSpan(text, start, end) });
  }
  return found;
}

/**
 * About how often a search backtracks at most: V8 goes over to its linear engine at 50,000, and that is much slower
 * where a pattern is bounded anyway.
 */
const mostBacktracks = 20_000;

/** In windows, each with one character before and a whole match after the part in which matches may begin. */
function* placesOf(folded: string, { regex, ways, longest }: CompiledCustom): Generator<Span> {
  const step = Math.max(2 * maxCustomLength, Math.floor(mostBacktracks / ways));
  let next = 0;
  for (let from = 0; from < folded.length; from += step) {
    const offset = Math.max(0, from - 1);
    const window = folded.slice(offset, from + step + longest + 1);
    regex.lastIndex = Math.max(from, next) - offset;
    for (let match = regex.exec(window); match !== null; match = regex.exec(window)) {
      const start = offset + match.index;
      if (start >= from + step) break;
      next = offset + regex.lastIndex;
      if (next > start) yield { start, end: next };
      else regex.lastIndex += 1;
    }
  }
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
