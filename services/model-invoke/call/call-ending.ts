/**
 * What a provider's outcome comes to in the journal's terms. An answer that was
 * cut off at its limit, within a call of a tool too, or that is too large to
 * travel, is none; words that end at a limit of their caller's are one.
 */
import { wasCutShort, type ProviderAnswer, type ProviderOutcome } from "../../providers/outcome.ts";
import type { CallEnding } from "../interpret.ts";

/** Largest answer that is passed on, bytes as JSON. */
export const maxAnswerBytes = 1024 * 1024;

/** Calls of tools that one answer may have: as many as there may be tools. */
export const maxToolCalls = 128;

/** Escapes make six characters of one at most: most answers need no measuring. */
function isTooLarge({ text, toolCalls = [] }: ProviderAnswer): boolean {
  const length = toolCalls.reduce((sum, call) => sum + callFrame + call.arguments.length, text.length);
  if (length <= maxAnswerBytes / 6) return false;
  const calls = toolCalls.length === 0 ? 0 : bytesOf(toolCalls);
  return bytesOf(text) + calls > maxAnswerBytes;
}

/** The longest id and name, and the names of the fields. */
const callFrame = 512;

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function excessOf(answer: ProviderAnswer): string | null {
  if ((answer.toolCalls?.length ?? 0) > maxToolCalls) return "too_many_tool_calls";
  return isTooLarge(answer) ? "answer_too_large" : null;
}

/** An answer that was cut short, or is too large to travel, is not one that anybody can use. */
export function endingOf(outcome: ProviderOutcome, isAsAsked: (finishReason: string) => boolean): CallEnding {
  const { servedModel, providerRequestId, usage } = outcome;
  const served = {
    ...(servedModel === undefined ? {} : { servedModel }),
    ...(providerRequestId === undefined ? {} : { providerRequestId }),
    usage,
  };
  if (outcome.kind === "failure") {
    const { status, retryAfterMs, otherKey } = outcome;
    const error = {
      code: outcome.code,
      ...(status === undefined ? {} : { status }),
      ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }),
      ...(otherKey === undefined ? {} : { other_key: otherKey }),
    };
    const streamed = outcome.streamedTokens === undefined ? {} : { streamedTokens: outcome.streamedTokens };
    return { outcome: outcome.outcome, answer: null, error, ...served, ...streamed };
  }
  const { finishReason, text, toolCalls, usageCode, firstTokenMs } = outcome;
  const answered = { finishReason, ...(firstTokenMs === undefined ? {} : { firstTokenMs }), ...served };
  if (wasCutShort(finishReason) && (toolCalls !== undefined || !isAsAsked(finishReason))) {
    return { outcome: "truncated", answer: null, error: { code: "output_limit" }, ...answered };
  }
  const tooMuch = excessOf(outcome);
  if (tooMuch !== null) return { outcome: "malformed", answer: null, error: { code: tooMuch }, ...answered };
  const error = usageCode === undefined ? {} : { error: { code: usageCode } };
  return { outcome: "ok", answer: text, ...(toolCalls === undefined ? {} : { toolCalls }), ...error, ...answered };
}
