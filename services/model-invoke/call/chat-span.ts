/** The client span of one provider call, by OpenTelemetry's GenAI conventions. Of content it holds what it is given. */
import { SpanKind, SpanStatusCode, type Attributes } from "@opentelemetry/api";
import type { AttemptTask } from "../../../schemas/records/attempt-task.ts";
import type { CallStarted } from "../../../schemas/records/call.ts";
import { inSpan } from "../../runtime/telemetry/in-span.ts";
import { attributes as names, callSpan } from "../../runtime/telemetry/names.ts";
import type { CallEnding } from "../interpret.ts";
import type { KnownCall } from "../journal/known-call.ts";

/** Why a call is made: the attempt's first, the same model again, another instead, or one beside a slow one. */
export type CallRole = "first" | "retry" | "fallback" | "hedge";

/** `calls`: the attempt's so far, with or without this one. */
export function callRole(
  { call_id: callId, tier, hedge_of: hedgeOf }: Pick<CallStarted, "call_id" | "tier" | "hedge_of">,
  { first_tier: firstTier }: Pick<AttemptTask, "first_tier">,
  calls: readonly Pick<KnownCall, "callId" | "tier">[],
): CallRole {
  if (hedgeOf !== undefined) return "hedge";
  const earlier = calls.filter((call) => call.callId !== callId);
  if (earlier.some((call) => call.tier === tier)) return "retry";
  return earlier.length === 0 && tier === firstTier ? "first" : "fallback";
}

export interface ChatSent {
  readonly role: CallRole;
  /** Asked for only where the span is kept; empty unless the harness asks for content in traces. */
  readonly content: () => Attributes;
}

/** Runs `send` inside the span, so that what it starts becomes its child. */
export function chatSpan(
  started: CallStarted,
  { role, content }: ChatSent,
  send: () => Promise<CallEnding>,
): Promise<CallEnding> {
  const options = { kind: SpanKind.CLIENT, attributes: requestAttributes(started, role) };
  return inSpan(callSpan(started.model), options, async (span) => {
    if (span.isRecording()) span.setAttributes(content());
    const ending = await send();
    if (!span.isRecording()) return ending;
    span.setAttributes(responseAttributes(ending));
    if (ending.outcome !== "ok") span.setStatus({ code: SpanStatusCode.ERROR });
    return ending;
  });
}

function requestAttributes(started: CallStarted, role: CallRole): Attributes {
  return {
    [names.genAiOperation]: "chat",
    [names.genAiProvider]: started.provider,
    [names.genAiRequestModel]: started.model,
    [names.genAiMaxTokens]: started.max_output_tokens,
    [names.runId]: started.run_id,
    [names.attempt]: started.attempt,
    [names.tier]: started.tier,
    [names.callRole]: role,
    [names.callId]: started.call_id,
    ...(started.hedge_of === undefined ? {} : { [names.hedgeOf]: started.hedge_of }),
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
