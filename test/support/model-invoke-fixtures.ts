/**
 * What model-invoke's tests share: an attempt task, a definition, the journal
 * as topics in memory, providers that answer by script, and a context that
 * records what is published in which order.
 */
import { createHash } from "node:crypto";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { noSpend } from "../../schemas/parts/usage.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import type { JournaledRecord, JournalLog } from "../../services/model-invoke/journal/read-back.ts";
import type { ProviderAnswer, ProviderFailure, ProviderOutcome } from "../../services/providers/outcome.ts";
import type { ConsumedRecord, Emission, Publish, StageContext, Takeover } from "../../services/runtime/stage.ts";
import { sampleHarness, sampleTier } from "./sample-definition.ts";

export const harness = { name: "summarise", version: "0123456789abcdef" };

export function runIdOf(number: number): string {
  return `01930000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;
}

export function bodyHashOf(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

export function taskOf(number: number, more: Partial<AttemptTask> = {}): AttemptTask {
  return {
    kind: "attempt",
    run_id: runIdOf(number),
    harness,
    client_id: "acme",
    attempt: 1,
    first_tier: 0,
    body_sha256: bodyHashOf(`request ${number}`),
    received_at_ms: Date.now(),
    deadline_at_ms: Date.now() + 60_000,
    origin: { topic: "harness-requests", partition: 0, offset: String(number) },
    messages: { plain: [{ role: "user", content: `Summarise document ${number}` }] },
    input_tokens_estimate: 1000,
    spent: noSpend,
    ...more,
  };
}

export function definitionOf(more: Partial<HarnessDefinition> = {}): HarnessDefinition {
  return sampleHarness({
    name: harness.name,
    knobs: { output: { repair: false, reask: true, escalate: true } },
    input: {
      schema: { type: "object", properties: { document: { type: "string" } }, required: ["document"] },
      longField: "document",
    },
    prompt: { system: "Summarise.", user: "{{document}}" },
    output: { format: "text", maxTokens: 200 },
    models: [
      sampleTier({ provider: "openai", model: "gpt-4o", timeoutMs: 5000, contextWindowTokens: 128_000 }),
      sampleTier({
        provider: "anthropic",
        model: "claude-3-5-sonnet-20241022",
        timeoutMs: 5000,
        contextWindowTokens: 200_000,
      }),
      sampleTier({ provider: "openai", model: "gpt-4o-mini", timeoutMs: 5000, contextWindowTokens: 128_000 }),
    ],
    fallbackAnswer: "No summary could be made.",
    ...more,
  });
}

/** The same chain, whose calls may be held for as long as a slow machine needs. */
export const patientModels = definitionOf().models.map((model) => ({
  ...model,
  timeoutMs: 300_000,
  firstTokenTimeoutMs: 300_000,
}));

export function answerOf(text: string, more: Partial<ProviderAnswer> = {}): ProviderOutcome {
  const usage = {
    input_tokens: 1000,
    cached_input_tokens: 0,
    cache_write_tokens: 0,
    output_tokens: 100,
    reasoning_tokens: 0,
  };
  return { kind: "answer", text, finishReason: "stop", servedModel: "gpt-4o-2024-08-06", usage, ...more };
}

export function failureOf(outcome: ProviderFailure["outcome"], more: Partial<ProviderFailure> = {}): ProviderOutcome {
  return { kind: "failure", outcome, code: outcome, usage: null, ...more };
}

/** The topics of one partition, in memory. Values are kept as the bytes that would be on the topic. */
export class MemoryTopics implements JournalLog {
  readonly records = new Map<string, (JournaledRecord & { readonly type: string; readonly id: string })[]>();
  readonly #listeners = new Set<() => void>();

  topic(name: string) {
    let records = this.records.get(name);
    if (records === undefined) this.records.set(name, (records = []));
    return records;
  }

  values(name: string): unknown[] {
    return this.topic(name).map(({ value }) => JSON.parse(String(value)));
  }

  append({ topic, value, type, id }: Emission, timestampMs = Date.now()): bigint {
    const records = this.topic(topic);
    const offset = BigInt(records.length);
    records.push({ partition: 0, offset, timestampMs, value: Buffer.from(JSON.stringify(value)), type, id });
    for (const tell of this.#listeners) tell();
    return offset;
  }

  offsets: JournalLog["offsets"] = (name) =>
    Promise.resolve(new Map([[0, { low: 0n, high: BigInt(this.topic(name).length) }]]));

  offsetAt: JournalLog["offsetAt"] = (name, _partition, timestampMs) => {
    const records = this.topic(name);
    const index = records.findIndex((record) => record.timestampMs >= timestampMs);
    return Promise.resolve(BigInt(index < 0 ? records.length : index));
  };

  read: JournalLog["read"] = ({ topic, ranges, onRecord }) => {
    for (const { from, to } of ranges) this.topic(topic).slice(Number(from), Number(to)).forEach(onRecord);
    return Promise.resolve();
  };

  follow: JournalLog["follow"] = ({ topic, starts, onRecord, signal }) => {
    let next = Number(starts[0]?.from ?? 0n);
    const { promise, resolve } = Promise.withResolvers<void>();
    const tell = (): void => {
      for (; next < this.topic(topic).length; next++)
        this.topic(topic)
          .slice(next, next + 1)
          .forEach(onRecord);
    };
    this.#listeners.add(tell);
    tell();
    signal.addEventListener("abort", () => {
      this.#listeners.delete(tell);
      resolve();
    });
    return promise;
  };
}

export interface TestContext extends StageContext {
  /** Types of records and other steps, in the order they happened. */
  readonly steps: string[];
  readonly lose: () => void;
}

/** `refuse` may throw in place of the broker, before a record is there. */
export function contextOf(
  topics: MemoryTopics,
  {
    worker,
    refuse,
    confirmed,
    lapsedSince,
  }: { worker: string; refuse: (emission: Emission) => void } & Pick<StageContext, "confirmed" | "lapsedSince">,
): TestContext {
  const steps: string[] = [];
  const lost = new AbortController();
  const publish: Publish = async (emissions) => {
    await Promise.resolve();
    for (const emission of emissions) refuse(emission);
    return emissions.map((emission) => {
      steps.push(emission.type.replace("breakwater.", ""));
      return { topic: emission.topic, partition: 0, offset: topics.append(emission) };
    });
  };
  const own = { steps, lose: () => lost.abort(), ...(confirmed && { confirmed }), ...(lapsedSince && { lapsedSince }) };
  return { publish, worker, clusterId: "test", nowMs: Date.now, signal: lost.signal, ...own };
}

export function recordOf(
  value: unknown,
  topic: "harness-scanned" | "harness-retries" = "harness-scanned",
): ConsumedRecord {
  const bytes = Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  return { topic, partition: 0, offset: 0n, timestampMs: Date.now(), key: null, value: bytes, headers: {} };
}

export function takeoverOf(oldestTimestampMs: number | null): Takeover {
  const at = { fromOffset: 0n, endOffset: 1n, committedAtMs: 0 };
  return { partition: 0, sources: [{ topic: "harness-scanned", ...at, oldestTimestampMs }] };
}
