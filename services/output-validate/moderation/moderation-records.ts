/**
 * The two journal records of a moderation call, beside those of the answer it
 * judges: who the run is for and which attempt it is come from the finish that
 * settled it. A moderation settles nothing, and reports no tokens.
 */
import { runIdentityOf } from "../../../schemas/parts/identity.ts";
import type { Moderation } from "../../../schemas/control/harness-definition.ts";
import type { CallFinished, CallStarted } from "../../../schemas/records/call.ts";
import { estimateTokens } from "../../guards/tokens/estimate.ts";
import type { ModerationOutcome } from "../../providers/moderate.ts";
import type { Emission } from "../../runtime/stage.ts";
import type { SettlingFinish } from "../decide.ts";
import type { ModerationPrice } from "./free-price.ts";
import type { Piece } from "./pieces.ts";

export interface ModerationDeparture {
  readonly finish: SettlingFinish;
  readonly moderation: Moderation;
  readonly pieces: readonly Piece[];
  readonly callId: string;
  readonly worker: string;
  readonly nowMs: number;
  readonly timeoutMs: number;
  readonly price: ModerationPrice;
}

export function startedModeration(departure: ModerationDeparture): CallStarted {
  const { finish, moderation, pieces, callId, worker, nowMs, timeoutMs, price } = departure;
  return {
    kind: "call.started",
    ...runIdentityOf(finish),
    call_id: callId,
    attempt: finish.attempt,
    call_no: finish.call_no + 1,
    tier: finish.tier,
    purpose: "moderation",
    provider: moderation.provider,
    model: moderation.model,
    body_sha256: finish.body_sha256,
    worker,
    started_at_ms: nowMs,
    deadline_at_ms: nowMs + timeoutMs,
    input_tokens_estimate: pieces.reduce((sum, { text }) => sum + estimateTokens(text, moderation.provider), 0),
    max_output_tokens: 1,
    price_version: price.priceVersion,
    cost_low_usd: price.costUsd,
    cost_high_usd: price.costUsd,
  };
}

export function finishedModeration(started: CallStarted, outcome: ModerationOutcome, atMs: number): CallFinished {
  const { servedModel, providerRequestId } = outcome;
  return {
    ...started,
    kind: "call.finished",
    finished_at_ms: atMs,
    ...endOf(outcome),
    ...(servedModel === undefined ? {} : { served_model: servedModel }),
    ...(providerRequestId === undefined ? {} : { provider_request_id: providerRequestId }),
    usage: null,
    usage_source: "unknown",
    cost_usd: started.cost_high_usd,
    settles: false,
  };
}

function endOf(outcome: ModerationOutcome): Pick<CallFinished, "outcome" | "error"> {
  if (outcome.kind === "moderated") return { outcome: "ok" };
  const { code, status, retryAfterMs } = outcome;
  return {
    outcome: outcome.outcome,
    error: {
      code,
      ...(status === undefined ? {} : { status }),
      ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }),
    },
  };
}

export function journaled(record: CallStarted | CallFinished): Emission {
  return {
    topic: "harness-calls",
    key: record.run_id,
    id: `${record.call_id}/${record.kind}`,
    type: `breakwater.${record.kind}`,
    value: record,
  };
}
