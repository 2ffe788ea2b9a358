/**
 * What in an answer its context does not support: numbers, dates, units,
 * names, quotations, links and studies that are not there or stand otherwise
 * there, sentences that say something else altogether, figures without a source, and
 * sentences of the answer that contradict each other. Without a context only
 * the last two. Pure, deterministic, linear in answer and context; it reads
 * words, not meanings, so a finding is a reason to look, not a proof.
 */
import type { GroundingFinding } from "./grounding-finding.ts";
import { indexContext, type ContextIndex } from "./passages/index-context.ts";
import { readClaims, type Claim } from "./read-claims.ts";
import { findUnsupported } from "./rules/claims.ts";
import { findValues } from "./rules/values.ts";
import { readText } from "./text/read-text.ts";

export type { GroundingFinding } from "./grounding-finding.ts";

/** `context`: what the answer may rely on, each text on its own. Findings in the order in which they stand. */
export function checkGrounding(answer: string, context: readonly string[]): readonly GroundingFinding[] {
  const index = indexContext(context);
  const read = readText(answer, index.language);
  if (index.passages.length === 0) return [];
  return readClaims(read, index).flatMap((claim) => judge(claim, index));
}

function judge(claim: Claim, index: ContextIndex): readonly GroundingFinding[] {
  const values = findValues(claim, index);
  return [...values, ...findUnsupported(claim, index, values.length > 0)];
}
