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
import { findLinks } from "./rules/links.ts";
import { findReplacedNames } from "./rules/names.ts";
import { findDenied } from "./rules/negation.ts";
import { findQuotations } from "./rules/quotations.ts";
import { findSelfContradictions } from "./rules/self-contradiction.ts";
import { findStudies, findUnsourced } from "./rules/studies.ts";
import { findSwaps } from "./rules/swaps.ts";
import { findValues } from "./rules/values.ts";
import { readText } from "./text/read-text.ts";

export type { GroundingFinding } from "./grounding-finding.ts";

/** `context`: what the answer may rely on, each text on its own. Findings in the order in which they stand. */
export function checkGrounding(answer: string, context: readonly string[]): readonly GroundingFinding[] {
  return groundIn(context)(answer);
}

/** The same for many answers, or the strings of one, against one context that is indexed once. */
export function groundIn(context: readonly string[]): (answer: string) => readonly GroundingFinding[] {
  const index = indexContext(context);
  return (answer) => {
    const read = readText(answer, index.language);
    const claims = readClaims(read, index);
    const own = findSelfContradictions(answer);
    const against =
      index.passages.length === 0
        ? claims.flatMap((claim) => findUnsourced(claim, null))
        : [
            ...claims.flatMap((claim) => judge(claim, index)),
            ...findQuotations(claims, index),
            ...findLinks(read, index),
          ];
    return [...own, ...against].toSorted((left, right) => left.span.start - right.span.start);
  };
}

function judge(claim: Claim, index: ContextIndex): readonly GroundingFinding[] {
  const certain = [
    ...findValues(claim, index),
    ...findReplacedNames(claim, index),
    ...findDenied(claim, index),
    ...findSwaps(claim, index),
    ...findStudies(claim, index),
  ];
  const found = certain.length > 0 ? certain : findUnsupported(claim, index);
  return [...found, ...findUnsourced(claim, index)];
}
