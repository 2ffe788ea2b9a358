/**
 * How fast a budget is used up: what is spent of it, at what pace, and when it
 * will be gone if that goes on. Two paces, each said plainly: of the window so
 * far, and of the last seven days. A forecast is the pace carried on, nothing
 * more. A budget in dollars and tokens has a row for each.
 */
import { z } from "zod";
import type { BudgetRecord } from "../../../schemas/control/budget.ts";
import { Decimal } from "../../pricing/usd.ts";
import { limitsOf, type Amount } from "../amount.ts";
import type { Window } from "../window.ts";

/** The recent pace is an average over so many days. */
export const recentDays = 7;
const dayMs = 86_400_000;
/** A window that is younger has no pace yet. */
const leastElapsedMs = 3_600_000;

const amount = z.string();
const pace = z.string().nullable().describe("A day; null while it is too early to tell");
const time = z.iso.datetime().nullable().describe("null: not before it resets, at this pace");

export const burnDownRow = z.object({
  budget_id: z.string(),
  window: z.string().describe("day or month, UTC; budgets of single runs do not burn down"),
  enforcement: z.string().describe("hard refuses before the call is paid; soft only tells"),
  unit: z.string().describe("usd or tokens: what the amounts of this row are in"),
  limit: amount,
  spent: amount.describe("In the window so far"),
  held: amount.describe("By calls under way"),
  left: amount.describe("limit less spent; below 0 when it was overdrawn"),
  used_share: z.number().nullable().describe("spent over limit, to six digits; null of nothing"),
  started_at: z.iso.datetime(),
  resets_at: z.iso.datetime(),
  pace_window: pace.describe("A day, by the window so far; null in its first hour"),
  pace_recent: pace.describe("A day, by the last seven days of the ledger; unknown costs count at most"),
  forecast_window: pace.describe("Spent when it resets, if the pace of the window goes on"),
  forecast_recent: pace.describe("Spent when it resets, if the pace of the last days goes on"),
  used_up_window: time,
  used_up_recent: time,
});
export type BurnDownRow = Readonly<z.infer<typeof burnDownRow>>;

export interface Burning {
  readonly budget: BudgetRecord;
  readonly window: Window;
  readonly spent: Amount;
  readonly held: Amount;
  /** In the last seven days. */
  readonly recent: Amount;
}

/** A row for each of its limits. */
export function burnDown({ budget, window, spent, held, recent }: Burning, nowMs: number): readonly BurnDownRow[] {
  const limits = limitsOf(budget);
  const of = (unit: "usd" | "tokens", of: Amount): Decimal => new Decimal(of[unit]);
  return (["usd", "tokens"] as const).flatMap((unit) => {
    const limit = limits[unit];
    if (limit === null) return [];
    return rowOf(
      { budget, window, nowMs },
      { unit, limit: new Decimal(limit), spent: of(unit, spent), held: of(unit, held), recent: of(unit, recent) },
    );
  });
}

interface Moment {
  readonly budget: BudgetRecord;
  readonly window: Window;
  readonly nowMs: number;
}

interface Measured {
  readonly unit: "usd" | "tokens";
  readonly limit: Decimal;
  readonly spent: Decimal;
  readonly held: Decimal;
  readonly recent: Decimal;
}

function rowOf({ budget, window, nowMs }: Moment, { unit, limit, spent, held, recent }: Measured): BurnDownRow {
  const elapsedMs = nowMs - window.startMs;
  const sofar = elapsedMs < leastElapsedMs ? null : spent.div(elapsedMs).times(dayMs);
  const lately = recent.div(recentDays);
  const standing = { limit, spent, nowMs, endMs: window.endMs };
  return {
    budget_id: budget.budget_id,
    window: budget.window,
    enforcement: budget.enforcement,
    unit,
    limit: written(limit),
    spent: written(spent),
    held: written(held),
    left: written(limit.minus(spent)),
    used_share: limit.isZero() ? null : spent.div(limit).toDecimalPlaces(6).toNumber(),
    started_at: new Date(window.startMs).toISOString(),
    resets_at: new Date(window.endMs).toISOString(),
    pace_window: sofar === null ? null : written(sofar),
    pace_recent: written(lately),
    forecast_window: sofar === null ? null : carriedOn(standing, sofar),
    forecast_recent: carriedOn(standing, lately),
    used_up_window: sofar === null ? null : usedUp(standing, sofar),
    used_up_recent: usedUp(standing, lately),
  };
}

interface Standing {
  readonly limit: Decimal;
  readonly spent: Decimal;
  readonly nowMs: number;
  readonly endMs: number;
}

function carriedOn({ spent, nowMs, endMs }: Standing, perDay: Decimal): string {
  return written(spent.plus(perDay.times(endMs - nowMs).div(dayMs)));
}

/** Now, when it is used up already. */
function usedUp({ limit, spent, nowMs, endMs }: Standing, perDay: Decimal): string | null {
  const left = limit.minus(spent);
  if (left.lessThanOrEqualTo(0)) return new Date(nowMs).toISOString();
  if (perDay.lessThanOrEqualTo(0)) return null;
  const atMs = left.div(perDay).times(dayMs).plus(nowMs);
  return atMs.lessThan(endMs) ? new Date(Math.floor(atMs.toNumber())).toISOString() : null;
}

/** To 1e-12, as all money here. */
function written(value: Decimal): string {
  return value.toDecimalPlaces(12).toFixed();
}
