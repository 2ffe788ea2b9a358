/**
 * All budgets of days and months with their burn-down, as a document: those
 * that are used up soonest first.
 */
import { z } from "zod";
import type { BudgetRecord } from "../../../schemas/control/budget.ts";
import type { Figure } from "../../ledger/answers/figures.ts";
import type { Store } from "../../ledger/clickhouse.ts";
import type { LeaseBook } from "../lease-book.ts";
import { burnDown, burnDownRow, type BurnDownRow } from "./burn-down.ts";
import { recentSpend } from "./recent-spend.ts";

export const burnDownView = z
  .object({
    question: z.literal("burn-down"),
    at: z.iso.datetime().describe("When it was asked"),
    rows: z.array(burnDownRow).describe("Used up soonest first, then by what is used of them"),
  })
  .describe("How fast budgets are used up, and when they will be");

export type BurnDownAnswer = z.infer<typeof burnDownView>;

export const burnDownFigures: readonly Figure[] = [
  { name: "budget_id", head: "budget", kind: "text" },
  { name: "unit", head: "in", kind: "text" },
  { name: "limit", head: "limit", kind: "usd" },
  { name: "spent", head: "spent", kind: "usd" },
  { name: "held", head: "held", kind: "usd", drop: 5 },
  { name: "used_share", head: "used", kind: "share" },
  { name: "pace_window", head: "a day so far", kind: "usd", drop: 3 },
  { name: "used_up_window", head: "gone at that pace", kind: "text", drop: 1 },
  { name: "pace_recent", head: "a day, last 7", kind: "usd", drop: 3 },
  { name: "used_up_recent", head: "gone at that pace", kind: "text", drop: 2 },
  { name: "resets_at", head: "resets", kind: "text", drop: 4 },
];

export interface Budgets {
  readonly budgets: Iterable<BudgetRecord>;
  readonly book: Pick<LeaseBook, "account">;
}

/** `client`: the budgets for this client's own runs alone. Errors: StoreError. */
export async function burnDownAnswer(
  store: Pick<Store, "query">,
  { budgets, book }: Budgets,
  { nowMs, client }: { readonly nowMs: number; readonly client?: string | undefined },
): Promise<BurnDownAnswer> {
  const recent = await recentSpend(store, nowMs);
  const rows = [...budgets]
    .filter(({ window, scope }) => window !== "run" && (client === undefined || scope.client_id === client))
    .flatMap((budget) => {
      const { window, spent, held } = book.account(budget, nowMs);
      return burnDown({ budget, window, spent, held, recent: recent(budget.scope) }, nowMs);
    });
  return { question: "burn-down", at: new Date(nowMs).toISOString(), rows: rows.toSorted(byEnd) };
}

function byEnd(left: BurnDownRow, right: BurnDownRow): number {
  const [one, other] = [endOf(left), endOf(right)];
  if (one !== other) return one < other ? -1 : 1;
  return (right.used_share ?? 0) - (left.used_share ?? 0);
}

/** Of both forecasts the sooner; after all others when neither foresees one. */
function endOf({ used_up_window: one, used_up_recent: other }: BurnDownRow): string {
  return [one, other].flatMap((time) => time ?? []).toSorted()[0] ?? "~";
}
