/** A finding about a claim: where it stands in the answer, how the whole sentence scores, and the closest passage. */
import { findingOf, type GroundingFinding, type GroundingRule } from "./grounding-finding.ts";
import type { ContextIndex } from "./passages/index-context.ts";
import { evidenceOf, type Claim } from "./read-claims.ts";
import { scoreClaim } from "./score-claim.ts";
import { spanOf } from "./text/read-text.ts";

/** From the first to the last of what is wrong, in offsets of the folded answer. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export function accuse(
  rule: GroundingRule,
  claim: Claim,
  index: ContextIndex,
  { start, end }: Place,
): GroundingFinding {
  return findingOf({
    rule,
    span: spanOf(claim.answer, start, end),
    claim: claim.span,
    score: scoreClaim(claim, index),
    evidence: evidenceOf(claim, index),
  });
}
