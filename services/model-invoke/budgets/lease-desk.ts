/**
 * This process at the log of leases: writes asks and settlements, follows the
 * log, and keeps the book of it. An ask is answered when the book has passed
 * it. A lease that was granted to this process and that nobody waits for any
 * more is given back.
 */
import { leaseRecord, type LeaseAsked, type LeaseRecord, type LeaseSettled } from "../../../schemas/records/lease.ts";
import type { BudgetRecord } from "../../../schemas/control/budget.ts";
import { amountRecord, nothing, type Amount } from "../../budgets/amount.ts";
import { LeaseBook, type AccountView, type OpenLease, type Verdict } from "../../budgets/lease-book.ts";
import { windowAt } from "../../budgets/window.ts";
import type { Emission } from "../../runtime/stage.ts";
import type { LogReader, LogRecord } from "../../runtime/kafka/log-reader.ts";
import type { LeaseState } from "./held-lease.ts";

export interface LeaseDeskSettings {
  readonly reader: Pick<LogReader, "offsets" | "offsetAt" | "follow">;
  readonly publish: (emissions: readonly Emission[]) => Promise<unknown>;
  readonly worker: string;
  readonly nowMs: () => number;
  readonly logger: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

const topic = "harness-leases";
/** Brokers' clocks may differ by this much from ours, milliseconds. */
const clockMarginMs = 3_600_000;

export class LeaseDesk {
  readonly #settings: LeaseDeskSettings;
  readonly #book = new LeaseBook();
  readonly #asked = new Map<string, PromiseWithResolvers<Verdict>>();
  readonly #writing = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #onChange: (budgetId: string) => void = () => undefined;
  #following: Promise<void> = Promise.resolve();
  #asks = 0;

  constructor(settings: LeaseDeskSettings) {
    this.#settings = settings;
  }

  /** Resolves when everything is read that counts in a window of now. Errors: TransientError broker_unavailable. */
  async start(): Promise<void> {
    const { reader, nowMs } = this.#settings;
    const sinceMs = windowAt("month", nowMs()).startMs - clockMarginMs;
    const logs = await reader.offsets(topic);
    const starts = await Promise.all(
      [...logs.keys()].map(async (partition) => ({
        partition,
        from: await reader.offsetAt(topic, partition, sinceMs),
      })),
    );
    await new Promise<void>((resolve, reject) => {
      let isReady = false;
      const onCaughtUp = (): void => {
        isReady = true;
        resolve();
      };
      const onRecord = (record: LogRecord): void => this.#pass(record);
      this.#following = reader
        .follow({ topic, starts, onRecord, onCaughtUp, signal: this.#closing.signal })
        .catch((error: unknown) => {
          if (!isReady) return reject(error);
          // Budgets that silently grow old would be worse than an end.
          queueMicrotask(() => {
            throw error;
          });
        });
    });
  }

  /** Called with the budget of each record that changed the book. */
  onChange(listener: (budgetId: string) => void): void {
    this.#onChange = listener;
  }

  account(budget: BudgetRecord): AccountView {
    return this.#book.account(budget, this.#settings.nowMs());
  }

  lease(leaseId: string): OpenLease | undefined {
    return this.#book.lease(leaseId);
  }

  openLeases(): OpenLease[] {
    return this.#book.openLeases();
  }

  /** Resolves when the book has passed the ask. Errors: TransientError, when it could not be written. */
  async ask(budget: BudgetRecord, wish: Amount, least: Amount): Promise<Verdict> {
    const { worker } = this.#settings;
    this.#asks += 1;
    const leaseId = `${worker}/${this.#asks}`;
    const asked: LeaseAsked = {
      kind: "lease.asked",
      lease_id: leaseId,
      worker,
      ask_no: this.#asks,
      budget,
      wish: amountRecord(wish),
      least: amountRecord(least),
    };
    const answer = Promise.withResolvers<Verdict>();
    this.#asked.set(leaseId, answer);
    try {
      await this.#write(asked, budget.budget_id, "asked");
      return await answer.promise;
    } finally {
      this.#asked.delete(leaseId);
    }
  }

  /** Errors: TransientError, when it could not be written. */
  async tell(budgetId: string, { leaseId, spent, held, closed }: LeaseState): Promise<void> {
    const settled: LeaseSettled = {
      kind: "lease.settled",
      lease_id: leaseId,
      worker: this.#settings.worker,
      budget_id: budgetId,
      spent: amountRecord(spent),
      held: amountRecord(held),
      closed,
    };
    const writing = this.#write(settled, budgetId, "settled");
    this.#writing.add(writing);
    await writing.finally(() => this.#writing.delete(writing));
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#writing);
    this.#closing.abort();
    await this.#following;
  }

  async #write(value: LeaseRecord, key: string, what: string): Promise<void> {
    const id = `${value.lease_id}/${what}/${this.#settings.nowMs()}`;
    await this.#settings.publish([{ topic, key, id, type: `breakwater.lease.${what}`, value }]);
  }

  #pass({ value, offset, timestampMs }: LogRecord): void {
    const record = readLease(value);
    if (record === null)
      return this.#settings.logger.error(
        { topic, offset: String(offset) },
        "a lease record cannot be read and is ignored",
      );
    const verdict = this.#book.apply(record, timestampMs);
    const budgetId = record.kind === "lease.asked" ? record.budget.budget_id : record.budget_id;
    if (verdict !== null && record.worker === this.#settings.worker) this.#answer(budgetId, verdict);
    this.#onChange(budgetId);
  }

  #answer(budgetId: string, verdict: Verdict): void {
    const waiting = this.#asked.get(verdict.leaseId);
    if (waiting !== undefined) return waiting.resolve(verdict);
    if (verdict.kind === "refused") return;
    const state = { leaseId: verdict.leaseId, spent: nothing, held: nothing, closed: true };
    this.tell(budgetId, state).catch((error: unknown) =>
      this.#settings.logger.warn({ err: error, budgetId }, "a lease that nobody waits for could not be given back"),
    );
  }
}

function readLease(value: Buffer | null): LeaseRecord | null {
  try {
    return leaseRecord.parse(JSON.parse(String(value)));
  } catch {
    return null;
  }
}
