/**
 * A control topic in memory, as a log reader shows it: one partition, records
 * appended by the test, shown at once or when the test says so.
 */
import type { FollowOptions, LogReader } from "../../services/runtime/kafka/log-reader.ts";

/** One partition in memory; null key or value as on a topic. */
export class MemoryTopic implements Pick<LogReader, "offsets" | "follow"> {
  readonly #records: (readonly [string | null, string | null])[] = [];
  #options: FollowOptions | null = null;
  #shown = 0;
  #end: { resolve: () => void; reject: (error: Error) => void } | null = null;
  /** Holds records back until `show` is called. */
  isHeldBack = false;

  constructor(records: readonly (readonly [string | null, string | null])[] = []) {
    this.#records.push(...records);
  }

  offsets(): ReturnType<LogReader["offsets"]> {
    return Promise.resolve(new Map([[0, { low: 0n, high: BigInt(this.#records.length) }]]));
  }

  async follow(options: FollowOptions): Promise<void> {
    this.#options = options;
    const ended = new Promise<void>((resolve, reject) => {
      this.#end = { resolve, reject };
    });
    options.signal.addEventListener("abort", () => this.#end?.resolve());
    this.show();
    options.onCaughtUp?.();
    await ended;
  }

  append(key: string | null, value: string | null): void {
    this.#records.push([key, value]);
    if (!this.isHeldBack) this.show();
  }

  show(): void {
    if (this.#options === null) return;
    for (; this.#shown < this.#records.length; this.#shown += 1) {
      const [key, value] = this.#records[this.#shown] ?? [null, null];
      void this.#options.onRecord({
        topic: this.#options.topic,
        partition: 0,
        offset: BigInt(this.#shown),
        timestampMs: 0,
        key: key === null ? null : Buffer.from(key),
        value: value === null ? null : Buffer.from(value),
        headers: {},
      });
    }
    this.#options.onPosition?.(0, BigInt(this.#shown));
  }

  fail(error: Error): void {
    this.#end?.reject(error);
  }
}
