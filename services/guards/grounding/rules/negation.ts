/**
 * A claim that says nearly all of what the closest passage says, but denies
 * it, or says what the passage denies; or has its opposite: rose for fell.
 * Negation alone is noise, so the passage must hold nearly every word of the
 * claim, and what is denied must be in both.
 */
import { accuse } from "../accuse.ts";
import type { GroundingFinding } from "../grounding-finding.ts";
import type { ContextIndex } from "../passages/index-context.ts";
import { wordsOfPassage, type Claim } from "../read-claims.ts";
import type { Word } from "../text/read-words.ts";
import type { Language } from "../text/function-words.ts";
import { areAlike, oppositesOf } from "./opposites.ts";

const negators: Partial<Record<Language, ReadonlySet<string>>> = {
  en: new Set(
    `not never no none neither nor cannot without nobody nothing isn't aren't wasn't weren't doesn't don't didn't won't
    can't couldn't hasn't haven't hadn't shouldn't wouldn't fail failed fails refused refuses denied denies unable lacks n't`.split(
      /\s+/,
    ),
  ),
  de: new Set("nicht nie niemals kein keine keinen keiner keinem keines ohne weder".split(" ")),
  fr: new Set("pas jamais aucun aucune sans ni".split(" ")),
  es: new Set("no nunca jamas ningun ninguna sin tampoco ni".split(" ")),
  it: new Set("non mai nessun nessuno nessuna senza ne".split(" ")),
  pt: new Set("nao nunca jamais nenhum nenhuma sem".split(" ")),
  nl: new Set("niet nooit geen zonder noch".split(" ")),
};

/** How much of the claim the passage must hold. */
const nearlyAll = 0.85;
const mostly = 0.6;

export function findDenied(claim: Claim, index: ContextIndex): readonly GroundingFinding[] {
  const { closest, words, answer } = claim;
  if (closest === null || words.filter(({ kind }) => kind === "content").length < 2) return [];
  const passage = wordsOfPassage(closest.passage, index);
  const denied = closest.overlap < nearlyAll ? null : deniedIn(words, passage, answer.language);
  const opposite = closest.overlap < mostly * (1 - closest.unknown) ? null : oppositeIn(words, passage);
  const [word, rule] =
    opposite === null ? [denied, "negation contradiction" as const] : [opposite, "opposite contradiction" as const];
  if (word === null) return [];
  return [accuse(rule, claim, index, word)];
}

/** The word of the claim that only one of the two denies. */
export function deniedIn(claim: readonly Word[], passage: readonly Word[], language: Language | null): Word | null {
  const set = negators[language ?? "en"];
  if (set === undefined) return null;
  const count = (words: readonly Word[]): number => words.filter(({ text }) => set.has(text)).length;
  const difference = count(claim) - count(passage);
  if (difference === 0) return null;
  const [own, theirs] = [negatedStems(claim, set), negatedStems(passage, set)];
  const [more, fewer] = difference > 0 ? [own, theirs] : [theirs, own];
  const stems = new Set(passage.map(({ stem }) => stem));
  const isDenied = ({ stem, kind }: Word): boolean =>
    kind === "content" && more.has(stem) && !fewer.has(stem) && stems.has(stem);
  return claim.find(isDenied) ?? null;
}

/** A negator denies the content word behind it; outside English, where its verb may come first, the one before it as well. Only words that stand nowhere without one. */
function negatedStems(words: readonly Word[], set: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Map<string, number>();
  words.forEach(({ text }, at) => {
    if (!set.has(text)) return;
    const behind = words.slice(at + 1, at + 5).find(({ kind }) => kind === "content");
    const before = words.slice(Math.max(0, at - 2), at).findLast(({ kind }) => kind === "content");
    for (const word of set === negators.en ? [behind] : [behind, before])
      if (word !== undefined) found.set(word.stem, (found.get(word.stem) ?? 0) + 1);
  });
  for (const { stem } of words) if (found.has(stem)) found.set(stem, (found.get(stem) ?? 0) - 1);
  return new Set([...found].flatMap(([stem, others]) => (others < 0 ? [] : [stem])));
}

/** A word of the claim in whose place the passage has its opposite: nearer to the same words than any word alike. */
export function oppositeIn(claim: readonly Word[], passage: readonly Word[]): Word | null {
  const found = claim.find((word, at) => {
    const others = oppositesOf(word.stem);
    if (others.length === 0) return false;
    const near = [...claim.slice(Math.max(0, at - 3), at), ...claim.slice(at + 1, at + 4)];
    const anchors = new Set(near.flatMap(({ stem, kind }) => (kind === "function" ? [] : [stem])));
    const opposite = distance(
      passage,
      anchors,
      ({ stem }) => others.includes(stem) && !claim.some((own) => own.stem === stem),
    );
    return opposite < distance(passage, anchors, ({ stem }) => areAlike(stem, word.stem));
  });
  return found ?? null;
}

/** How many words lie between an anchor and a wanted word at least; infinite without either. */
function distance(words: readonly Word[], anchors: ReadonlySet<string>, wanted: (word: Word) => boolean): number {
  let [least, anchor, found] = [Infinity, -1, -1];
  words.forEach((word, at) => {
    if (anchors.has(word.stem)) anchor = at;
    if (wanted(word)) found = at;
    if (anchor >= 0 && found >= 0) least = Math.min(least, Math.abs(anchor - found));
  });
  return least;
}
