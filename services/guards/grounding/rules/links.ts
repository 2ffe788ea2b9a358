/**
 * Links in an answer that the context does not hold: whole addresses, without
 * the scheme, `www.` and what punctuation follows. An address invented on a
 * known site is invented all the same. Linear.
 */
import { findingOf, type GroundingFinding } from "../grounding-finding.ts";
import type { ContextIndex } from "../passages/index-context.ts";
import { spanOf, type ReadText } from "../text/read-text.ts";

/** Without white space, and without a quotation mark or bracket that closes what the link stands in. */
const linkPattern = /(?:https?:\/\/|www\.|doi\.org\/|doi:|arxiv:)[^\s"<>\]`]+/g;

export function findLinks(answer: ReadText, { texts }: ContextIndex): readonly GroundingFinding[] {
  const claimed = [...answer.text.folded.matchAll(linkPattern)];
  if (claimed.length === 0) return [];
  const known = new Set<string>();
  for (const { text } of texts) {
    for (const [link] of text.folded.matchAll(linkPattern)) known.add(bare(link));
    // A site may be named without its scheme: `example.com`.
    for (const run of text.folded.split(/\s+/)) if (run.includes(".")) known.add(bare(run));
  }
  return claimed.flatMap(({ 0: link, index: start }) => {
    const end = start + trimmed(link).length;
    if (/[/.:]$/.test(trimmed(link)) || known.has(bare(link))) return [];
    const span = spanOf(answer, start, end);
    return [findingOf({ rule: "link unsupported", span, claim: span, score: 0 })];
  });
}

function bare(link: string): string {
  return trimmed(link)
    .replace(/^[('"]+/, "")
    .replace(/^https?:\/\//, "")
    .replace(/^www\./, "")
    .replace(/\/$/, "");
}

/** Without the punctuation that follows it; step by step, so that the cost is what is cut. */
function trimmed(link: string): string {
  let end = link.length;
  while (end > 0 && ".,;:!?)'\"".includes(link.charAt(end - 1))) end--;
  return link.slice(0, end);
}
