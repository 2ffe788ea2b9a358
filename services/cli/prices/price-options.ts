/**
 * The options of `prices set`: what a price is for, from when to when it holds,
 * and what a million tokens of each bucket cost.
 */
import { z } from "zod";
import { priceTarget } from "../../../schemas/control/price.ts";
import { usd } from "../../../schemas/parts/usage.ts";
import { costTime } from "../../ledger/cost-reports/cost-query.ts";

const perMillion = z
  .string()
  .refine((text) => usd.safeParse(text).success, "US dollars per million tokens, as 2.5 or 0.075");

export const setOptions = z
  .object({
    provider: priceTarget.shape.provider,
    model: priceTarget.shape.model,
    account: priceTarget.shape.account,
    from: costTime,
    to: costTime,
    input: perMillion,
    cachedInput: perMillion.optional(),
    cacheWrite: perMillion.optional(),
    output: perMillion,
    reasoning: perMillion.optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ["to"],
    message: "a price ends after it begins",
  });

export type SetOptions = z.output<typeof setOptions>;
