/**
 * The ledger's sums as a document for programs, as the command line and the
 * gateway give it: money as decimal text, unknown as null. Only the total over
 * all lines is added up here, in decimals.
 */
import { z } from "zod";
import { costDimension, type CostDimension, type CostLine } from "../costs.ts";
import { Decimal } from "../../pricing/usd.ts";

export interface CostTotals {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: string | null;
  readonly orphans: number;
  readonly callsWithCost: number;
}

/** Runs are not added up: one that called two models stands on two lines. */
export function costTotals(lines: readonly CostLine[]): CostTotals {
  const sum = (of: (line: CostLine) => number): number => lines.reduce((total, line) => total + of(line), 0);
  const known = lines.flatMap(({ costUsd }) => costUsd ?? []);
  return {
    calls: sum(({ calls }) => calls),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    costUsd: known.length === 0 ? null : known.reduce((total, cost) => total.plus(cost), new Decimal(0)).toFixed(),
    orphans: sum(({ orphans }) => orphans),
    callsWithCost: sum(({ callsWithCost }) => callsWithCost),
  };
}

const count = z.int().nonnegative();
const money = z.string().nullable().describe("US dollars; null when none is known");

export const costsView = z
  .object({
    by: z.array(costDimension),
    lines: z
      .array(
        z
          .object({
            calls: count,
            runs: count.nullable().describe("null: not counted, since the sums are from the roll-ups"),
            failed_calls: count,
            in_flight: count,
            orphans: count.describe("Calls whose end nobody saw"),
            calls_with_cost: count,
            input_tokens: count,
            output_tokens: count,
            cost_usd: money,
            bound_low_usd: money,
            bound_high_usd: money,
            unbounded_calls: count,
          })
          .catchall(z.json())
          .describe("Beside its figures, the value of each dimension of `by`"),
      )
      .describe("Dearest first"),
    total: z.object({
      calls: count,
      orphans: count,
      calls_with_cost: count,
      input_tokens: count,
      output_tokens: count,
      cost_usd: money,
    }),
  })
  .describe("What was paid, by what");

export function costsDocument(by: readonly CostDimension[], lines: readonly CostLine[]): z.infer<typeof costsView> {
  const totals = costTotals(lines);
  return {
    by: [...by],
    lines: costRows(by, lines),
    total: {
      calls: totals.calls,
      orphans: totals.orphans,
      calls_with_cost: totals.callsWithCost,
      input_tokens: totals.inputTokens,
      output_tokens: totals.outputTokens,
      cost_usd: totals.costUsd,
    },
  };
}

/** Flat, as JSON, CSV and charts have them. */
export function costRows(by: readonly CostDimension[], lines: readonly CostLine[]) {
  return lines.map((line) => ({
    ...Object.fromEntries(by.map((name, index) => [name, line.by[index] ?? null])),
    calls: line.calls,
    runs: line.runs,
    failed_calls: line.failedCalls,
    in_flight: line.inFlight,
    orphans: line.orphans,
    calls_with_cost: line.callsWithCost,
    input_tokens: line.inputTokens,
    output_tokens: line.outputTokens,
    cost_usd: line.costUsd,
    bound_low_usd: line.boundLowUsd,
    bound_high_usd: line.boundHighUsd,
    unbounded_calls: line.unboundedCalls,
  }));
}
