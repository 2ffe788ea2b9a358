/**
 * Names and numbers that are all in the closest passage, but have changed
 * places: each stands beside the word, or behind the name, that the other
 * stands beside there. Only where the passage holds nearly every word of the claim, and only names and
 * values that stand once in both. `A beat B` and `B was beaten by A` is no swap.
 */
import { accuse } from "../accuse.ts";
import type { GroundingFinding } from "../grounding-finding.ts";
import { namesIn } from "../names/find-names.ts";
import type { ContextIndex } from "../passages/index-context.ts";
import type { Claim } from "../read-claims.ts";
import type { ReadText } from "../text/read-text.ts";
import type { Sentence } from "../text/sentences.ts";
import { keysOf, type Value } from "../values/value.ts";

const nearlyAll = 0.8;
/** More are a table, or a list. */
const mostItems = 12;

interface Item {
  /** The last word of a name, the readings of a value. */
  readonly key: string;
  readonly at: number;
  readonly name: boolean;
  /** The stems that stand before it and behind it in its sentence, and a value's owner: the last name before it. */
  readonly beside: readonly [before: string, behind: string, owner: string];
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
  const items = own.flatMap((mine) => {
    const there = onlyOne(theirs, mine.key);
    return there === null || onlyOne(own, mine.key) === null ? [] : [{ mine, there }];
  });
  const swapped = items.find((left) => items.some((right) => left.mine.at < right.mine.at && isExchanged(left, right)));
  const word = swapped === undefined ? undefined : answer.words[swapped.mine.at];
  return word === undefined ? [] : [accuse("swap contradiction", claim, index, word)];
}

interface Given {
  readonly known: ReadonlySet<string>;
  readonly values: readonly Value[];
}

function itemsOf(read: ReadText, sentence: Sentence, { known, values }: Given): readonly Item[] {
  const stemAt = (at: number): string =>
    at < sentence.first || at >= sentence.last ? "" : (read.words[at]?.stem ?? "");
  const names = namesIn(read, sentence, known).map((name) => ({ ...name, name: true, key: stemAt(name.last - 1) }));
  const counted = values.map((value) => ({ ...value, name: false, key: keysOf(value).join("|") }));
  let owner = "";
  return [...names, ...counted]
    .toSorted((left, right) => left.first - right.first)
    .map(({ key, name, first, last }): Item => {
      if (name) owner = key;
      return { key, name, at: first, beside: [stemAt(first - 1), stemAt(last), name ? "" : owner] };
    });
}

function onlyOne(items: readonly Item[], key: string): Item | null {
  const [item, other] = items.filter((one) => one.key === key);
  return item === undefined || other !== undefined ? null : item;
}

interface InBoth {
  readonly mine: Item;
  readonly there: Item;
}

/** `from A to B` and `from B to A`: each stands where the other stood, or is whose the other was. The parts of a list may change places. */
function isExchanged(left: InBoth, right: InBoth): boolean {
  if (left.mine.name !== right.mine.name) return false;
  return ([0, 1, 2] as const).some((side) => {
    const [one, two] = [left.mine.beside[side], right.mine.beside[side]];
    const isMoved = one !== two && one === right.there.beside[side] && two === left.there.beside[side];
    return isMoved && !joins.has(one) && !joins.has(two);
  });
}

const joins = new Set(["", ..."and or with und oder mit et ou avec y o con e en of".split(" ")]);
