/**
 * Names and numbers that are all in the closest passage, but have changed
 * places: who did it to whom, or whose number is whose. Only where the
 * passage holds nearly every word of the claim, and only names and values that stand
 * once in both. `A beat B` and `B was beaten by A` is no swap.
 */
import { accuse } from "../accuse.ts";
import type { GroundingFinding } from "../grounding-finding.ts";
import { namesIn } from "../names/find-names.ts";
import type { ContextIndex } from "../passages/index-context.ts";
import type { Claim } from "../read-claims.ts";
import type { ReadText } from "../text/read-text.ts";
import type { Word } from "../text/read-words.ts";
import type { Sentence } from "../text/sentences.ts";
import type { Value } from "../values/value.ts";

const nearlyAll = 0.8;
/** More are a table, or a list. */
const mostItems = 12;

interface Item {
  /** The last word of a name, the readings of a value. */
  readonly key: string;
  readonly at: number;
  readonly name: boolean;
  /** The stems that stand before it and behind it in its sentence. */
  readonly before: string;
  readonly behind: string;
}

export function findSwaps(claim: Claim, index: ContextIndex): readonly GroundingFinding[] {
  const { closest, answer, sentence } = claim;
  const passage = closest === null ? undefined : index.passages[closest.passage];
  const read = index.texts[passage?.text ?? -1];
  if (closest === null || closest.overlap < nearlyAll || passage === undefined || read === undefined) return [];
  const known = index.nameWords;
  const own = itemsOf(answer, sentence, { known, values: claim.values.map(({ value }) => value) });
  const theirs = itemsOf(read, passage.sentence, { known, values: index.valuesIn.get(closest.passage) ?? [] });
  if (own.length > mostItems || theirs.length > mostItems) return [];
  const [mine, others] = [inBoth(own, theirs), inBoth(theirs, own)];
  const swapped =
    otherNeighbours(mine, others) ??
    otherOwner(mine, others) ??
    otherOrder(mine, others, [wordsOf(answer, sentence), wordsOf(read, passage.sentence)]);
  const word = swapped === null ? undefined : answer.words[swapped];
  if (word === undefined) return [];
  return [accuse("grounding.swap contradiction", claim, index, word)];
}

interface Given {
  readonly known: ReadonlySet<string>;
  readonly values: readonly Value[];
}

function itemsOf(read: ReadText, sentence: Sentence, { known, values }: Given): readonly Item[] {
  const stemAt = (at: number): string =>
    at < sentence.first || at >= sentence.last ? "" : (read.words[at]?.stem ?? "");
  const item = (
    key: string,
    name: boolean,
    { first, last }: { readonly first: number; readonly last: number },
  ): Item => ({
    key,
    name,
    at: first,
    before: stemAt(first - 1),
    behind: stemAt(last),
  });
  const names = namesIn(read, sentence, known).map((name) => item(stemAt(name.last - 1), true, name));
  const counted = values.map((value) =>
    item(value.kind === "period" ? `${value.from}` : JSON.stringify(value.readings), false, value),
  );
  return [...names, ...counted].toSorted((left, right) => left.at - right.at);
}

/** Those that stand exactly once on each side. */
function inBoth(items: readonly Item[], others: readonly Item[]): readonly Item[] {
  const once = (list: readonly Item[], key: string): boolean => list.filter((item) => item.key === key).length === 1;
  return items.filter(({ key }) => once(items, key) && once(others, key));
}

/** `from A to B` and `from B to A`: each stands where the other stood. The parts of a list may change places. */
function otherNeighbours(mine: readonly Item[], others: readonly Item[]): number | null {
  const theirs = new Map(others.map((item) => [item.key, item]));
  for (const [at, left] of mine.entries()) {
    for (const right of mine.slice(at + 1)) {
      const [leftThere, rightThere] = [theirs.get(left.key), theirs.get(right.key)];
      if (left.name !== right.name || leftThere === undefined || rightThere === undefined) continue;
      const exchanged = (side: "before" | "behind"): boolean =>
        left[side] !== right[side] &&
        left[side] === rightThere[side] &&
        right[side] === leftThere[side] &&
        !joins.has(left[side]) &&
        !joins.has(right[side]);
      if (exchanged("before") || exchanged("behind")) return left.at;
    }
  }
  return null;
}

const joins = new Set([
  "",
  "and",
  "or",
  "with",
  "und",
  "oder",
  "mit",
  "et",
  "ou",
  "avec",
  "y",
  "o",
  "con",
  "e",
  "en",
  "of",
]);

/** Two names, each with a number behind it: the numbers have changed owners. */
function otherOwner(mine: readonly Item[], others: readonly Item[]): number | null {
  if (mine.length !== 4 || others.length !== 4) return null;
  const [own, theirs] = [owners(mine), owners(others)];
  if (own === null || theirs === null) return null;
  for (const [number, owner] of own)
    if (theirs.get(number) !== owner) return mine.find(({ name }) => !name)?.at ?? null;
  return null;
}

/** Number by number the name that it belongs to, when names and numbers take turns. */
function owners(items: readonly Item[]): ReadonlyMap<string, string> | null {
  const [one, two, three, four] = items;
  if (one === undefined || two === undefined || three === undefined || four === undefined) return null;
  if (one.name === two.name || three.name === four.name || one.name !== three.name) return null;
  const pair = (left: Item, right: Item): readonly [string, string] =>
    left.name ? [right.key, left.key] : [left.key, right.key];
  return new Map([pair(one, two), pair(three, four)]);
}

/** Two names in the other order with the same words between them, and neither side passive. */
function otherOrder(
  mine: readonly Item[],
  others: readonly Item[],
  [own, theirs]: readonly [Words, Words],
): number | null {
  const [first, second] = mine.filter(({ name }) => name);
  const [theirFirst, theirSecond] = others.filter(({ name }) => name);
  if (first === undefined || second === undefined || theirFirst === undefined || theirSecond === undefined) return null;
  if (mine.filter(({ name }) => name).length !== 2 || first.key !== theirSecond.key || second.key !== theirFirst.key)
    return null;
  const [between, theirBetween] = [own(first.at, second.at), theirs(theirFirst.at, theirSecond.at)];
  const stems = new Set(theirBetween.map(({ stem }) => stem));
  const content = between.filter(({ kind, case: written }) => kind === "content" && written === "small");
  if (content.length === 0 || !content.every(({ stem }) => stems.has(stem))) return null;
  return turns(between) === turns(theirBetween) ? first.at : null;
}

type Words = (from: number, to: number) => readonly Word[];

function wordsOf({ words }: ReadText, { last }: Sentence): Words {
  return (from, to) => words.slice(from, Math.min(to, last));
}

/** What says that the second acts on the first. */
function turns(words: readonly Word[]): boolean {
  return words.some(
    ({ text }) => text === "by" || text === "from" || text === "von" || text === "par" || text === "por",
  );
}
