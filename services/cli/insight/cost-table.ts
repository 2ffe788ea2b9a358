/**
 * The ledger's sums as a table. Money stays the decimal text that ClickHouse
 * gave; only the total over all lines is added up here, in decimals.
 */
import { Decimal } from "decimal.js";
import type { CostDimension, CostLine } from "../../ledger/costs.ts";
import { grouped, type Column, type Table } from "../table.ts";

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

/** The bounds have columns where a cost is not known exactly: elsewhere they say the same again. */
export function costTable(by: readonly CostDimension[], lines: readonly CostLine[]): Table {
  const totals = costTotals(lines);
  const bounded = lines.some(
    ({ costUsd, boundLowUsd, boundHighUsd }) => boundLowUsd !== costUsd || boundHighUsd !== costUsd,
  );
  return {
    columns: [...by.map((head) => ({ head, shrink: 10 })), ...amounts, ...(bounded ? bounds : []), priced],
    rows: lines.map((line) => [
      ...line.by.map((value) => value ?? "-"),
      ...amountsOf(line),
      ...(bounded ? [line.boundLowUsd ?? "-", line.boundHighUsd ?? "-"] : []),
      coverage(line),
    ]),
    ...(lines.length < 2
      ? {}
      : {
          totals: [
            ...by.map((_, index) => (index === 0 ? "total" : "")),
            ...amountsOf(totals),
            ...(bounded ? ["", ""] : []),
            coverage(totals),
          ],
        }),
  };
}

const amounts: readonly Column[] = ["calls", "input", "output", "cost USD", "orphans"].map((head) => ({
  head,
  align: "right",
}));
const bounds: readonly Column[] = [
  { head: "at least", align: "right", drop: 2 },
  { head: "at most", align: "right", drop: 3 },
];
const priced: Column = { head: "priced", align: "right", drop: 1 };

function amountsOf(sums: Pick<CostTotals, "calls" | "inputTokens" | "outputTokens" | "costUsd" | "orphans">): string[] {
  return [
    grouped(sums.calls),
    grouped(sums.inputTokens),
    grouped(sums.outputTokens),
    sums.costUsd ?? "unknown",
    grouped(sums.orphans),
  ];
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
