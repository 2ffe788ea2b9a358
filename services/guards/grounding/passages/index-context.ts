/**
 * The context of a run, indexed once for all claims of an answer: its stems
 * with the sentences that hold them, its word forms, pairs and triples of
 * words, names, and values. Linear in the context's length; each lookup of a
 * claim costs what the claim is long, whatever the context.
 */
import { namesIn } from "../names/find-names.ts";
import { readText, type ReadText } from "../text/read-text.ts";
import type { Sentence } from "../text/sentences.ts";
import { valuesBySentence } from "../values/read-values.ts";
import type { Value } from "../values/value.ts";
import type { Language } from "../text/function-words.ts";
import { closestIn, type FindClosest } from "./closest-passage.ts";
import { indexValues, type LookUp } from "./value-index.ts";

export interface Passage {
  /** Which text of the context, and which words of it. */
  readonly text: number;
  readonly sentence: Sentence;
}

export interface ContextIndex {
  readonly texts: readonly ReadText[];
  readonly language: Language | null;
  readonly passages: readonly Passage[];
  /** Passages per stem, at most `mostPassages`. */
  readonly postings: ReadonlyMap<string, readonly number[]>;
  /** Words as they are written, folded. */
  readonly forms: ReadonlySet<string>;
  /** The first five letters of longer words. */
  readonly beginnings: ReadonlySet<string>;
  /** Stems that stand side by side, function words left out. */
  readonly pairs: ReadonlySet<string>;
  /** Initials of names of several words. */
  readonly initials: ReadonlySet<string>;
  /** Words that stand in names. */
  readonly nameWords: ReadonlySet<string>;
  /** Three words side by side, as they are written: for quotations, and gathered when one is asked for. */
  readonly triples: () => ReadonlySet<string>;
  readonly lookUp: LookUp;
  readonly closest: FindClosest;
  /** The values of each passage, in order. */
  readonly valuesIn: ReadonlyMap<number, readonly Value[]>;
}

/** A stem in more sentences than these tells little about which sentence is meant. */
const mostPassages = 48;
export const beginningLength = 5;

export function indexContext(context: readonly string[]): ContextIndex {
  const texts = context.map((text) => readText(text));
  const building = new Building();
  texts.forEach((text, at) => building.add(text, at));
  const language = texts.find((text) => text.language !== null)?.language ?? null;
  let triples: ReadonlySet<string> | null = null;
  return { texts, language, triples: () => (triples ??= triplesOf(texts)), ...building.finish() };
}

function triplesOf(texts: readonly ReadText[]): ReadonlySet<string> {
  const triples = new Set<string>();
  for (const { words } of texts)
    for (let at = 2; at < words.length; at++)
      triples.add(`${words[at - 2]?.text} ${words[at - 1]?.text} ${words[at]?.text}`);
  return triples;
}

class Building {
  private readonly passages: Passage[] = [];
  private readonly postings = new Map<string, number[]>();
  private readonly forms = new Set<string>();
  private readonly beginnings = new Set<string>();
  private readonly pairs = new Set<string>();
  private readonly initials = new Set<string>();
  private readonly nameWords = new Set<string>();
  private readonly valuesIn = new Map<number, readonly Value[]>();

  add(read: ReadText, text: number): void {
    const valuesOf = valuesBySentence(read);
    for (const sentence of read.sentences) {
      const passage = this.passages.length;
      this.passages.push({ text, sentence });
      this.addWords(read, sentence, passage);
      this.addNames(read, sentence);
      const own = valuesOf(sentence);
      if (own.length > 0) this.valuesIn.set(passage, own);
    }
  }

  finish(): Omit<ContextIndex, "texts" | "language" | "triples"> {
    const { passages, postings, forms, beginnings, pairs, initials, nameWords, valuesIn } = this;
    const lookUp = indexValues([...valuesIn.values()].flat());
    const closest = closestIn(postings, passages);
    return { passages, postings, forms, beginnings, pairs, initials, nameWords, valuesIn, lookUp, closest };
  }

  private addWords({ words }: ReadText, { first, last }: Sentence, passage: number): void {
    let before = "";
    for (let at = first; at < last; at++) {
      const word = words[at];
      if (word === undefined) continue;
      this.forms.add(word.text);
      if (word.kind === "function") continue;
      const places = this.postings.get(word.stem);
      if (places === undefined) this.postings.set(word.stem, [passage]);
      else if (places.length < mostPassages && places.at(-1) !== passage) places.push(passage);
      if (word.text.length > beginningLength) this.beginnings.add(word.text.slice(0, beginningLength));
      if (before !== "") this.pairs.add(`${before} ${word.stem}`);
      before = word.stem;
    }
  }

  private addNames(read: ReadText, sentence: Sentence): void {
    for (const { first, last } of namesIn(read, sentence)) {
      const words = read.words.slice(first, last).filter(({ kind }) => kind === "content");
      for (const { text } of words) this.nameWords.add(text);
      if (words.length > 1) this.initials.add(words.map(({ text }) => text.charAt(0)).join(""));
    }
  }
}
