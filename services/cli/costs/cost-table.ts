/**
 * The ledger's sums as a table. Money stays the decimal text that ClickHouse
 * gave.
 */
import { costTotals, type CostTotals } from "../../ledger/cost-reports/costs-document.ts";
import type { CostDimension, CostLine } from "../../ledger/costs.ts";
import { grouped, type Column, type Table } from "../table.ts";

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

/** Share of the calls whose cost is known; never rounded up to 100 %. */
export function coverage({ calls, callsWithCost }: { readonly calls: number; readonly callsWithCost: number }): string {
  if (calls === 0) return "-";
  return `${Math.floor((callsWithCost / calls) * 1000) / 10} %`;
}
