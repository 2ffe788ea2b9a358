/**
 * A budget on harness-budgets: what a client, a feature, a harness or any
 * combination of them may spend in a day, a month (both UTC) or one run, in
 * dollars, tokens or both. Its key follows from what it is for, so that setting
 * it again changes it; a tombstone unsets it.
 */
import { z } from "zod";
import { attribution, harnessRef } from "../parts/identity.ts";
import { usd } from "../parts/usage.ts";

export const budgetAmount = z.object({
  usd: usd,
  tokens: z.int().nonnegative().describe("Input and output together"),
});

export const budgetScope = z
  .object({
    client_id: attribution.shape.client_id.optional(),
    feature: attribution.shape.feature,
    harness: harnessRef.shape.name.optional().describe("Name of the harness, in all its versions"),
  })
  .describe("The runs it is for: those that match everything named; every run when nothing is named");

export const budgetWindow = z.enum(["day", "month", "run"]);

export const budgetRecord = z.object({
  kind: z.literal("budget"),
  budget_id: z.string(),
  scope: budgetScope,
  window: budgetWindow,
  limit_usd: usd.optional(),
  limit_tokens: z.int().nonnegative().optional(),
  enforcement: z.enum(["hard", "soft"]).describe("Hard refuses before the call is paid; soft only tells"),
  alert_at: z
    .array(z.int().min(1).max(1000))
    .max(10)
    .optional()
    .describe("Percent of the limit at which an alert is raised, once a window; 50, 80 and 100 when absent"),
  revision: z.int().positive().describe("One higher each time it is set anew"),
  opened_at_ms: z
    .int()
    .describe("When it was first set, Unix milliseconds: an unset and a new set open another account"),
  spent_before: budgetAmount.describe("Spent in the window that was running then, before it was set"),
  set_at_ms: z.int(),
});

export type BudgetAmount = z.infer<typeof budgetAmount>;
export type BudgetScope = z.infer<typeof budgetScope>;
export type BudgetWindow = z.infer<typeof budgetWindow>;
export type BudgetRecord = z.infer<typeof budgetRecord>;

/** For example `client=acme/feature=chat`, `all` when nothing is named. No two scopes have the same. */
export function scopeKey({ client_id, feature, harness }: BudgetScope): string {
  const named = [
    ["client", client_id],
    ["feature", feature],
    ["harness", harness],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]));
  return named.length === 0 ? "all" : named.join("/");
}

export function budgetIdOf(scope: BudgetScope, window: BudgetWindow): string {
  return `${scopeKey(scope)}/${window}`;
}
