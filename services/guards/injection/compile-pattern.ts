/**
 * Judges one pattern and compiles it: bounded, few ways to match, with a
 * literal, and accepted by RE2 (re2js), an engine that has nothing but linear
 * patterns. What passes runs on V8, written so that V8's own linear engine can
 * take over when a match backtracks too much.
 */
import { RE2JS } from "re2js";
import { limitDefect, limitsOf } from "./pattern-limits.ts";
import { requiredGroups, type RequiredLiterals } from "./pattern-literals.ts";
import { patternFlags, sourceOf } from "./pattern-source.ts";
import { parsePattern, PatternError, type PatternNode } from "./pattern-syntax.ts";

export interface CompiledPattern {
  /** As it is written in the pack. */
  readonly pattern: string;
  /** Every match holds a literal of each, in this order; at least one group. */
  readonly groups: readonly RequiredLiterals[];
  /** Over folded text; global, so that a search can start anywhere. */
  readonly regex: RegExp;
  /** Longest match, UTF-16 units. */
  readonly longest: number;
  /** What a character of text may cost it, next to one that is only compared. */
  readonly weight: number;
}

/** Backtracking tries a pattern's ways one after the other, but of many only a few: as measured on hostile texts. */
const waysPerStep = 16;
const mostWays = 256;

export interface Defect {
  readonly rule: "pattern_syntax" | "pattern_bounded" | "pattern_literal" | "pattern_linear";
  readonly defect: string;
}

export function compilePattern(pattern: string): CompiledPattern | Defect {
  const node = parsed(pattern);
  if (typeof node === "string") return { rule: "pattern_syntax", defect: node };
  const limit = limitDefect(node);
  if (limit !== null) return { rule: "pattern_bounded", defect: limit };
  const groups = requiredGroups(node);
  if (groups.length === 0)
    return { rule: "pattern_literal", defect: "has no literal of three letters that every match must hold" };
  const source = sourceOf(node);
  const refusal = refusalOfRe2(source);
  if (refusal !== null) return { rule: "pattern_linear", defect: refusal };
  const { longest, ways } = limitsOf(node);
  return {
    pattern,
    groups,
    regex: new RegExp(source, patternFlags),
    longest,
    weight: 1 + Math.min(ways, mostWays) / waysPerStep,
  };
}

function parsed(pattern: string): PatternNode | string {
  try {
    return parsePattern(pattern);
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

function refusalOfRe2(source: string): string | null {
  try {
    RE2JS.compile(source, RE2JS.MULTILINE | RE2JS.DOTALL);
    return null;
  } catch (error) {
    return `is refused by RE2: ${error instanceof Error ? error.message : "unknown error"}`;
  }
}
