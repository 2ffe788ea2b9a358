/**
 * Bounds what a pattern can cost. Every quantifier has an upper bound already;
 * here the ways in which one start can be matched are counted, and patterns
 * with too many are refused. A conservative rule: what it lets pass takes time
 * linear in the text.
 */
import { exactStrings } from "./pattern-literals.ts";
import type { PatternNode } from "./pattern-syntax.ts";

/** Most ways to try one start position; measured in injection.test.ts on hostile texts. */
export const maxWays = 6_000;
/** Longest match in UTF-16 units: the window around a literal that has to be looked at. */
export const maxMatchLength = 600;

export interface PatternLimits {
  readonly ways: number;
  readonly longest: number;
}

/** What is wrong with the pattern, or null. */
export function limitDefect(node: PatternNode): string | null {
  const nested = findAmbiguousRepeat(node);
  if (nested !== null) return nested;
  const { ways, longest } = limitsOf(node);
  if (ways > maxWays) return `can match one start in ${ways} ways, more than ${maxWays}: shorten its gaps`;
  if (longest > maxMatchLength) return `can match ${longest} characters, more than ${maxMatchLength}`;
  return null;
}

export function limitsOf(node: PatternNode): PatternLimits {
  switch (node.kind) {
    case "assert":
      return { ways: 1, longest: 0 };
    case "char":
    case "class":
      return { ways: 1, longest: node.kind === "char" ? node.char.length : 1 };
    case "choice": {
      const options = node.options.map(limitsOf);
      const ways = options.map((option) => option.ways);
      const longest = Math.max(...options.map((option) => option.longest));
      return { ways: onlyOneCanMatch(node.options) ? Math.max(...ways) : sum(ways), longest };
    }
    case "sequence": {
      const items = node.items.map(limitsOf);
      return { ways: product(items.map(({ ways }) => ways)), longest: sum(items.map(({ longest }) => longest)) };
    }
    case "repeat": {
      const item = limitsOf(node.item);
      const lengths = node.max - node.min + 1;
      const inner = isUnambiguous(node.item) ? 1 : Math.min(item.ways ** Math.min(node.max, 8), 1e9);
      return { ways: lengths * inner, longest: node.max * item.longest };
    }
  }
}

/** Words of which none begins a word of another option: whatever the text, at most one option stands there. */
function onlyOneCanMatch(options: readonly PatternNode[]): boolean {
  const exact = options.map(exactStrings);
  return exact.every((words, option) => {
    const others = exact.filter((_, other) => other !== option).flat();
    return words !== null && words.every((word) => !others.some((other) => other === null || other.startsWith(word)));
  });
}

/** A repeat whose body can itself be matched in several lengths: `(a{1,9}){1,9}` has exponentially many ways. */
function findAmbiguousRepeat(node: PatternNode): string | null {
  switch (node.kind) {
    case "char":
    case "class":
    case "assert":
      return null;
    case "choice":
      return firstOf(node.options);
    case "sequence":
      return firstOf(node.items);
    case "repeat":
      if (node.max > 1 && hasVariableRepeat(node.item) && !isUnambiguous(node.item)) {
        return "repeats a part of variable length: end that part with a character that it cannot hold, as in (?:\\w{1,20} ){0,4}";
      }
      return findAmbiguousRepeat(node.item);
  }
}

function firstOf(nodes: readonly PatternNode[]): string | null {
  for (const node of nodes) {
    const found = findAmbiguousRepeat(node);
    if (found !== null) return found;
  }
  return null;
}

function hasVariableRepeat(node: PatternNode): boolean {
  switch (node.kind) {
    case "char":
    case "class":
    case "assert":
      return false;
    case "choice":
      return node.options.length > 1 || node.options.some(hasVariableRepeat);
    case "sequence":
      return node.items.some(hasVariableRepeat);
    case "repeat":
      return node.max !== node.min || hasVariableRepeat(node.item);
  }
}

/** Repeated, it can match a text in one way only: it ends itself, or is one of words of which none begins another. */
function isUnambiguous(node: PatternNode): boolean {
  if (isDelimited(node)) return true;
  const words = exactStrings(node);
  return (
    words !== null && words.every((word, at) => !words.some((other, index) => index !== at && other.startsWith(word)))
  );
}

/** `\w{1,20}\s`: word characters, then something that is none. Only one length can match. */
function isDelimited(node: PatternNode): boolean {
  if (node.kind !== "sequence" || node.items.length !== 2) return false;
  const [body, end] = node.items;
  if (body?.kind !== "repeat" || body.item.kind !== "class" || end === undefined) return false;
  const wordsOnly =
    body.item.source === "\\w" || /^\[(?:[a-z0-9]|[a-z]-[a-z]|[0-9]-[0-9]|\\[wd])+\]$/.test(body.item.source);
  const spaceOnly = end.kind === "class" && (end.source === "\\s" || end.source === "\\W");
  const blackOnly = body.item.source === "\\S" && end.kind === "class" && end.source === "\\s";
  const mark = end.kind === "char" && /^[^a-z0-9_]$/.test(end.char) && wordsOnly;
  return (wordsOnly && spaceOnly) || blackOnly || mark;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, next) => total + next, 0);
}

function product(numbers: readonly number[]): number {
  return numbers.reduce((total, next) => Math.min(total * next, 1e12), 1);
}
