/** What was spent over time, and by what: each row leads one step further, at the end to the runs. */
import { useMemo, useState } from "preact/hooks";
import type { SpendRow } from "../../../ledger/questions/spend.ts";
import { ChartView } from "../../charts/chart.tsx";
import { useLive } from "../../data/use-live.ts";
import { money } from "../../format/money.ts";
import { counted, grouped } from "../../format/numbers.ts";
import { words } from "../../format/status.ts";
import { linkTo } from "../../navigation/place.ts";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { Money } from "../../parts/money.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";
import { everyMs, splitAs, type AnswerOf } from "./answer-of.ts";
import { narrowedBy, pathOf, runsQuery, splitOf, stepOf, type FilterName } from "./asked.ts";
import { CsvLink } from "./question-section.tsx";
import { stacked, unnamed } from "./stacked.ts";

interface Props {
  readonly query: URLSearchParams;
}

export function SpendSection({ query }: Props) {
  const [nowMs] = useState(Date.now);
  const by = splitOf(query);
  const step = stepOf(query, nowMs);
  const path = pathOf(query, { name: "spend", isOf: "calls", by: [step, by], limit: 10_000 });
  const { data: latest, error, refresh } = useLive<AnswerOf<SpendRow>>(path, everyMs);
  const data = splitAs(latest, [step, by]);
  const chart = useMemo(
    () =>
      data === null
        ? null
        : { kind: "bar" as const, isStacked: true, format: dollars, ...stacked(data.rows, by, { ...data, step }) },
    [data, by, step],
  );
  if (data === null && error !== null) return <Failed error={error} onRetry={refresh} />;
  return (
    <>
      <section class="card">
        <div class="page-head">
          <h2>Spend by {words(by)}, over time</h2>
          <Total answer={data} />
        </div>
        {chart === null ? <div class="chart-place" /> : <ChartView title={`Spend by ${by} a ${step}`} data={chart} />}
      </section>
      <Drill query={query} by={by} />
    </>
  );
}

/** How much, and how much of it is known. */
function Total({ answer }: { readonly answer: AnswerOf<SpendRow> | null }) {
  if (answer === null) return <p class="costs-total">&nbsp;</p>;
  const { cost_usd: cost = null, calls = 0, calls_with_cost: known = 0 } = answer.total;
  const unknown = Number(calls) - Number(known);
  return (
    <p class="costs-total">
      <strong>
        <Money usd={Number(calls) === 0 ? "0" : cost === null ? null : String(cost)} />
      </strong>{" "}
      <span class="quiet">
        {counted(Number(calls), "call")}
        {unknown > 0 ? `, ${grouped(unknown)} of them without a known cost` : ""}
      </span>
    </p>
  );
}

function Drill({ query, by }: Props & { readonly by: FilterName }) {
  const question = { name: "spend", isOf: "calls", by: [by] } as const;
  const { data: latest } = useLive<AnswerOf<SpendRow>>(pathOf(query, { ...question, limit: 200 }), everyMs);
  const data = splitAs(latest, [by]);
  const isLast = query.has(by);
  return (
    <section class="card">
      <div class="page-head">
        <h2>By {words(by)}</h2>
        <div class="bar">
          <a href={linkTo("/runs", runsQuery(query))}>Show the runs</a>
          <CsvLink href={pathOf(query, { ...question, limit: 10_000 }, ".csv")} />
        </div>
      </div>
      <Table
        caption={`What each ${by} cost`}
        rows={data?.rows ?? null}
        keyOf={(row) => JSON.stringify(row[by])}
        hrefOf={(row) => {
          const value = row[by] ?? null;
          // Nothing can be asked for by the name that it lacks.
          if (value === null) return linkTo("/costs", Object.fromEntries(query));
          if (isLast) return linkTo("/runs", runsQuery(query));
          return linkTo("/costs", narrowedBy(query, by, value));
        }}
        expectedRows={8}
        columns={[{ head: headOf(by), cell: (row) => nameOf(row, by), sortBy: (row) => row[by] ?? null }, ...amounts]}
        empty={<Empty title="Nothing was called in this period.">Choose a longer one, or take a filter away.</Empty>}
      />
    </section>
  );
}

function nameOf(row: SpendRow, by: FilterName) {
  const value = row[by] ?? null;
  return value === null ? <span class="quiet">{unnamed}</span> : <ModelText text={value} />;
}

const amounts: readonly Column<SpendRow>[] = [
  { head: "Cost", cell: ({ cost_usd: usd }) => <Money usd={usd} />, sortBy: costOf, isFigure: true },
  {
    head: "At least – at most",
    cell: (row) =>
      row.bound_low_usd === row.cost_usd && row.bound_high_usd === row.cost_usd
        ? ""
        : `${money(row.bound_low_usd)} – ${money(row.bound_high_usd)}`,
    isFigure: true,
    isMinor: true,
  },
  { head: "Calls", cell: ({ calls }) => grouped(calls), sortBy: ({ calls }) => calls, isFigure: true },
  {
    head: "Without a cost",
    cell: (row) => grouped(row.calls - row.calls_with_cost),
    sortBy: (row) => row.calls - row.calls_with_cost,
    isFigure: true,
    isMinor: true,
  },
  {
    head: "Failed",
    cell: (row) => grouped(row.failed_calls),
    sortBy: (row) => row.failed_calls,
    isFigure: true,
    isMinor: true,
  },
  {
    head: "Input",
    cell: (row) => grouped(row.input_tokens),
    sortBy: (row) => row.input_tokens,
    isFigure: true,
    isMinor: true,
  },
  {
    head: "Output",
    cell: (row) => grouped(row.output_tokens),
    sortBy: (row) => row.output_tokens,
    isFigure: true,
    isMinor: true,
  },
];

function costOf({ cost_usd: usd }: SpendRow): number | null {
  return usd === null ? null : Number(usd);
}

function headOf(by: FilterName): string {
  return `${by[0]?.toUpperCase()}${by.slice(1)}`;
}

function dollars(value: number): string {
  return money(value.toFixed(6));
}
