/**
 * Sentences that the context does not support, by the score of all signs
 * together. Where names are missing the finding stands at the first of them,
 * else at the whole sentence. Asked only where no other rule has
 * accused the sentence.
 */
import { accuse } from "../accuse.ts";
import type { GroundingFinding } from "../grounding-finding.ts";
import type { ContextIndex } from "../passages/index-context.ts";
import type { Claim } from "../read-claims.ts";
import { scoreClaim, unsupportedFrom } from "../score-claim.ts";

/** Fewer content words than these are small talk, `That is really interesting`, unless a name is among them. */
const leastWords = 4;

export function findUnsupported(claim: Claim, index: ContextIndex): readonly GroundingFinding[] {
  const { answer, words, names } = claim;
  if (index.language !== null && answer.language !== null && index.language !== answer.language) return [];
  if (scoreClaim(claim, index) < unsupportedFrom) return [];
  const [missing] = names.flatMap((name) => name.missing);
  if (missing !== undefined) return [accuse("name unsupported", claim, index, missing)];
  if (words.filter(({ kind }) => kind !== "function").length < leastWords) return [];
  const [first, last] = [words[0], words.at(-1)];
  return [accuse("claim unsupported", claim, index, { start: first?.start ?? 0, end: last?.end ?? 0 })];
}
