/**
 * The answer to a plain prompt: the first sentences of the document in it, cut
 * at the token limit. Deterministic, and so much drawn from the text that a
 * demonstration reads like one.
 */
import { countTokens } from "../ask.ts";
import { documentIn, sentencesOf } from "./facts.ts";

const usualSentences = 3;
const usualCharacters = 700;

export interface PlainAnswer {
  readonly text: string;
  readonly cut: boolean;
}

export function summarise(prompt: string, maxTokens: number): PlainAnswer {
  const document = documentIn(prompt);
  const sentences = sentencesOf(document, usualSentences);
  const chosen = sentences.filter((_, index) => index === 0 || joinedLength(sentences, index) <= usualCharacters);
  const whole =
    chosen.length > 0 ? chosen.join(" ") : document.slice(0, usualCharacters) || "There is nothing to answer.";
  return cutTo(whole, maxTokens);
}

function joinedLength(sentences: readonly string[], last: number): number {
  return sentences.slice(0, last + 1).join(" ").length;
}

/** The text within a limit of tokens, by the stand-in's own count. */
export function cutTo(text: string, maxTokens: number): PlainAnswer {
  if (countTokens(text.length) <= maxTokens) return { text, cut: false };
  return { text: text.slice(0, maxTokens * 4), cut: true };
}
