/**
 * Answers and errors in the shapes of Anthropic's messages, whole and as
 * events. The tokens are those of all calls that the run paid for. Our own code
 * of an error stands in its details, where the SDK reads `errorCode`. Pure.
 */
import type { ChatAnswer } from "../chat/answer/outcome.ts";
import { pieces } from "../chat/answer/pieces.ts";
import type { ErrorShape } from "../route.ts";

interface Block {
  readonly whole: object;
  /** As the block begins. */
  readonly empty: object;
  readonly deltas: () => readonly object[];
}

export function messageOf(answer: ChatAnswer): object {
  const content = blocksOf(answer).map(({ whole }) => whole);
  return { ...frameOf(answer), content, stop_reason: stopOf(answer), stop_sequence: null, usage: usageOf(answer) };
}

/** As server-sent events. */
export function* messageEvents(answer: ChatAnswer): Generator<string> {
  const usage = usageOf(answer);
  const begun = { content: [], stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 0 } };
  yield event({ type: "message_start", message: { ...frameOf(answer), ...begun } });
  for (const [index, { empty, deltas }] of blocksOf(answer).entries()) {
    yield event({ type: "content_block_start", index, content_block: empty });
    for (const delta of deltas()) yield event({ type: "content_block_delta", index, delta });
    yield event({ type: "content_block_stop", index });
  }
  yield event({ type: "message_delta", delta: { stop_reason: stopOf(answer), stop_sequence: null }, usage });
  yield event({ type: "message_stop" });
}

interface StreamEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

function event(data: StreamEvent): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function blocksOf({ text, toolCalls }: ChatAnswer): readonly Block[] {
  return [...(text === null ? [] : [textBlock(text)]), ...toolCalls.map(useBlock)];
}

function textBlock(text: string): Block {
  const whole = { type: "text", text, citations: null };
  return {
    whole,
    empty: { ...whole, text: "" },
    deltas: () => pieces(text).map((piece) => ({ type: "text_delta", text: piece })),
  };
}

function useBlock({ id, name, arguments: input }: ChatAnswer["toolCalls"][number]): Block {
  const whole = { type: "tool_use", id, caller: { type: "direct" }, name, input };
  return {
    whole,
    empty: { ...whole, input: {} },
    deltas: () => pieces(JSON.stringify(input)).map((piece) => ({ type: "input_json_delta", partial_json: piece })),
  };
}

function frameOf({ runId, harness }: ChatAnswer) {
  return {
    id: `msg_${runId.replaceAll("-", "")}`,
    type: "message",
    role: "assistant",
    model: harness,
    container: null,
    stop_details: null,
  };
}

function stopOf({ toolCalls, isCut }: ChatAnswer): "end_turn" | "tool_use" | "max_tokens" {
  if (toolCalls.length > 0) return "tool_use";
  return isCut ? "max_tokens" : "end_turn";
}

function usageOf({ inputTokens, outputTokens }: ChatAnswer) {
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cache_creation: null,
    cache_creation_input_tokens: null,
    cache_read_input_tokens: null,
    output_tokens_details: null,
    server_tool_use: null,
    service_tier: "standard",
  };
}

const errorTypes: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
  503: "overloaded_error",
  504: "timeout_error",
};

export const anthropicError: ErrorShape = ({ status, code, message, param }, runId) => ({
  body: {
    type: "error",
    error: {
      type: errorTypes[status] ?? "invalid_request_error",
      message,
      details: { error_code: code, ...(param === undefined ? {} : { param }) },
    },
    request_id: runId ?? null,
  },
});
