/**
 * Quotations of four words and more that the context does not hold word by
 * word, but for one that was fitted to its sentence: case, accents, quotation marks and punctuation make no difference,
 * dots and brackets may leave something out. Three words side by side are
 * looked up at a time, so the cost is that of the quotation.
 */
import { accuse } from "../accuse.ts";
import type { GroundingFinding } from "../grounding-finding.ts";
import type { ContextIndex } from "../passages/index-context.ts";
import type { Claim } from "../read-claims.ts";
import type { Word } from "../text/read-words.ts";

/** Fewer are a title, a term or a word held at arm's length. */
const shortest = 4;

export function findQuotations(claims: readonly Claim[], index: ContextIndex): readonly GroundingFinding[] {
  const [first] = claims;
  if (first === undefined) return [];
  const { answer } = first;
  let next = 0;
  return quotesIn(answer.text.folded, answer.words).flatMap((words) => {
    const [from, to] = [words[0], words.at(-1)];
    while (next < claims.length && (claims[next]?.words.at(-1)?.start ?? 0) < (from?.start ?? 0)) next++;
    const claim = claims[next];
    if (from === undefined || to === undefined || claim === undefined || isHeld(words, answer.text.folded, index))
      return [];
    return [accuse("quotation unsupported", claim, index, { start: from.start, end: to.end })];
  });
}

const opening = new Set(['"', "«", "»"]);

/** The words between quotation marks that stand in one line, the marks taken in turn. */
function quotesIn(folded: string, words: readonly Word[]): readonly (readonly Word[])[] {
  const quotes: Word[][] = [];
  let open: Word[] | null = null;
  words.forEach((word, at) => {
    const before = words[at - 1];
    const gap = folded.slice(before?.end ?? 0, word.start);
    for (const sign of gap) {
      if (sign === "\n") open = null;
      if (!opening.has(sign)) continue;
      if (open === null) open = [];
      else {
        quotes.push(open);
        open = null;
      }
    }
    if (open !== null) open.push(word);
  });
  const rest = folded.slice(words.at(-1)?.end ?? 0);
  if (open !== null && [...opening].some((sign) => rest.includes(sign))) quotes.push(open);
  return quotes.filter((quote) => quote.length >= shortest && !isTitle(quote));
}

/** Of a book or a film: every word that is not a function word has a capital letter. */
function isTitle(words: readonly Word[]): boolean {
  return words.every((word) => word.kind !== "content" || word.case !== "small");
}

/** A word may be fitted to the sentence around it, as honest people do without brackets. */
function isHeld(quote: readonly Word[], folded: string, { triples }: ContextIndex): boolean {
  let [asked, held] = [0, 0];
  for (let at = 2; at < quote.length; at++) {
    const [one, two, three] = [quote[at - 2], quote[at - 1], quote[at]];
    if (one === undefined || two === undefined || three === undefined) continue;
    if (/\.\.|[[\]]/.test(folded.slice(one.end, three.start))) continue;
    asked++;
    if (triples().has(`${one.text} ${two.text} ${three.text}`)) held++;
  }
  return held >= asked * nearlyAll;
}

/** One word changed in the middle of a quotation of fourteen words leaves three quarters of its triples. */
const nearlyAll = 0.75;
