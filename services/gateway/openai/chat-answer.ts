/**
 * Answers and errors in the shapes of OpenAI's chat completions, whole and as
 * chunks. The tokens are those of all calls that the run paid for; the
 * fingerprint is the version of the harness. Pure.
 */
import type { ChatAnswer } from "../chat/answer/outcome.ts";
import { pieces } from "../chat/answer/pieces.ts";
import type { ErrorShape } from "../route.ts";

export function chatCompletion(answer: ChatAnswer): object {
  const { text, toolCalls } = answer;
  const calls = toolCalls.map((call) => ({
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
  const message = {
    role: "assistant",
    content: text,
    refusal: null,
    annotations: [],
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return {
    ...frameOf(answer, "chat.completion"),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(answer) }],
    usage: usageOf(answer),
  };
}

/** As server-sent events. */
export function* chatChunks(answer: ChatAnswer, { streamUsage }: { readonly streamUsage: boolean }): Generator<string> {
  const frame = frameOf(answer, "chat.completion.chunk");
  const chunk = (delta: object, finish: string | null = null): string =>
    event({
      ...frame,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(streamUsage ? { usage: null } : {}),
    });
  yield chunk({ role: "assistant", content: answer.text === null ? null : "", refusal: null });
  for (const content of pieces(answer.text ?? "")) yield chunk({ content });
  for (const [index, call] of answer.toolCalls.entries()) {
    const begun = { index, id: call.id, type: "function", function: { name: call.name, arguments: "" } };
    yield chunk({ tool_calls: [begun] });
    for (const written of pieces(JSON.stringify(call.arguments)))
      yield chunk({ tool_calls: [{ index, function: { arguments: written } }] });
  }
  yield chunk({}, finishOf(answer));
  if (streamUsage) yield event({ ...frame, choices: [], usage: usageOf(answer) });
  yield "data: [DONE]\n\n";
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function frameOf({ runId, harness, version, receivedAtMs }: ChatAnswer, object: string) {
  return {
    id: `chatcmpl-${runId}`,
    object,
    created: Math.floor(receivedAtMs / 1000),
    model: harness,
    service_tier: "default",
    system_fingerprint: version,
  };
}

function finishOf({ toolCalls, isCut }: ChatAnswer): "stop" | "tool_calls" | "length" {
  if (toolCalls.length > 0) return "tool_calls";
  return isCut ? "length" : "stop";
}

function usageOf({ inputTokens, outputTokens }: ChatAnswer) {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}

const errorTypes: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  429: "rate_limit_error",
  500: "server_error",
  503: "server_error",
  504: "server_error",
};

export const openaiError: ErrorShape = ({ status, code, message, param }) => ({
  body: { error: { message, type: errorTypes[status] ?? "invalid_request_error", param: param ?? null, code } },
});
