/**
 * A name that the context does not know, where the closest passage says the
 * same of somebody else: the word before or behind the name is the same there,
 * or a part of the name is (University of Halden, University of Torvik). Names
 * that are missing without such a place count in the claim's score.
 */
import { accuse } from "../accuse.ts";
import type { GroundingFinding } from "../grounding-finding.ts";
import { capitalRuns } from "../names/find-names.ts";
import type { ContextIndex } from "../passages/index-context.ts";
import type { Claim, ClaimedName } from "../read-claims.ts";
import type { Word } from "../text/read-words.ts";

const saysTheSame = 0.35;

export function findReplacedNames(claim: Claim, index: ContextIndex): readonly GroundingFinding[] {
  const { closest, names } = claim;
  const missing = names.filter((name) => name.missing.length > 0);
  if (closest === null || closest.overlap < saysTheSame || missing.length === 0) return [];
  const places = placesIn(closest.passage, claim, index);
  return missing.flatMap((name) => {
    const [first] = name.missing;
    const last = name.missing.at(-1);
    if (first === undefined || last === undefined || !isReplaced(name, claim, places)) return [];
    return [accuse("name contradiction", claim, index, { start: first.start, end: last.end })];
  });
}

interface Place {
  readonly before: string;
  readonly behind: string;
  readonly words: readonly string[];
}

/** The names of a passage of which the claim does not have every word, and what stands around them. */
function placesIn(at: number, { words }: Claim, { passages, texts, nameWords }: ContextIndex): readonly Place[] {
  const passage = passages[at];
  const read = texts[passage?.text ?? -1];
  if (passage === undefined || read === undefined) return [];
  const claimed = new Set(words.map(({ text }) => text));
  return capitalRuns(read, passage.sentence, nameWords).flatMap(({ first, last }) => {
    const named = read.words.slice(first, last).flatMap(({ text, kind }) => (kind === "content" ? [text] : []));
    if (named.every((text) => claimed.has(text))) return [];
    return [{ before: wordAt(read.words, first - 1), behind: wordAt(read.words, last), words: named }];
  });
}

function isReplaced(
  { words: named, missing }: ClaimedName,
  { answer, sentence }: Claim,
  places: readonly Place[],
): boolean {
  const shared = new Set(named.filter((word) => !missing.includes(word)).map(({ text }) => text));
  const own = new Set(answer.words.slice(sentence.first, sentence.last).map(({ text }) => text));
  if (shared.size > 0) {
    if (named.length > 3 || missing.length !== 1) return false;
    const isOther = (word: string): boolean => shared.has(word) || !own.has(word);
    return places.some(({ words }) => words.some((word) => shared.has(word)) && words.every(isOther));
  }
  const within = answer.words.slice(sentence.first, sentence.last);
  const first = within.findIndex((word) => word === named[0]);
  const last = within.findIndex((word) => word === named.at(-1));
  const [before, behind] = [wordAt(within, first - 1), wordAt(within, last + 1)];
  return places.some((place) => {
    if (place.words.some((word) => own.has(word))) return false;
    const sameBehind = behind !== "" && place.behind === behind;
    return sameBehind || (before !== "" && place.before === before && !tooPlain.has(before));
  });
}

/** These stand before anything. */
const tooPlain = new Set(["the", "a", "an", "and", "of", "in", "s"]);

function wordAt(words: readonly Word[], at: number): string {
  return words[at]?.stem ?? "";
}
