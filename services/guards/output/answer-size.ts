/**
 * The two ways in which an answer is not the whole answer: it is larger than
 * records may carry, or the model stopped at its token limit in the middle.
 */
import type { Reason } from "../../../schemas/parts/finding.ts";

/** Largest answer accepted, bytes of UTF-8. */
export const maxAnswerBytes = 1024 * 1024;

/** The providers' words for having reached the token limit. */
const cutShort: ReadonlySet<string> = new Set(["length", "max_tokens", "model_context_window_exceeded"]);

export function tooLarge(answer: string): Reason | null {
  if (byteLength(answer) <= maxAnswerBytes) return null;
  return { code: "answer_too_large", message: "the answer is larger than 1 MiB" };
}

export function cutOff(finishReason: string | undefined, maxTokens: number): Reason | null {
  if (finishReason === undefined || !cutShort.has(finishReason)) return null;
  return { code: "answer_cut_off", message: `the answer reached its limit of ${maxTokens} tokens before its end` };
}

const encoder = new TextEncoder();

export function byteLength(text: string): number {
  return encoder.encode(text).length;
}
