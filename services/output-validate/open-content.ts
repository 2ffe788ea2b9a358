/**
 * Opens what an attempt's decision needs of its content: messages, answer, the
 * tools it calls, context, and what the pseudonyms stand for. Says in words for the operator
 * why it cannot.
 */
import { hiddenBy, type Message } from "../../schemas/parts/content.ts";
import type { WrittenToolCall } from "../../schemas/parts/tools.ts";
import type { Settlement } from "../../schemas/records/call.ts";
import type { Opener, PseudonymMap } from "../guards/privacy/cryptography.ts";

export interface OpenedContent {
  readonly kind: "opened";
  readonly messages: readonly Message[];
  readonly answer: string;
  readonly toolCalls: readonly WrittenToolCall[];
  /** What the answer must be grounded in. */
  readonly context: readonly string[];
  readonly pseudonyms: PseudonymMap | undefined;
}

export interface SealedContent {
  readonly kind: "sealed";
  readonly why: string;
}

/** Its key is gone: nobody opens it any more. */
export interface ErasedContent {
  readonly kind: "erased";
}

/** `opener`: null when no key is configured. */
export function openContent(
  { task, tool_calls: calls = { plain: [] } }: Omit<Settlement, "answer">,
  answer: NonNullable<Settlement["answer"]>,
  opener: Opener | null,
): OpenedContent | SealedContent | ErasedContent {
  const { messages, context = { plain: null } } = task;
  if (hiddenBy(answer, calls, messages, context) === "erased") return { kind: "erased" };
  if (!("plain" in answer) || !("plain" in calls) || !("plain" in messages) || !("plain" in context))
    return { kind: "sealed", why: "the content is sealed and this process has no key" };
  const pseudonyms = task.pseudonyms === undefined ? undefined : opener?.open(task.run_id, task.pseudonyms);
  if (task.pseudonyms !== undefined && (pseudonyms === undefined || pseudonyms === null))
    return { kind: "sealed", why: "the pseudonyms do not open: is BREAKWATER_SECRET_KEY that of input-scan?" };
  const grounds = context.plain === null ? [] : [context.plain];
  return {
    kind: "opened",
    messages: messages.plain,
    answer: answer.plain,
    toolCalls: calls.plain,
    context: grounds,
    pseudonyms: pseudonyms ?? undefined,
  };
}
