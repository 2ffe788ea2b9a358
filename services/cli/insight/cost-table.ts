/**
 * The ledger's sums as a table. Money stays the decimal text that ClickHouse
 * gave; only the total over all lines is added up here, in decimals.
 */
import { Decimal } from "decimal.js";
import type { CostDimension, CostLine } from "../../ledger/costs.ts";
import { grouped, renderTable } from "../table.ts";

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

export function renderCosts(by: readonly CostDimension[], lines: readonly CostLine[]): string {
  const totals = costTotals(lines);
  return renderTable({
    columns: [
      ...by.map((head) => ({ head })),
      ...["calls", "input", "output", "cost USD", "orphans", "at least", "at most", "priced"].map((head) => ({
        head,
        align: "right" as const,
      })),
    ],
    rows: lines.map((line) => [
      ...line.by.map((value) => value ?? "-"),
      grouped(line.calls),
      grouped(line.inputTokens),
      grouped(line.outputTokens),
      line.costUsd ?? "unknown",
      grouped(line.orphans),
      line.boundLowUsd ?? "-",
      line.boundHighUsd ?? "-",
      coverage(line),
    ]),
    ...(lines.length < 2
      ? {}
      : {
          totals: [
            ...by.map((_, index) => (index === 0 ? "total" : "")),
            grouped(totals.calls),
            grouped(totals.inputTokens),
            grouped(totals.outputTokens),
            totals.costUsd ?? "unknown",
            grouped(totals.orphans),
            "",
            "",
            coverage(totals),
          ],
        }),
  });
}

/** As JSON, for scripts: money as decimal text, unknown as null. */
export function costsDocument(by: readonly CostDimension[], lines: readonly CostLine[]): object {
  const totals = costTotals(lines);
  return {
    by,
    lines: lines.map((line) => ({
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
    })),
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

/** Share of the calls whose cost is known; never rounded up to 100 %. */
export function coverage({ calls, callsWithCost }: { readonly calls: number; readonly callsWithCost: number }): string {
  if (calls === 0) return "-";
  return `${Math.floor((callsWithCost / calls) * 1000) / 10} %`;
}
