/** The client span of one provider call, by OpenTelemetry's GenAI conventions. It holds no content. */
import { SpanKind, SpanStatusCode, type Attributes } from "@opentelemetry/api";
import type { CallStarted } from "../../../schemas/records/call.ts";
import { inSpan } from "../../runtime/telemetry/in-span.ts";
import { attributes as names, callSpan } from "../../runtime/telemetry/names.ts";
import type { CallEnding } from "../interpret.ts";

/** Runs `send` inside the span, so that what it starts becomes its child. */
export function chatSpan(started: CallStarted, send: () => Promise<CallEnding>): Promise<CallEnding> {
  const options = { kind: SpanKind.CLIENT, attributes: requestAttributes(started) };
  return inSpan(callSpan(started.model), options, async (span) => {
    const ending = await send();
    if (!span.isRecording()) return ending;
    span.setAttributes(responseAttributes(ending));
    if (ending.outcome !== "ok") span.setStatus({ code: SpanStatusCode.ERROR });
    return ending;
  });
}

function requestAttributes(started: CallStarted): Attributes {
  return {
    [names.genAiOperation]: "chat",
    [names.genAiProvider]: started.provider,
    [names.genAiRequestModel]: started.model,
    [names.runId]: started.run_id,
    [names.attempt]: started.attempt,
    [names.tier]: started.tier,
    [names.callId]: started.call_id,
    [names.harness]: started.harness.name,
    [names.harnessVersion]: started.harness.version,
  };
}

function responseAttributes({ outcome, servedModel, providerRequestId, finishReason, usage }: CallEnding): Attributes {
  return {
    [names.outcome]: outcome,
    ...(outcome === "ok" ? {} : { [names.errorType]: outcome }),
    ...(servedModel === undefined ? {} : { [names.genAiResponseModel]: servedModel }),
    ...(providerRequestId === undefined ? {} : { [names.genAiResponseId]: providerRequestId }),
    ...(finishReason === undefined ? {} : { [names.genAiFinishReasons]: [finishReason] }),
    ...(usage === null
      ? {}
      : {
          [names.genAiInputTokens]: usage.input_tokens + usage.cached_input_tokens + usage.cache_write_tokens,
          [names.genAiOutputTokens]: usage.output_tokens + usage.reasoning_tokens,
          [names.genAiCacheReadTokens]: usage.cached_input_tokens,
          [names.genAiCacheCreationTokens]: usage.cache_write_tokens,
          [names.genAiReasoningTokens]: usage.reasoning_tokens,
        }),
  };
}
