/**
 * Links in an answer that the context does not hold: whole addresses, without
 * the scheme, `www.` and what punctuation follows. An address invented on a
 * known site is invented all the same. Linear.
 */
import { findingOf, type GroundingFinding } from "../grounding-finding.ts";
import type { ContextIndex } from "../passages/index-context.ts";
import { spanOf, type ReadText } from "../text/read-text.ts";

interface Link {
  readonly address: string;
  readonly start: number;
  readonly end: number;
}

const schemes = ["https://", "http://", "www.", "doi.org/", "doi:", "arxiv:"];

export function findLinks(answer: ReadText, { texts }: ContextIndex): readonly GroundingFinding[] {
  const claimed = linksIn(answer.text.folded);
  if (claimed.length === 0) return [];
  const known = new Set<string>();
  for (const { text } of texts) {
    for (const { address } of linksIn(text.folded)) known.add(address);
    for (const address of dottedIn(text.folded)) known.add(address);
  }
  return claimed.flatMap(({ address, start, end }) => {
    if (known.has(address)) return [];
    const span = spanOf(answer, start, end);
    return [findingOf({ rule: "grounding.link unsupported", span, claim: span, score: 0 })];
  });
}

function linksIn(folded: string): readonly Link[] {
  const links: Link[] = [];
  for (let at = 0; at < folded.length; at++) {
    const scheme = schemes.find((one) => folded.startsWith(one, at));
    if (scheme === undefined) continue;
    let end = at + scheme.length;
    while (end < folded.length && isPart(folded.charCodeAt(end))) end++;
    while (end > at && ".,;:!?)'".includes(folded.charAt(end - 1))) end--;
    if (end > at + scheme.length) links.push({ address: bare(folded.slice(at, end)), start: at, end });
    at = Math.max(at, end);
  }
  return links;
}

/** No white space, no quotation mark or bracket that closes what the link stands in. */
function isPart(unit: number): boolean {
  return unit > 0x20 && unit !== 0x22 && unit !== 0x3c && unit !== 0x3e && unit !== 0x5d && unit !== 0x60;
}

function bare(link: string): string {
  const scheme = schemes.slice(0, 2).find((one) => link.startsWith(one)) ?? "";
  const rest = link.slice(scheme.length);
  const host = rest.startsWith("www.") ? rest.slice(4) : rest;
  return host.endsWith("/") ? host.slice(0, -1) : host;
}

/** A site may be named without its scheme: `example.com`. */
function dottedIn(folded: string): readonly string[] {
  return folded.split(/\s/).flatMap((run) => {
    if (!run.includes(".")) return [];
    let [start, end] = [0, run.length];
    while (end > 0 && ".,;:!?)'\"".includes(run.charAt(end - 1))) end--;
    while (start < end && "('\"".includes(run.charAt(start))) start++;
    return [bare(run.slice(start, end))];
  });
}
