/**
 * Two sentences of one answer that cannot both hold: the later one says nearly
 * the same as an earlier one with another number, another date or a denial. The
 * answer is indexed once as its own context. Sentences that compare, or that
 * speak of two times, do not contradict each other.
 */
import { findingOf, type GroundingFinding } from "../grounding-finding.ts";
import { indexContext, type ContextIndex } from "../passages/index-context.ts";
import { readClaims, wordsOfPassage, type Claim } from "../read-claims.ts";
import { spanOf } from "../text/read-text.ts";
import { areEqual, sortOf, type Value } from "../values/value.ts";
import { deniedIn, oppositeIn } from "./negation.ts";

/** How much of each sentence the other must hold, values left out. */
const nearlyAll = 0.75;
const compares = new Set(
  "than from compared earlier later previously formerly then now while whereas but other another also als que di".split(
    " ",
  ),
);

export function findSelfContradictions(original: string): readonly GroundingFinding[] {
  const index = indexContext([original]);
  const [answer] = index.texts;
  if (answer === undefined || answer.sentences.length < 2) return [];
  return readClaims(answer, index).flatMap((claim) => contradictionOf(claim, index));
}

function contradictionOf(claim: Claim, index: ContextIndex): readonly GroundingFinding[] {
  const own = claim.values.map(({ value }) => value);
  const words = withoutValues(claim.words, claim.sentence.first, own);
  const content = words.filter(({ kind }) => kind === "content").length;
  const earlier = content === 0 ? null : index.closest(words, claim.sentence.first);
  if (earlier === null || earlier.overlap < (content === 1 ? 1 : nearlyAll)) return [];
  const other = wordsOfPassage(earlier.passage, index);
  const theirs = index.valuesIn.get(earlier.passage) ?? [];
  const otherWords = withoutValues(other, index.passages[earlier.passage]?.sentence.first ?? 0, theirs);
  if ([...claim.words, ...other].some(({ text }) => compares.has(text)) || !isMutual(words, otherWords)) return [];
  const place =
    otherValue(own, theirs) ?? deniedIn(claim.words, other, claim.answer.language) ?? oppositeIn(claim.words, other);
  if (place === null) return [];
  const span = spanOf(claim.answer, place.start, place.end);
  return [findingOf({ rule: "self contradiction", span, claim: claim.span, score: 0 })];
}

/** The words of a sentence that belong to none of its values. */
function withoutValues(words: Claim["words"], first: number, values: readonly Value[]): Claim["words"] {
  return words.filter((_, at) => !values.some((value) => at + first >= value.first && at + first < value.last));
}

/** The earlier sentence says little that the later one does not say. */
function isMutual(words: Claim["words"], other: Claim["words"]): boolean {
  const own = new Set(words.map(({ stem }) => stem));
  const theirs = other.filter(({ kind }) => kind === "content");
  return theirs.filter(({ stem }) => own.has(stem)).length >= theirs.length * mutual;
}

const mutual = 0.6;

/** One value each of one sort, and they differ; with a date that differs beside it, both may hold. */
function otherValue(own: readonly Value[], theirs: readonly Value[]): Value | null {
  const [one] = own;
  const [two] = theirs;
  if (own.length !== 1 || theirs.length !== 1 || one === undefined || two === undefined) return null;
  return sortOf(one) !== sortOf(two) || isRough(one) || isRough(two) || areEqual(one, two) ? null : one;
}

function isRough(value: Value): boolean {
  return value.kind === "quantity" && (value.hedged || value.form === "share");
}
