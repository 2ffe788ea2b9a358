/**
 * Finds, for a pattern, literals of which every match holds at least one, and
 * how far from the match's start. They feed the prefilter: a text without any
 * of them cannot match, and only what is near one is looked at. A pattern
 * without such literals is refused, since it would have to be tried everywhere.
 */
import type { PatternNode } from "./pattern-syntax.ts";

const maxExact = 64;
const maxLiterals = 256;
const leastAscii = 3;
const leastOther = 2;

/** From one length to another, UTF-16 units. */
export interface Lengths {
  readonly least: number;
  readonly most: number;
}

export interface RequiredLiterals {
  readonly literals: readonly string[];
  /** Between the match's start and the literal's. */
  readonly before: Lengths;
}

/**
 * Sets of literals of which every match holds one each, in this order and side
 * by side. At most 256 literals of three letters (two of other scripts) a set.
 * Empty when there is none.
 */
export function requiredGroups(node: PatternNode): readonly RequiredLiterals[] {
  return factsOf(node).groups;
}

/** The group whose literals are rarest in a text. */
export function rarestOf(groups: readonly RequiredLiterals[]): RequiredLiterals | null {
  return groups.reduce<RequiredLiterals | null>(better, null);
}

/** Every string the node can match, when they are at most 64. */
export function exactStrings(node: PatternNode): readonly string[] | null {
  return factsOf(node).exact;
}

interface Facts {
  /** Every string the node can match, when they are few. */
  readonly exact: readonly string[] | null;
  readonly groups: readonly RequiredLiterals[];
  readonly length: Lengths;
}

const none: Lengths = { least: 0, most: 0 };

function factsOf(node: PatternNode): Facts {
  switch (node.kind) {
    case "assert":
      return { exact: [""], groups: [], length: none };
    case "char":
      return withExact([node.char]);
    case "class":
      return node.chars === null ? { exact: null, groups: [], length: { least: 1, most: 1 } } : withExact(node.chars);
    case "choice":
      return choiceFacts(node.options.map(factsOf));
    case "sequence":
      return sequenceFacts(node.items.map(factsOf));
    case "repeat":
      return repeatFacts(node.min, node.max, factsOf(node.item));
  }
}

function withExact(exact: readonly string[]): Facts {
  const required = asRequired(exact, none);
  return { exact, groups: required === null ? [] : [required], length: spread(exact.map(({ length }) => length)) };
}

function repeatFacts(min: number, max: number, item: Facts): Facts {
  const length = { least: min * item.length.least, most: max * item.length.most };
  if (min === 0 && max === 1 && item.exact !== null)
    return { exact: distinct(["", ...item.exact]), groups: [], length };
  if (min === 0) return { exact: null, groups: [], length };
  return { exact: max === 1 ? item.exact : null, groups: item.groups, length };
}

/** Whichever option matches, its rarest group is there: together they are one group. */
function choiceFacts(options: readonly Facts[]): Facts {
  const exact = options.every((option) => option.exact !== null)
    ? distinct(options.flatMap((option) => option.exact ?? []))
    : null;
  const rarest = options.flatMap((option) => rarestOf(option.groups) ?? []);
  const literals = distinct(rarest.flatMap((each) => each.literals));
  const before = spread(rarest.flatMap((each) => [each.before.least, each.before.most]));
  return {
    exact: exact !== null && exact.length <= maxExact ? exact : null,
    groups: rarest.length === options.length && literals.length <= maxLiterals ? [{ literals, before }] : [],
    length: spread(options.flatMap((option) => [option.length.least, option.length.most])),
  };
}

/** Joins neighbours that are known exactly into longer literals, and keeps the rarest of each such run. */
function sequenceFacts(items: readonly Facts[]): Facts {
  let run: readonly string[] = [""];
  let runFrom = none;
  let from = none;
  let rarest: RequiredLiterals | null = null;
  let whole = true;
  const groups: RequiredLiterals[] = [];
  for (const item of items) {
    const joined =
      item.exact === null ? null : distinct(run.flatMap((left) => (item.exact ?? []).map((right) => left + right)));
    const fits = joined !== null && joined.length <= maxExact;
    if (!fits) {
      whole = false;
      if (rarest !== null) groups.push(rarest);
      rarest = null;
      if (item.exact === null) groups.push(...item.groups.map((group) => shifted(group, from)));
      runFrom = item.exact === null ? plus(from, item.length) : from;
    }
    run = fits ? joined : (item.exact ?? [""]);
    if (item.exact !== null) for (const group of item.groups) rarest = better(rarest, shifted(group, from));
    rarest = better(rarest, asRequired(run, runFrom));
    from = plus(from, item.length);
  }
  if (rarest !== null) groups.push(rarest);
  return { exact: whole ? run : null, groups, length: from };
}

function shifted({ literals, before }: RequiredLiterals, by: Lengths): RequiredLiterals {
  return { literals, before: plus(by, before) };
}

function asRequired(literals: readonly string[], before: Lengths): RequiredLiterals | null {
  return usable(literals) ? { literals, before } : null;
}

function plus(left: Lengths, right: Lengths): Lengths {
  return { least: left.least + right.least, most: left.most + right.most };
}

function spread(lengths: readonly number[]): Lengths {
  return { least: Math.min(...lengths), most: Math.max(...lengths) };
}

function better(left: RequiredLiterals | null, right: RequiredLiterals | null): RequiredLiterals | null {
  if (left === null || right === null) return left ?? right;
  return worth(right.literals) > worth(left.literals) ? right : left;
}

/** Long literals are rare in a text; each doubling of their number costs as much as one letter and a half. */
export function worth(literals: readonly string[]): number {
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
