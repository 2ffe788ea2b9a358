/**
 * What operators are told of money, harness-alerts: a budget that passed a part
 * of its limit, one that refuses, an hour that cost far more than such hours
 * do. The id is derived from what the alert is about, so that the same cause
 * gives the same alert whoever sees it; the first of an id by offset counts.
 */
import { z } from "zod";
import { budgetAmount, budgetRecord, budgetScope, budgetWindow } from "./budget.ts";
import { attribution, harnessRef } from "../parts/identity.ts";
import { usd } from "../parts/usage.ts";

const alertIdentity = z.object({
  alert_id: z
    .string()
    .regex(/^alert_[0-9a-f]{32}$/)
    .describe("From a hash of the cause: a repeat is recognised"),
  raised_at_ms: z.int(),
});

const budgetStanding = alertIdentity.extend({
  budget_id: z.string(),
  scope: budgetScope,
  window: budgetWindow.exclude(["run"]),
  window_start_ms: z.int(),
  window_end_ms: z.int().describe("Exclusive: the budget resets then"),
  enforcement: budgetRecord.shape.enforcement,
  limit_usd: usd.optional(),
  limit_tokens: z.int().nonnegative().optional(),
  spent: budgetAmount.describe("In the window, settled"),
});

export const budgetThresholdAlert = budgetStanding.extend({
  kind: z.literal("budget.threshold"),
  threshold_percent: z
    .int()
    .positive()
    .describe("Of the limit; of the nearer one where dollars and tokens are limited"),
});

export const budgetRefusingAlert = budgetStanding.extend({
  kind: z.literal("budget.refusing"),
});

export const spendAnomalyAlert = alertIdentity.extend({
  kind: z.literal("spend.anomaly"),
  of: z.union([
    z.object({ client_id: attribution.shape.client_id }),
    z.object({ harness: harnessRef.shape.name.describe("Name of the harness, in all its versions") }),
  ]),
  hour_start_ms: z.int().describe("The first hour (UTC) of the surge"),
  spent_usd: usd.describe("In that hour, up to when it was seen"),
  usual_usd: usd.describe("Median of the hours that it was compared with"),
  bound_usd: usd.describe("Above it an hour is an anomaly"),
  compared: z.enum(["same_hours_of_weeks", "same_hours_of_days"]),
  compared_hours: z.int().positive(),
});

export const alertRecord = z.discriminatedUnion("kind", [budgetThresholdAlert, budgetRefusingAlert, spendAnomalyAlert]);

export type BudgetThresholdAlert = z.infer<typeof budgetThresholdAlert>;
export type BudgetRefusingAlert = z.infer<typeof budgetRefusingAlert>;
export type SpendAnomalyAlert = z.infer<typeof spendAnomalyAlert>;
export type AlertRecord = z.infer<typeof alertRecord>;
