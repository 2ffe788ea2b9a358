/**
 * Sentences that the context does not support, by the score of all signs
 * together. Where names are missing the finding stands at the first of them,
 * else at the whole sentence. Asked only where no other rule has
 * accused the sentence.
 */
import { findingOf, type GroundingFinding } from "../grounding-finding.ts";
import type { ContextIndex } from "../passages/index-context.ts";
import { evidenceOf, type Claim } from "../read-claims.ts";
import { scoreClaim, unsupportedFrom } from "../score-claim.ts";
import { spanOf } from "../text/read-text.ts";

/** Fewer content words than these are no claim: `Yes, of course.` */
const leastWords = 1;

export function findUnsupported(claim: Claim, index: ContextIndex): readonly GroundingFinding[] {
  const { answer, span, words, names } = claim;
  if (index.language !== null && answer.language !== null && index.language !== answer.language) return [];
  if (words.filter(({ kind }) => kind !== "function").length < leastWords) return [];
  const score = scoreClaim(claim, index);
  if (score < unsupportedFrom) return [];
  const missing = names.flatMap((name) => name.missing);
  const [first] = missing;
  const evidence = evidenceOf(claim, index);
  if (first !== undefined) {
    const place = spanOf(answer, first.start, first.end);
    return [
      findingOf({ rule: "grounding.name unsupported", span: place, claim: span, severity: "medium", score, evidence }),
    ];
  }
  return [findingOf({ rule: "grounding.claim unsupported", span, claim: span, severity: "medium", score, evidence })];
}
