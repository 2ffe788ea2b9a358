/**
 * Spend over time as columns that stand on each other: the dearest few by name,
 * what is left together. Pure. Floats only place the columns; sums beside them
 * come from the ledger.
 */
import type { SpendRow } from "../../../ledger/questions/spend.ts";
import type { ChartData } from "../../charts/chart.tsx";
import type { FilterName } from "./asked.ts";

const mostSeries = 7;
export const unnamed = "none named";
const others = "all others";

export interface Span {
  readonly since: string;
  readonly until: string;
  readonly step: "hour" | "day";
}

export function stacked(rows: readonly SpendRow[], by: FilterName, span: Span): Pick<ChartData, "labels" | "series"> {
  const steps = stepsOf(span);
  const dearest = namesByCost(rows, by);
  const named = dearest.slice(0, mostSeries);
  const series = dearest.length > mostSeries ? [...named, others] : named;
  const values = new Map(series.map((name) => [name, steps.map(() => 0)]));
  for (const row of rows) {
    const name = nameOf(row, by);
    const columns = values.get(named.includes(name) ? name : others);
    const at = steps.indexOf(row[span.step] ?? "");
    if (columns !== undefined && at >= 0) columns[at] = (columns[at] ?? 0) + Number(row.cost_usd ?? 0);
  }
  const labels = steps.map((step) =>
    span.step === "hour" ? `${step.slice(5, 10)} ${step.slice(11, 16)}` : step.slice(5),
  );
  return { labels, series: series.map((name) => ({ name, values: values.get(name) ?? [] })) };
}

function namesByCost(rows: readonly SpendRow[], by: FilterName): readonly string[] {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const name = nameOf(row, by);
    sums.set(name, (sums.get(name) ?? 0) + Number(row.cost_usd ?? 0));
  }
  return [...sums].toSorted(([, left], [, right]) => right - left).map(([name]) => name);
}

function nameOf(row: SpendRow, by: FilterName): string {
  return row[by] ?? unnamed;
}

/** As the ledger writes them, those without a row included. */
function stepsOf({ since, until, step }: Span): readonly string[] {
  const stepMs = step === "hour" ? 3_600_000 : 86_400_000;
  const first = Math.floor(Date.parse(since) / stepMs);
  const count = Math.ceil(Date.parse(until) / stepMs) - first;
  return Array.from({ length: Math.max(0, count) }, (_, at) => {
    const text = new Date((first + at) * stepMs).toISOString();
    return step === "hour" ? `${text.slice(0, 19)}Z` : text.slice(0, 10);
  });
}
