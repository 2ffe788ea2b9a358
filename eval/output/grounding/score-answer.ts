/**
 * One score an answer, below the guard's threshold too: the highest of its
 * sentences and findings. And what such scores are worth: the area under the
 * curve, and recall at a share of false positives.
 */
import { checkGrounding } from "../../../services/guards/grounding/check-grounding.ts";
import { indexContext } from "../../../services/guards/grounding/passages/index-context.ts";
import { readClaims } from "../../../services/guards/grounding/read-claims.ts";
import { scoreClaim } from "../../../services/guards/grounding/score-claim.ts";
import { readText } from "../../../services/guards/grounding/text/read-text.ts";
import { share } from "../../input/figure.ts";

export interface Scored {
  readonly wanted: boolean;
  readonly score: number;
}

export function scoreAnswer(answer: string, context: readonly string[]): number {
  const index = indexContext(context);
  const claims = readClaims(readText(answer, index.language), index).map((claim) => scoreClaim(claim, index));
  const findings = checkGrounding(answer, context).map(({ score }) => score ?? 0);
  return Math.max(0, ...claims, ...findings);
}

/** The chance that a wanted one scores higher than another; ties count half. */
export function areaUnderCurve(scored: readonly Scored[]): number {
  const [wanted, others] = [scored.filter((one) => one.wanted), scored.filter((one) => !one.wanted)];
  const above = wanted.map(({ score }) =>
    others.reduce((sum, other) => sum + (other.score < score ? 1 : other.score === score ? 0.5 : 0), 0),
  );
  return share(
    above.reduce((sum, count) => sum + count, 0),
    wanted.length * others.length,
  );
}

/** Recall above the lowest score that at most this share of the others exceeds. */
export function recallAt(scored: readonly Scored[], falsePositives: number): number {
  const [wanted, others] = [scored.filter((one) => one.wanted), scored.filter((one) => !one.wanted)];
  const highest = others.map(({ score }) => score).toSorted((left, right) => right - left);
  const bound = highest[Math.floor(others.length * falsePositives)] ?? 0;
  return share(wanted.filter(({ score }) => score > bound).length, wanted.length);
}
