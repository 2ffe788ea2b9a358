/**
 * A text as the grounding rules read it: folded once, cut into words with their
 * stems and into sentences. Offsets are those of the folded text; `spanOf` puts
 * a finding back into the text as it was written. Linear.
 */
import { fold, originalSpan, type FoldedText, type Span } from "../../text/fold.ts";
import { languagesWith, type Language } from "./function-words.ts";
import { readWords, type Word } from "./read-words.ts";
import { sentencesOf, type Sentence } from "./sentences.ts";

export interface ReadText {
  readonly text: FoldedText;
  readonly words: readonly Word[];
  readonly sentences: readonly Sentence[];
  /** The language whose function words are the most; null when there are too few to tell. */
  readonly language: Language | null;
}

/** `otherwise`: the language of a text that is too short to tell. */
export function readText(original: string, otherwise: Language | null = null): ReadText {
  const text = fold(original);
  const words = readWords(text);
  return { text, words, sentences: sentencesOf(text, words), language: languageOf(words) ?? otherwise };
}

export function spanOf({ text }: ReadText, start: number, end: number): Span {
  return originalSpan(text, start, end);
}

function languageOf(words: readonly Word[]): Language | null {
  const counts = new Map<Language, number>();
  for (const { text } of words)
    for (const language of languagesWith(text)) counts.set(language, (counts.get(language) ?? 0) + 1);
  const [first, second] = [...counts].toSorted(([, left], [, right]) => right - left);
  if (first === undefined || first[1] < leastToTell) return null;
  return second !== undefined && second[1] === first[1] ? null : first[0];
}

const leastToTell = 2;
