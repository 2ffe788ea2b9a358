/**
 * What the local layer as a whole says with certainty of samples that its
 * models have not seen: the rules, or a cross-validated score above the level
 * that so great a share of the innocent samples surpasses. `npm run eval --
 * content-cv` prints how much that finds at several shares.
 */
import { findAbuse } from "../../../services/guards/content/rules/find-abuse.ts";
import { fold } from "../../../services/guards/text/fold.ts";
import { share } from "../../input/figure.ts";
import type { Verdict } from "../../output/scores.ts";
import type { LearnedCategory } from "./content-lessons.ts";
import { crossValidate, levelAt, type UnseenScore } from "./cross-validate.ts";

export interface UnseenVerdict extends Verdict {
  readonly text: string;
}

/** At the level that `falseShare` of the innocent samples surpasses. */
export function verdictsAt(
  category: LearnedCategory,
  scores: readonly UnseenScore[],
  falseShare: number,
): readonly UnseenVerdict[] {
  const level = levelAt(scores, falseShare);
  return scores.map(({ row: { text }, positive, logit }) => {
    const ruled = (): boolean =>
      findAbuse(fold(text).folded).some(({ rule, certain }) => certain && rule.category === category);
    return { text, wanted: positive, found: logit > level || ruled() };
  });
}

const shares = [0.005, 0.01, 0.02, 0.05];

/** One line a category and share: recall, and the false positives that the rules and the level come to. */
export function crossValidation(): string {
  const lines = (["sexual", "self_harm"] as const).flatMap((category) => {
    const scores = crossValidate(category);
    return shares.map((falseShare) => {
      const verdicts = verdictsAt(category, scores, falseShare);
      const accused = (wanted: boolean): string => {
        const asked = verdicts.filter((verdict) => verdict.wanted === wanted);
        const found = asked.filter((verdict) => verdict.found).length;
        return `${(100 * share(found, asked.length)).toFixed(1)} % (${found} of ${asked.length})`;
      };
      return `${category}: recall ${accused(true)} at false positives ${accused(false)}\n`;
    });
  });
  return lines.join("");
}
