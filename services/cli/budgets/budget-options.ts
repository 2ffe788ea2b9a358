/**
 * The options that name a budget and its limits, as `budgets set` and
 * `budgets unset` take them.
 */
import { z } from "zod";
import { budgetScope, budgetWindow, type BudgetScope } from "../../../schemas/control/budget.ts";
import { usd } from "../../../schemas/parts/usage.ts";

const amount = "an amount of US dollars, as 250 or 0.05";
const wholeNumber = "a whole number from 0";
const dollars = z.string().refine((text) => usd.safeParse(text).success, amount);
const tokens = z
  .string()
  .regex(/^\d{1,15}$/, wholeNumber)
  .transform(Number);

const percentList = "percents of the limit from 1 to 1000, comma separated, as 50,80,100; or none";
const percents = z
  .string()
  .regex(/^(?:none|[1-9]\d{0,3}(?:,[1-9]\d{0,3}){0,9})$/, percentList)
  .transform((text) => (text === "none" ? [] : [...new Set(text.split(",").map(Number))]))
  .refine((list) => list.every((percent) => percent <= 1000), percentList);

const target = {
  client: budgetScope.shape.client_id,
  feature: budgetScope.shape.feature,
  harness: budgetScope.shape.harness,
  window: z.enum(budgetWindow.options, `one of ${budgetWindow.options.join(", ")}`),
};

export const unsetOptions = z.object(target);

export const setOptions = z
  .object({
    ...target,
    usd: dollars.optional(),
    tokens: tokens.optional(),
    soft: z.boolean().default(false),
    alertAt: percents.optional(),
    spentUsd: dollars.optional(),
    spentTokens: tokens.optional(),
  })
  .refine((given) => given.usd !== undefined || given.tokens !== undefined, {
    path: ["usd"],
    message: "give a limit: --usd, --tokens or both",
  });

export type SetOptions = z.output<typeof setOptions>;

export function scopeOf({ client, feature, harness }: z.output<typeof unsetOptions>): BudgetScope {
  return {
    ...(client === undefined ? {} : { client_id: client }),
    ...(feature === undefined ? {} : { feature }),
    ...(harness === undefined ? {} : { harness }),
  };
}
