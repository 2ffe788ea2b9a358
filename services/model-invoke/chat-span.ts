/**
 * The client span of one provider call, named and attributed by OpenTelemetry's
 * GenAI conventions (1.41). It holds no content.
 */
import { SpanKind, SpanStatusCode, trace, type Attributes } from "@opentelemetry/api";
import type { CallStarted } from "../../schemas/records/call.ts";
import type { CallEnding } from "./interpret.ts";

const tracer = trace.getTracer("breakwater/model-invoke");

/** Runs `send` inside the span, so that what it starts becomes its child. */
export async function chatSpan(started: CallStarted, send: () => Promise<CallEnding>): Promise<CallEnding> {
  const { model } = started;
  const options = { kind: SpanKind.CLIENT, attributes: requestAttributes(started) };
  return await tracer.startActiveSpan(`chat ${model}`, options, async (span) => {
    try {
      const ending = await send();
      span.setAttributes(responseAttributes(ending));
      if (ending.outcome !== "ok") span.setStatus({ code: SpanStatusCode.ERROR });
      return ending;
    } finally {
      span.end();
    }
  });
}

function requestAttributes(started: CallStarted): Attributes {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": started.provider,
    "gen_ai.request.model": started.model,
    "gen_ai.request.max_tokens": started.max_output_tokens,
    "breakwater.run.id": started.run_id,
    "breakwater.attempt": started.attempt,
    "breakwater.tier": started.tier,
    "breakwater.call.id": started.call_id,
  };
}

function responseAttributes({ outcome, servedModel, providerRequestId, finishReason, usage }: CallEnding): Attributes {
  return {
    ...(outcome === "ok" ? {} : { "error.type": outcome }),
    ...(servedModel === undefined ? {} : { "gen_ai.response.model": servedModel }),
    ...(providerRequestId === undefined ? {} : { "gen_ai.response.id": providerRequestId }),
    ...(finishReason === undefined ? {} : { "gen_ai.response.finish_reasons": [finishReason] }),
    ...(usage === null
      ? {}
      : {
          "gen_ai.usage.input_tokens": usage.input_tokens + usage.cached_input_tokens + usage.cache_write_tokens,
          "gen_ai.usage.output_tokens": usage.output_tokens + usage.reasoning_tokens,
          "gen_ai.usage.cache_read.input_tokens": usage.cached_input_tokens,
          "gen_ai.usage.reasoning.output_tokens": usage.reasoning_tokens,
        }),
  };
}
