/**
 * Holds what travels on the topics to a size that every later record of the run
 * still fits in: a template can repeat a field, and JSON escapes can be six
 * times as long as what they stand for.
 */
import type { CallOptions } from "../../../schemas/parts/call-options.ts";
import { messageText } from "../../guards/prompt/conversation.ts";
import type { GuardOutcome } from "../policy.ts";
import type { RenderedPrompt } from "./context-window.ts";

/** The settling finish carries prompt and answer (1 MiB) on a topic that takes 8 MiB. */
export const maxPromptBytes = 4 * 1024 * 1024;
const longestEscape = 6;

/** `options`: the caller's, which travel with the prompt. */
export function checkPromptSize({ messages, context }: RenderedPrompt, options?: CallOptions): GuardOutcome | null {
  const texts = [...messages.map(messageText), context ?? "", JSON.stringify(options ?? {})];
  const characters = texts.reduce((total, text) => total + text.length, 0);
  if (characters * longestEscape <= maxPromptBytes) return null;
  const bytes = new TextEncoder().encode(JSON.stringify(texts)).length;
  if (bytes <= maxPromptBytes) return null;
  const message = `the rendered prompt is ${bytes} bytes, ${maxPromptBytes} are permitted`;
  return {
    report: { guard: "prompt_size", verdict: "blocked", findings: [], detail: message },
    reasons: [{ code: "prompt_too_large", message, rule: "prompt_size" }],
  };
}
