/**
 * A compacted topic as a map in memory, read whole and then followed. Ready
 * only when everything is there that was there at the start. A record that
 * cannot be read is logged as an error and ignored: the last good one stays.
 * A tombstone deletes. If following fails for good, the process ends: a table
 * that silently grows old would be worse.
 */
import { z } from "zod";
import { TransientError } from "./errors.ts";
import type { KafkaLogger } from "./kafka/client.ts";
import type { LogReader, LogRecord } from "./kafka/log-reader.ts";

export interface ControlTableOptions<V> {
  readonly reader: Pick<LogReader, "offsets" | "follow">;
  readonly topic: string;
  /** From the record's JSON; throws when it is no good. Its messages are logged: they must not quote content. */
  readonly parse: (value: unknown, key: string) => V;
  readonly logger: KafkaLogger;
}

/** `value` is undefined when the key was deleted. */
export type ChangeListener<V> = (key: string, value: V | undefined) => void;

interface Waiter {
  readonly ends: ReadonlyMap<number, bigint>;
  readonly resolve: () => void;
}

const catchUpTimeoutMs = 60_000;

/** Errors: TransientError broker_unavailable, also when the topic does not exist. */
export async function openControlTable<V>(options: ControlTableOptions<V>): Promise<ControlTable<V>> {
  const table = new ControlTable(options);
  await table.start();
  return table;
}

export class ControlTable<V> {
  readonly #options: ControlTableOptions<V>;
  readonly #values = new Map<string, V>();
  readonly #positions = new Map<number, bigint>();
  readonly #listeners: ChangeListener<V>[] = [];
  readonly #waiters = new Set<Waiter>();
  readonly #closing = new AbortController();
  #following: Promise<void> = Promise.resolve();

  constructor(options: ControlTableOptions<V>) {
    this.#options = options;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  entries(): ReadonlyMap<string, V> {
    return this.#values;
  }

  /** Called after each later change. */
  onChange(listener: ChangeListener<V>): void {
    this.#listeners.push(listener);
  }

  async start(): Promise<void> {
    const { reader, topic } = this.#options;
    const logs = await reader.offsets(topic);
    const starts = [...logs].map(([partition, { low }]) => ({ partition, from: low }));
    for (const { partition, from } of starts) this.#positions.set(partition, from);
    await new Promise<void>((resolve, reject) => {
      let isReady = false;
      const onCaughtUp = () => {
        isReady = true;
        resolve();
      };
      this.#following = reader
        .follow({
          topic,
          starts,
          onRecord: (record) => this.#apply(record),
          onPosition: (partition, next) => this.#moveTo(partition, next),
          onCaughtUp,
          signal: this.#closing.signal,
        })
        .then(() => reject(new Error(`${topic} was closed before it was read`)))
        .catch((error: unknown) => {
          if (!isReady) return reject(error);
          queueMicrotask(() => {
            throw error;
          });
        });
    });
  }

  /** Resolves when everything is here that was on the topic when this was called. Errors: TransientError broker_unavailable. */
  async catchUp(): Promise<void> {
    const logs = await this.#options.reader.offsets(this.#options.topic);
    const ends = new Map([...logs].map(([partition, { high }]) => [partition, high]));
    if (this.#hasReached(ends)) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new TransientError("broker_unavailable", `${this.#options.topic} was not read to its end in time`));
      }, catchUpTimeoutMs);
      const waiter = { ends, resolve: () => (clearTimeout(timer), resolve()) };
      this.#waiters.add(waiter);
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#following;
  }

  #moveTo(partition: number, next: bigint): void {
    this.#positions.set(partition, next);
    for (const waiter of this.#waiters) {
      if (!this.#hasReached(waiter.ends)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }

  #hasReached(ends: ReadonlyMap<number, bigint>): boolean {
    return [...ends].every(([partition, end]) => (this.#positions.get(partition) ?? 0n) >= end);
  }

  #apply(record: LogRecord): void {
    const key = record.key?.toString("utf8") ?? "";
    const read = this.#read(record, key);
    if (read === null) return;
    if (read.value === undefined) this.#values.delete(key);
    else this.#values.set(key, read.value);
    for (const listener of this.#listeners) listener(key, read.value);
  }

  /** null for a record that is no good; an undefined value for a tombstone. */
  #read(record: LogRecord, key: string): { readonly value: V | undefined } | null {
    const { topic, parse, logger } = this.#options;
    try {
      if (key === "") throw new Error("a record of a control topic needs a key");
      return { value: record.value === null ? undefined : parse(JSON.parse(record.value.toString("utf8")), key) };
    } catch (error) {
      const at = { topic, partition: record.partition, offset: record.offset.toString(), key };
      logger.error({ ...at, reason: reasonOf(error) }, "bad control record ignored, the last good one stays");
      return null;
    }
  }
}

/** Without the content: messages of JSON.parse quote it. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return "not JSON";
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : "unknown";
}
