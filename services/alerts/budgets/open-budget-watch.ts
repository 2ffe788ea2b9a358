/**
 * Watches the accounts of all budgets: harness-leases is folded as
 * model-invoke folds it, harness-budgets read beside it, and `alerts` says what
 * they give cause for at the moment. Windows that ended are looked at for a day
 * more, as calls of their last minutes are settled later.
 */
import { budgetRecord, type BudgetRecord } from "../../../schemas/control/budget.ts";
import { leaseRecord } from "../../../schemas/records/lease.ts";
import { LeaseBook } from "../../budgets/lease-book.ts";
import { windowAt } from "../../budgets/window.ts";
import { openControlTable, type ControlTableOptions } from "../../runtime/control-table.ts";
import { followTopic } from "../../runtime/kafka/read/follow-topic.ts";
import type { LogReader, LogRecord } from "../../runtime/kafka/log-reader.ts";
import { budgetAlerts, type BudgetAlert } from "./budget-alerts.ts";

export interface WatchSurroundings {
  readonly reader: Pick<LogReader, "offsets" | "offsetAt" | "follow"> & ControlTableOptions<BudgetRecord>["reader"];
  readonly logger: ControlTableOptions<BudgetRecord>["logger"];
  readonly nowMs: () => number;
}

export interface BudgetWatch {
  /** What there is cause for now, repeats of earlier answers among it. */
  readonly alerts: () => readonly BudgetAlert[];
  readonly close: () => Promise<void>;
}

const topic = "harness-leases";
const lookBackMs = 24 * 3_600_000;
/** Brokers' clocks may differ by this much from ours, milliseconds. */
const clockMarginMs = 3_600_000;

/** Resolves when everything is read that counts. Errors: TransientError broker_unavailable. */
export async function openBudgetWatch({ reader, logger, nowMs }: WatchSurroundings): Promise<BudgetWatch> {
  const parse = (value: unknown): BudgetRecord => budgetRecord.parse(value);
  const budgets = await openControlTable({ reader, topic: "harness-budgets", parse, logger });
  const book = new LeaseBook();
  const closing = new AbortController();
  const sinceMs = windowAt("month", nowMs() - lookBackMs).startMs - clockMarginMs;
  const starts = await Promise.all(
    [...(await reader.offsets(topic)).keys()].map(async (partition) => ({
      partition,
      from: await reader.offsetAt(topic, partition, sinceMs),
    })),
  );
  const onRecord = (record: LogRecord): void => applyTo(book, record);
  const { ended } = await followTopic(reader, { topic, starts, onRecord, signal: closing.signal });
  return {
    alerts: () => alertsOf(book, budgets.entries(), nowMs()),
    close: async () => {
      closing.abort();
      await ended;
      await budgets.close();
    },
  };
}

/** model-invoke tells of records that it cannot read; here they only do not count. */
function applyTo(book: LeaseBook, { value, timestampMs }: LogRecord): void {
  const record = leaseRecord.safeParse(parsedJson(value));
  if (record.success) book.apply(record.data, timestampMs);
}

function parsedJson(value: Buffer | null): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return undefined;
  }
}

/** The window that runs counts by the budget as it is set now, one that ended by the terms it ended with. */
export function alertsOf(
  book: LeaseBook,
  budgets: ReadonlyMap<string, BudgetRecord>,
  atMs: number,
): readonly BudgetAlert[] {
  const running = [...budgets.values()]
    .filter(({ window }) => window !== "run")
    .map((budget) => book.account(budget, atMs));
  const ended = book.accounts().filter(({ window, budget }) => {
    const isSame = budgets.get(budget.budget_id)?.opened_at_ms === budget.opened_at_ms;
    return isSame && window.endMs <= atMs && atMs < window.endMs + lookBackMs;
  });
  return [...running, ...ended].flatMap((counted) => budgetAlerts(counted, atMs));
}
