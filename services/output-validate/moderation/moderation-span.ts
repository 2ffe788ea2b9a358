/** The client span of one request to a provider's moderation. It holds no content. */
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { CallStarted } from "../../../schemas/records/call.ts";
import type { ModerationOutcome } from "../../providers/moderate.ts";
import { inSpan } from "../../runtime/telemetry/in-span.ts";
import { attributes as names, moderation, moderationSpan } from "../../runtime/telemetry/names.ts";

export function inModerationSpan(
  started: CallStarted,
  ask: () => Promise<ModerationOutcome>,
): Promise<ModerationOutcome> {
  const attributes = {
    [names.genAiOperation]: moderation,
    [names.genAiProvider]: started.provider,
    [names.genAiRequestModel]: started.model,
    [names.runId]: started.run_id,
    [names.attempt]: started.attempt,
    [names.callId]: started.call_id,
  };
  return inSpan(moderationSpan(started.model), { kind: SpanKind.CLIENT, attributes }, async (span) => {
    const outcome = await ask();
    if (outcome.kind === "failure") {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute(names.errorType, outcome.outcome);
    }
    return outcome;
  });
}
