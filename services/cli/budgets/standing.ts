/**
 * How budgets stand, as the log of leases says: spent, held by calls under way
 * and by leases, and left. The table and the JSON of `budgets list`.
 */
import { leaseRecord } from "../../../schemas/records/lease.ts";
import type { BudgetRecord } from "../../../schemas/control/budget.ts";
import { amountRecord } from "../../budgets/amount.ts";
import { LeaseBook } from "../../budgets/lease-book.ts";
import { windowAt } from "../../budgets/window.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import type { Table } from "../table.ts";

export interface Standing {
  readonly budget: BudgetRecord;
  /** Null for a budget of single runs: it has no account. */
  readonly account: {
    readonly spent: { readonly usd: string; readonly tokens: number };
    readonly held: { readonly usd: string; readonly tokens: number };
    readonly resetsAtMs: number;
  } | null;
}

/** Brokers' clocks may differ by this much from ours, milliseconds. */
const clockMarginMs = 3_600_000;

/** Everything that counts in a window of now. */
export async function readLeases(
  reader: Pick<LogReader, "offsets" | "offsetAt" | "read">,
  nowMs: number,
): Promise<LeaseBook> {
  const topic = "harness-leases";
  const book = new LeaseBook();
  const sinceMs = windowAt("month", nowMs).startMs - clockMarginMs;
  for (const [partition, { high }] of await reader.offsets(topic)) {
    const from = await reader.offsetAt(topic, partition, sinceMs);
    await reader.read({
      topic,
      ranges: [{ partition, from, to: high }],
      onRecord: ({ value, timestampMs }) => {
        const record = leaseRecord.safeParse(JSON.parse(String(value)));
        if (record.success) book.apply(record.data, timestampMs);
      },
    });
  }
  return book;
}

export function standingOf(budget: BudgetRecord, book: LeaseBook, nowMs: number): Standing {
  if (budget.window === "run") return { budget, account: null };
  const { spent, held, window } = book.account(budget, nowMs);
  return { budget, account: { spent: amountRecord(spent), held: amountRecord(held), resetsAtMs: window.endMs } };
}

export function standingDocument({ budget, account }: Standing): object {
  if (account === null) return budget;
  const { spent, held, resetsAtMs } = account;
  return { ...budget, spent, held, resets_at_ms: resetsAtMs };
}

export function standingTable(standings: readonly Standing[]): Table {
  return {
    columns: [
      { head: "budget" },
      { head: "kind" },
      { head: "limit", align: "right" },
      { head: "spent", align: "right" },
      { head: "held", align: "right", drop: 1 },
      { head: "resets", drop: 2 },
    ],
    rows: standings.map(({ budget, account }) => [
      budget.budget_id,
      budget.enforcement,
      amounts(budget, { usd: budget.limit_usd ?? "", tokens: budget.limit_tokens ?? 0 }),
      account === null ? "-" : amounts(budget, account.spent),
      account === null ? "-" : amounts(budget, account.held),
      account === null ? "-" : new Date(account.resetsAtMs).toISOString().slice(0, 10),
    ]),
  };
}

/** In what the budget limits. */
function amounts(
  { limit_usd, limit_tokens }: BudgetRecord,
  { usd, tokens }: { readonly usd: string; readonly tokens: number },
): string {
  const dollars = limit_usd === undefined ? [] : [`$${usd}`];
  return [...dollars, ...(limit_tokens === undefined ? [] : [`${tokens} tokens`])].join(", ");
}
