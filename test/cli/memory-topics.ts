/**
 * harness-requests and harness-results in memory, with a pipeline between them
 * that answers each run once, for tests of what publishes and follows. It can
 * be told to fail, as a kill -9 does, at any step.
 */
import { noSpend } from "../../schemas/parts/usage.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { runRequest } from "../../schemas/records/run-request.ts";
import type { FollowOptions, LogRecord, ReadOptions } from "../../services/runtime/kafka/log-reader.ts";
import { partitionOf } from "../../services/runtime/kafka/murmur2.ts";
import type { Publish } from "../../services/runtime/stage.ts";

export const partitions = 3;

export class Killed extends Error {}

interface Stored {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export class MemoryTopics {
  readonly #logs = new Map<string, Map<number, Stored[]>>();
  readonly #watchers = new Set<() => void>();
  /** Called before and after each step; throws to kill. */
  step: (name: string) => void = () => undefined;
  /** How a run ends; null: not yet. */
  answer: (runId: string) => RunResult | null = okResult;

  append(
    topic: string,
    key: string,
    value: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): { partition: number; offset: bigint } {
    const partition = partitionOf(Buffer.from(key), partitions);
    const log = this.#log(topic, partition);
    log.push({ key, value: Buffer.from(JSON.stringify(value)), headers });
    for (const wake of this.#watchers) wake();
    return { partition, offset: BigInt(log.length - 1) };
  }

  records(topic: string): readonly unknown[] {
    return [...(this.#logs.get(topic)?.values() ?? [])]
      .flat()
      .map(({ value }): unknown => JSON.parse(value.toString()));
  }

  readonly publish: Publish = async (emissions) => {
    this.step("before publish");
    const acks = emissions.map(({ topic, key, value }) => {
      const ack = { topic, ...this.append(topic, key, value) };
      this.#process(value);
      return ack;
    });
    await Promise.resolve();
    this.step("after publish");
    return acks;
  };

  /** What a pipeline does with a request that is published twice: one result. */
  #process(value: unknown): void {
    const { run_id: runId } = runRequest.parse(value);
    const known = this.records("harness-results").some((record) => JSON.stringify(record).includes(String(runId)));
    const result = runId === undefined || known ? null : this.answer(runId);
    if (result !== null) this.append("harness-results", result.run_id, result);
  }

  readonly reader = {
    offsets: (topic: string) => {
      this.step(`offsets ${topic}`);
      const ends = Array.from({ length: partitions }, (_, partition): [number, { low: bigint; high: bigint }] => [
        partition,
        { low: 0n, high: BigInt(this.#log(topic, partition).length) },
      ]);
      return Promise.resolve(new Map(ends));
    },
    offsetAt: () => Promise.resolve(0n),
    read: async ({ topic, ranges, onRecord }: ReadOptions) => {
      this.step(`read ${topic}`);
      for (const { partition, from, to } of ranges) {
        for (let offset = from; offset < to; offset += 1n) await onRecord(this.#record(topic, partition, offset));
      }
    },
    follow: async ({ topic, starts, onRecord, onCaughtUp, signal }: FollowOptions) => {
      this.step(`follow ${topic}`);
      const next = new Map(starts.map(({ partition, from }) => [partition, from]));
      let caughtUp = false;
      while (!signal.aborted) {
        const changed = new Promise<void>((resolve) => {
          this.#watchers.add(resolve);
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
        for (const [partition, from] of next) {
          let offset = from;
          for (; offset < BigInt(this.#log(topic, partition).length); offset += 1n) {
            await onRecord(this.#record(topic, partition, offset));
          }
          next.set(partition, offset);
        }
        if (!caughtUp) onCaughtUp?.();
        caughtUp = true;
        await changed;
      }
    },
  };

  #log(topic: string, partition: number): Stored[] {
    const topicLogs = this.#logs.get(topic) ?? new Map<number, Stored[]>();
    this.#logs.set(topic, topicLogs);
    const log = topicLogs.get(partition) ?? [];
    topicLogs.set(partition, log);
    return log;
  }

  #record(topic: string, partition: number, offset: bigint): LogRecord {
    const log = this.#log(topic, partition);
    const found = log[Number(offset)];
    if (found === undefined) throw new Error(`nothing at ${topic}/${partition}/${offset}`);
    return {
      topic,
      partition,
      offset,
      timestampMs: 0,
      key: Buffer.from(found.key),
      value: found.value,
      headers: found.headers,
    };
  }
}

export function okResult(runId: string): RunResult {
  return {
    kind: "result",
    run_id: runId,
    status: "ok",
    decided_by: "output-validate",
    client_id: "acme",
    harness: { name: "summarise", version: "0123456789abcdef" },
    origin: { topic: "harness-requests", partition: 0, offset: "0" },
    received_at_ms: 1_700_000_000_000,
    finished_at_ms: 1_700_000_001_500,
    attempts: 1,
    spent: { ...noSpend, calls: 1, input_tokens: 100, output_tokens: 20, cost_usd: "0.000451" },
    answered_by: { provider: "openai", model: "gpt-4o" },
    output: { plain: `answer to ${runId}` },
    reasons: [],
  };
}
