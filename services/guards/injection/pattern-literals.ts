/**
 * Finds, for a pattern, literals of which every match holds at least one. They
 * feed the prefilter: a text without any of them cannot match, and is not
 * looked at. A pattern without such literals is refused, since it would have to
 * be tried everywhere.
 */
import type { PatternNode } from "./pattern-syntax.ts";

const maxExact = 64;
const maxLiterals = 256;
const leastAscii = 3;
const leastOther = 2;

/** Null when there is no set of at most 256 literals of three letters (two of other scripts). */
export function requiredLiterals(node: PatternNode): readonly string[] | null {
  return factsOf(node).required;
}

/** Every string the node can match, when they are at most 64. */
export function exactStrings(node: PatternNode): readonly string[] | null {
  return factsOf(node).exact;
}

interface Facts {
  /** Every string the node can match, when they are few. */
  readonly exact: readonly string[] | null;
  readonly required: readonly string[] | null;
}

const nothing: Facts = { exact: null, required: null };

function factsOf(node: PatternNode): Facts {
  switch (node.kind) {
    case "assert":
      return { exact: [""], required: null };
    case "char":
      return withExact([node.char]);
    case "class":
      return node.chars === null ? nothing : withExact(node.chars);
    case "choice":
      return choiceFacts(node.options.map(factsOf));
    case "sequence":
      return sequenceFacts(node.items.map(factsOf));
    case "repeat":
      return repeatFacts(node.min, node.max, factsOf(node.item));
  }
}

function withExact(exact: readonly string[]): Facts {
  return { exact, required: usable(exact) ? exact : null };
}

function repeatFacts(min: number, max: number, item: Facts): Facts {
  if (min === 0 && max === 1 && item.exact !== null) return { exact: distinct(["", ...item.exact]), required: null };
  return min > 0 ? { exact: min === 1 && max === 1 ? item.exact : null, required: item.required } : nothing;
}

function choiceFacts(options: readonly Facts[]): Facts {
  const exact = options.every((option) => option.exact !== null)
    ? distinct(options.flatMap((option) => option.exact ?? []))
    : null;
  const required = options.every((option) => option.required !== null)
    ? distinct(options.flatMap((option) => option.required ?? []))
    : null;
  return {
    exact: exact !== null && exact.length <= maxExact ? exact : null,
    required: required !== null && required.length <= maxLiterals ? required : null,
  };
}

/** Joins neighbours that are known exactly into longer literals, and keeps the best set seen. */
function sequenceFacts(items: readonly Facts[]): Facts {
  let run: readonly string[] = [""];
  let best: readonly string[] | null = null;
  let whole = true;
  for (const item of items) {
    best = better(best, item.required);
    const joined =
      item.exact === null ? null : distinct(run.flatMap((left) => (item.exact ?? []).map((right) => left + right)));
    if (joined !== null && joined.length <= maxExact) {
      run = joined;
      best = better(best, usable(run) ? run : null);
      continue;
    }
    whole = false;
    run = item.exact ?? [""];
    best = better(best, usable(run) ? run : null);
  }
  return { exact: whole ? run : null, required: best };
}

function better(left: readonly string[] | null, right: readonly string[] | null): readonly string[] | null {
  if (left === null || right === null) return left ?? right;
  return worth(right) > worth(left) ? right : left;
}

/** Long literals are rare in a text; each doubling of their number costs as much as one letter and a half. */
function worth(literals: readonly string[]): number {
  return shortest(literals) - 1.5 * Math.log2(literals.length);
}

function usable(literals: readonly string[]): boolean {
  return (
    literals.length > 0 &&
    literals.every((literal) => literal.trim().length >= (/^[\x20-\x7e]*$/.test(literal) ? leastAscii : leastOther))
  );
}

function shortest(literals: readonly string[]): number {
  return Math.min(...literals.map((literal) => literal.length));
}

function distinct(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}
