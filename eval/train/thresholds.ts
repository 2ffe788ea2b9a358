/**
 * Where the model flags and where it blocks, taken from sets it was not trained
 * on (dev half only): one honest prompt in a hundred is flagged, and nothing
 * honest scored within a margin of what is blocked, hard texts included.
 */
import type { HeldOutScore } from "./held-out.ts";

export interface Thresholds {
  readonly flagAt: number;
  readonly blockAt: number;
}

const flaggedShare = 0.01;
const blockMargin = 0.5;

/** Prompts as people write them to a model; the templated ones of applications would only make the figure look better. */
const plainSets: ReadonlySet<string> = new Set([
  "deepset",
  "deepset-multilingual",
  "mtbench",
  "oasst",
  "self-instruct",
  "spikee-benign",
]);

/** @throws Error when there is no honest text to go by. */
export function thresholdsOf(scores: readonly HeldOutScore[]): Thresholds {
  const honest = scores.filter(({ sample }) => sample.half === "dev" && ["plain", "hard"].includes(sample.kind));
  const plain = honest.filter(({ sample }) => plainSets.has(sample.set));
  const sorted = plain.map(({ logit }) => logit).toSorted((left, right) => right - left);
  const flagAt = sorted[Math.floor(sorted.length * flaggedShare)];
  if (flagAt === undefined) throw new Error("no honest texts to set a threshold by");
  const highest = honest.reduce((most, { logit }) => Math.max(most, logit), flagAt);
  return { flagAt: round(flagAt), blockAt: round(highest + blockMargin) };
}

function round(logit: number): number {
  return Math.round(logit * 1_000) / 1_000;
}
