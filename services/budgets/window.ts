/**
 * The days and months that budgets count in, in UTC.
 */
import type { BudgetWindow } from "../../schemas/control/budget.ts";

export interface Window {
  readonly startMs: number;
  /** Exclusive: the budget resets then. */
  readonly endMs: number;
}

/** The window that a moment (Unix milliseconds) is in. */
export function windowAt(window: Exclude<BudgetWindow, "run">, atMs: number): Window {
  const at = new Date(atMs);
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  return window === "month"
    ? { startMs: Date.UTC(year, month), endMs: Date.UTC(year, month + 1) }
    : { startMs: Date.UTC(year, month, day), endMs: Date.UTC(year, month, day + 1) };
}
