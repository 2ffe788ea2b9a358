/** A month of the books: how it is written, and when it begins and ends (UTC). */
import { z } from "zod";

export const statementMonth = z
  .string()
  .regex(/^20\d\d-(?:0[1-9]|1[0-2])$/, "a month of this century (UTC), for example 2026-10");

/** Unix milliseconds; `untilMs` exclusive. */
export function spanOf(month: string): { readonly sinceMs: number; readonly untilMs: number } {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return { sinceMs: Date.UTC(year, number - 1), untilMs: Date.UTC(year, number) };
}
