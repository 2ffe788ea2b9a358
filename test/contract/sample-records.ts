/**
 * Valid records of one made-up run, for tests to vary: its definition, its
 * first attempt's task, and the finish that settled it.
 */
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import type { CallFinished, Settlement } from "../../schemas/records/call.ts";
import type { ConsumedRecord } from "../../services/runtime/stage.ts";
import { sampleHarness, sampleTier } from "../support/sample-definition.ts";

export const sampleRunId = "0199d000-0000-7000-8000-000000000001";
const bodySha256 = "b".repeat(64);
/** When the sample run was received, Unix milliseconds. */
export const sampleMs = Date.UTC(2026, 10, 22, 12);

export const sampleDefinition: HarnessDefinition = sampleHarness({
  description: "a json harness with two models",
  knobs: { contextWindow: { strategy: "refuse" } },
  input: { schema: { type: "object", properties: { what: { type: "string" } } } },
  prompt: { system: "Count.", user: "Count {{what}}." },
  output: {
    format: "json",
    schema: { type: "object", properties: { count: { type: "integer" } }, required: ["count"] },
    maxTokens: 100,
  },
  models: [
    sampleTier({ provider: "openai", model: "gpt-4o", timeoutMs: 10_000, contextWindowTokens: 128_000 }),
    sampleTier({
      provider: "anthropic",
      model: "claude-3-5-sonnet-latest",
      timeoutMs: 10_000,
      contextWindowTokens: 200_000,
    }),
  ],
  fallbackAnswer: { count: 0 },
});

export function sampleTask(changes: Partial<AttemptTask> = {}): AttemptTask {
  return {
    kind: "attempt",
    run_id: sampleRunId,
    client_id: "acme",
    feature: "counting",
    correlation_id: "c-1",
    harness: { name: "sample", version: "0123456789abcdef" },
    attempt: 1,
    first_tier: 0,
    body_sha256: bodySha256,
    received_at_ms: sampleMs,
    deadline_at_ms: sampleMs + 60_000,
    origin: { topic: "harness-requests", partition: 2, offset: "7" },
    messages: {
      plain: [
        { role: "system", content: "Count." },
        { role: "user", content: "Count the sheep." },
      ],
    },
    input_tokens_estimate: 20,
    spent: { calls: 0, input_tokens: 0, output_tokens: 0, cost_usd: null, unpriced_calls: 0 },
    ...changes,
  };
}

export function sampleSettlement(answer: string | null, task: Partial<AttemptTask> = {}): Settlement {
  const spent = { calls: 1, input_tokens: 20, output_tokens: 5, cost_usd: "0.0001", unpriced_calls: 0 };
  return { task: sampleTask(task), answer: answer === null ? null : { plain: answer }, spent };
}

export function sampleFinish(
  settlement: Settlement,
  changes: Partial<CallFinished> = {},
): CallFinished & { settlement: Settlement } {
  const { run_id, client_id, feature, correlation_id, harness, attempt, body_sha256 } = settlement.task;
  return {
    kind: "call.finished",
    run_id,
    client_id,
    ...(feature === undefined ? {} : { feature }),
    ...(correlation_id === undefined ? {} : { correlation_id }),
    harness,
    call_id: "0199d000-0000-7000-8000-00000000ca11",
    attempt,
    call_no: 1,
    tier: 0,
    provider: "openai",
    model: "gpt-4o",
    body_sha256,
    worker: "model-invoke-1",
    started_at_ms: sampleMs + 100,
    deadline_at_ms: sampleMs + 10_100,
    input_tokens_estimate: 20,
    max_output_tokens: 100,
    price_version: "test",
    cost_low_usd: "0.00005",
    cost_high_usd: "0.00105",
    finished_at_ms: sampleMs + 1100,
    outcome: "ok",
    served_model: "gpt-4o-2024-08-06",
    finish_reason: "stop",
    usage: { input_tokens: 20, cached_input_tokens: 0, cache_write_tokens: 0, output_tokens: 5, reasoning_tokens: 0 },
    usage_source: "provider",
    cost_usd: "0.0001",
    settles: true,
    ...changes,
    settlement,
  };
}

/** A record of the journal as the consumer hands it over. */
export function journalRecord(value: unknown, changes: Partial<ConsumedRecord> = {}): ConsumedRecord {
  return {
    topic: "harness-calls",
    partition: 3,
    offset: 10n,
    timestampMs: sampleMs + 1200,
    key: Buffer.from(sampleRunId),
    value: Buffer.from(JSON.stringify(value)),
    headers: { ce_type: "breakwater.call.finished" },
    ...changes,
  };
}
