/**
 * How likely it is that the context does not support a claim: five signs, put
 * together by one logistic function. Neither the length of the claim nor that
 * of the context is one of them. Four coefficients were fitted on the dev half
 * of WiCE and rounded; the one of `foreign` is chosen by hand, so that nearly
 * all sentences of another speech are found (docs/guardrails.md).
 */
import { isEnglishWord } from "../text/words/known-words.ts";
import type { ContextIndex } from "./passages/index-context.ts";
import { isUnknown } from "./names/missing-words.ts";
import type { Claim } from "./read-claims.ts";
import type { Word } from "./text/read-words.ts";

export interface Signs {
  /** Numbers, dates and times that the context does not hold, at most 2. */
  readonly values: number;
  /** Words of names that the context does not know, at most 3. */
  readonly names: number;
  /** Share of the claim that the closest passage and its neighbours do not hold, rare words counting for more. */
  readonly uncovered: number;
  /** Share of neighbouring pairs of words that stand side by side nowhere in the context. */
  readonly newPairs: number;
  /** 1 when hardly a word of the claim stands together in the context, 0 from 15 % of it on. */
  readonly foreign: number;
}

const coefficients: Signs = { values: 2.4, names: 1.5, uncovered: 2, newPairs: 1.6, foreign: 2.4 };
const intercept = -2.2;

/** From here on a claim counts as unsupported: with all rules, 5 of the 111 supported sentences of WiCE's dev half are accused. */
export const unsupportedFrom = 0.97;

/** 0 to 1, in hundredths. */
export function scoreClaim(claim: Claim, index: ContextIndex): number {
  const signs = signsOf(claim, index);
  const sum =
    intercept +
    coefficients.values * signs.values +
    coefficients.names * signs.names +
    coefficients.uncovered * signs.uncovered +
    coefficients.newPairs * signs.newPairs +
    coefficients.foreign * signs.foreign;
  return Math.round(100 / (1 + Math.exp(-sum))) / 100;
}

export function signsOf(claim: Claim, index: ContextIndex): Signs {
  const says = claim.words.some(({ kind }) => kind !== "function");
  const uncovered = says ? 1 - (claim.closest?.around ?? 0) : 0;
  const values = claim.values.filter(({ lookup, value }) => lookup !== "found" && !isShare(value)).length;
  return {
    values: Math.min(2, values),
    names: Math.min(3, unknownNames(claim, index)),
    uncovered,
    newPairs: newPairs(claim, index),
    foreign: Math.min(1, Math.max(0, (uncovered - 0.85) / 0.04)),
  };
}

/** `half` and `a third` are said without counting. */
function isShare(value: Claim["values"][number]["value"]): boolean {
  return value.kind === "quantity" && value.form === "share";
}

/** A text that has no capital letters shows its names as words that nobody uses otherwise. */
function unknownNames({ names, words, answer }: Claim, index: ContextIndex): number {
  if (words.some((word) => word.case !== "small") || answer.language !== "en")
    return names.flatMap(({ missing }) => missing).length;
  const isRare = (word: Word): boolean => word.kind === "content" && !isEnglishWord(word.text);
  return words.filter((word) => isRare(word) && isUnknown(word, index)).length;
}

function newPairs({ words }: Claim, { pairs }: ContextIndex): number {
  let [all, fresh, before] = [0, 0, ""];
  for (const { kind, stem } of words) {
    if (kind === "function") continue;
    if (before !== "") {
      all++;
      if (!pairs.has(`${before} ${stem}`)) fresh++;
    }
    before = stem;
  }
  return all === 0 ? 0 : fresh / all;
}
