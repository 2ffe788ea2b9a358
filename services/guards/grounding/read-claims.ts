/**
 * The claims of an answer: its sentences without questions, each with its
 * values and names looked up in the context and with the closest passage.
 * Linear in the answer, whatever the context.
 */
import type { Span } from "../text/fold.ts";
import type { Evidence } from "./grounding-finding.ts";
import type { Closest } from "./passages/closest-passage.ts";
import type { ContextIndex } from "./passages/index-context.ts";
import type { Lookup } from "./passages/value-index.ts";
import { namesIn } from "./names/find-names.ts";
import { missingWords } from "./names/missing-words.ts";
import { spanOf, type ReadText } from "./text/read-text.ts";
import type { Word } from "./text/read-words.ts";
import type { Sentence } from "./text/sentences.ts";
import { valuesBySentence } from "./values/read-values.ts";
import type { Value } from "./values/value.ts";

export interface ClaimedValue {
  readonly value: Value;
  readonly lookup: Lookup;
}

export interface ClaimedName {
  readonly words: readonly Word[];
  /** Those of its words that the context does not know. */
  readonly missing: readonly Word[];
}

export interface Claim {
  readonly answer: ReadText;
  readonly sentence: Sentence;
  readonly words: readonly Word[];
  readonly span: Span;
  readonly values: readonly ClaimedValue[];
  readonly names: readonly ClaimedName[];
  readonly closest: Closest | null;
}

export function readClaims(answer: ReadText, index: ContextIndex): readonly Claim[] {
  const valuesIn = valuesBySentence(answer);
  return answer.sentences.flatMap((sentence) => {
    const own = valuesIn(sentence).map((value) => ({ value, lookup: index.lookUp(value) }));
    return isQuestion(answer, sentence) ? [] : [claimOf(answer, sentence, { index, values: own })];
  });
}

interface Given {
  readonly index: ContextIndex;
  readonly values: readonly ClaimedValue[];
}

function claimOf(answer: ReadText, sentence: Sentence, { index, values }: Given): Claim {
  const words = answer.words.slice(sentence.first, sentence.last);
  const names = namesIn(answer, sentence, index.nameWords).map(({ first, last }): ClaimedName => {
    const own = answer.words.slice(first, last).filter(({ kind }) => kind === "content");
    return { words: own, missing: missingWords(own, index) };
  });
  const span = spanOf(answer, words[0]?.start ?? 0, words.at(-1)?.end ?? 0);
  const closest = index.closest(words);
  return { answer, sentence, words, span, values, names, closest };
}

function isQuestion({ words, text: { folded } }: ReadText, { last }: Sentence): boolean {
  const end = words[last - 1]?.end ?? 0;
  return folded
    .slice(end, end + 3)
    .trimStart()
    .startsWith("?");
}

/** Where the closest passage stands in the context. */
export function evidenceOf({ closest }: Claim, index: ContextIndex): Evidence | undefined {
  return closest === null ? undefined : passageEvidence(closest.passage, index);
}

export function passageEvidence(at: number, { passages, texts }: ContextIndex): Evidence | undefined {
  const passage = passages[at];
  const read = texts[passage?.text ?? -1];
  if (passage === undefined || read === undefined) return undefined;
  const { first, last } = passage.sentence;
  const span = spanOf(read, read.words[first]?.start ?? 0, read.words[last - 1]?.end ?? 0);
  return { context: passage.text, span };
}

/** The words of a passage of the context. */
export function wordsOfPassage(at: number, { passages, texts }: ContextIndex): readonly Word[] {
  const passage = passages[at];
  return passage === undefined
    ? []
    : (texts[passage.text]?.words.slice(passage.sentence.first, passage.sentence.last) ?? []);
}
