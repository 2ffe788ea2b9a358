/**
 * harness-leases in memory, with processes on it that hold budgets: each with
 * its own reading position, so that a test decides who has seen what. Writes
 * are in the order of the log; every process reads all of them.
 */
import type { BudgetRecord } from "../../schemas/control/budget.ts";
import { leaseRecord, type LeaseRecord } from "../../schemas/records/lease.ts";
import { LeaseBook } from "../../services/budgets/lease-book.ts";
import { Budgets } from "../../services/model-invoke/budgets/budgets.ts";
import { LeaseDesk } from "../../services/model-invoke/budgets/lease-desk.ts";
import type { FollowOptions, LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import type { Emission } from "../../services/runtime/stage.ts";

export class LeaseLog {
  readonly records: { readonly record: LeaseRecord; readonly atMs: number }[] = [];
  readonly warnings: object[] = [];
  /** By the log's clock and the processes', Unix milliseconds. */
  nowMs = Date.UTC(2026, 10, 22, 12);
  /** Throws in place of the broker, before a record is there. */
  refuse: () => void = () => undefined;
  /** Records are shown at once; else when `show` is called. */
  isLive = true;
  readonly #followers = new Set<FollowOptions & { next: number }>();

  /** A process with budgets, which has read everything. */
  async process(worker: string, budgets: readonly BudgetRecord[] = []): Promise<BudgetProcess> {
    const logger = {
      warn: (fields: object) => void this.warnings.push(fields),
      error: (fields: object) => void this.warnings.push(fields),
    };
    const nowMs = () => this.nowMs;
    const desk = new LeaseDesk({ reader: this.#reader, publish: (e) => this.#publish(e), worker, nowMs, logger });
    await desk.start();
    const own = new Budgets({ desk, nowMs, logger });
    desk.onChange((budgetId) => own.changed(budgetId));
    for (const budget of budgets) own.set(budget);
    return { worker, desk, budgets: own };
  }

  /** What everybody comes to who reads the log. */
  book(): LeaseBook {
    const book = new LeaseBook();
    for (const { record, atMs } of this.records) book.apply(record, atMs);
    return book;
  }

  /** Shows each process what it has not seen. */
  show(): void {
    for (const follower of this.#followers) {
      while (follower.next < this.records.length) {
        const at = follower.next;
        follower.next += 1;
        void follower.onRecord(this.#logRecord(at));
      }
    }
  }

  async #publish(emissions: readonly Emission[]): Promise<void> {
    await Promise.resolve();
    this.refuse();
    for (const { value } of emissions) this.records.push({ record: leaseRecord.parse(value), atMs: this.nowMs });
    if (this.isLive) this.show();
  }

  readonly #reader = {
    offsets: () => Promise.resolve(new Map([[0, { low: 0n, high: BigInt(this.records.length) }]])),
    offsetAt: () => Promise.resolve(0n),
    follow: async (options: FollowOptions) => {
      this.#followers.add({ ...options, next: 0 });
      this.show();
      options.onCaughtUp?.();
      const { promise, resolve } = Promise.withResolvers<void>();
      options.signal.addEventListener("abort", () => resolve(), { once: true });
      await promise;
    },
  };

  #logRecord(at: number): LogRecord {
    const { record, atMs } = this.records[at] ?? { record: null, atMs: 0 };
    const value = Buffer.from(JSON.stringify(record));
    return {
      topic: "harness-leases",
      partition: 0,
      offset: BigInt(at),
      timestampMs: atMs,
      key: null,
      value,
      headers: {},
    };
  }
}

export interface BudgetProcess {
  readonly worker: string;
  readonly desk: LeaseDesk;
  readonly budgets: Budgets;
}

export function sampleBudget(more: Partial<BudgetRecord> = {}): BudgetRecord {
  return {
    kind: "budget",
    budget_id: "client=acme/day",
    scope: { client_id: "acme" },
    window: "day",
    limit_usd: "10",
    enforcement: "hard",
    revision: 1,
    opened_at_ms: Date.UTC(2026, 10, 22, 11),
    spent_before: { usd: "0", tokens: 0 },
    set_at_ms: Date.UTC(2026, 10, 22, 11),
    ...more,
  };
}
