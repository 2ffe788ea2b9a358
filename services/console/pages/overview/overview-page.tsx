/** What somebody wants to know first: what was spent, what wants somebody now, how runs ended, which features cost most. */
import { useMemo, useState } from "preact/hooks";
import type { CostAnswer } from "../../../gateway/native/cost-routes.ts";
import type { Status } from "../../../status/status-view.ts";
import { ChartView } from "../../charts/chart.tsx";
import { Sparkline } from "../../charts/sparkline.tsx";
import { useLive, type Live } from "../../data/use-live.ts";
import { money } from "../../format/money.ts";
import { grouped } from "../../format/numbers.ts";
import { linkTo } from "../../navigation/place.ts";
import { StatusBadge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { Money } from "../../parts/money.tsx";
import { Skeleton } from "../../parts/skeleton.tsx";
import { Table } from "../../parts/tables/table.tsx";
import { Tile } from "../../parts/tile.tsx";
import { BudgetUses } from "../health/budget-uses.tsx";
import { NowTiles } from "./now-tiles.tsx";
import { daysOf, firstOfDays, spendByDay } from "./spend.ts";

const everyMs = 30_000;
const statusEveryMs = 10_000;

export function Page() {
  const [nowMs] = useState(Date.now);
  const today = useLive<CostAnswer>(spentSince(1, nowMs), everyMs);
  const week = useLive<CostAnswer>(spentSince(7, nowMs), everyMs);
  const month = useLive<CostAnswer>(spentSince(30, nowMs), everyMs);
  const status = useLive<Status>("/v1/status", statusEveryMs);
  return (
    <>
      <h1>Overview</h1>
      <section class="tiles" aria-label="Spend">
        <SpendTile name="Spent today" spent={today} />
        <SpendTile name="Last 7 days" spent={week} days={7} nowMs={nowMs} />
        <SpendTile name="Last 30 days" spent={month} days={30} nowMs={nowMs} />
      </section>
      <NowTiles today={today} status={status} />
      <SpendChart month={month} nowMs={nowMs} />
      <div class="columns">
        <Features nowMs={nowMs} />
        <Outcomes week={week} />
        <Budgets status={status} />
      </div>
    </>
  );
}

function spentSince(days: number, nowMs: number): string {
  return `/v1/costs?by=day&from=${firstOfDays(days, nowMs)}`;
}

interface SpendTileProps {
  readonly name: string;
  readonly spent: Live<CostAnswer>;
  /** With a line of so many days. */
  readonly days?: number;
  readonly nowMs?: number;
}

function SpendTile({ name, spent: { data, error }, days = 1, nowMs = 0 }: SpendTileProps) {
  const figure = data === null ? error === null ? null : "–" : <Money usd={data.total.cost_usd ?? "0"} />;
  return (
    <Tile name={name} figure={figure} href={linkTo("/costs")}>
      {data === null || days === 1 ? null : (
        <Sparkline values={spendByDay(data, days, nowMs)} label={`Spend on each of the last ${days} days`} />
      )}
    </Tile>
  );
}

const chartDays = 30;

function SpendChart({ month: { data }, nowMs }: { readonly month: Live<CostAnswer>; readonly nowMs: number }) {
  const values = useMemo(() => (data === null ? null : spendByDay(data, chartDays, nowMs)), [data, nowMs]);
  const chart = useMemo(
    () =>
      values === null
        ? null
        : {
            kind: "bar" as const,
            labels: daysOf(chartDays, nowMs),
            series: [{ name: "Spend", values }],
            format: (value: number) => money(value.toFixed(6)),
          },
    [values, nowMs],
  );
  return (
    <section class="card">
      <h2>Spend by day</h2>
      {chart === null || values?.every((value) => value === 0) === true ? (
        <div class="chart-place table-empty">
          {chart === null ? null : <Empty title="Nothing was spent in the last 30 days." />}
        </div>
      ) : (
        <ChartView title="Spend on each of the last 30 days" data={chart} />
      )}
    </section>
  );
}

const mostFeatures = 8;

function Features({ nowMs }: { readonly nowMs: number }) {
  const path = `/v1/costs?by=feature&from=${firstOfDays(30, nowMs)}`;
  const { data, error, refresh } = useLive<CostAnswer>(path, everyMs);
  if (data === null && error !== null) return <Failed error={error} onRetry={refresh} />;
  return (
    <section class="card">
      <h2>Features, last 30 days</h2>
      <Table
        caption="What each feature cost in the last 30 days"
        rows={data === null ? null : data.lines.slice(0, mostFeatures)}
        expectedRows={mostFeatures}
        keyOf={(line) => JSON.stringify(line["feature"])}
        columns={[
          { head: "Feature", cell: ({ feature }) => <Feature name={feature} /> },
          { head: "Cost", cell: (line) => <Money usd={line.cost_usd} />, isFigure: true },
          { head: "Calls", cell: (line) => grouped(line.calls), isFigure: true },
        ]}
        empty={
          <Empty title="Nothing was called in the last 30 days.">
            Publish a run: <code>npx breakwater publish --harness summarise --text 'Some text.' --wait</code>
          </Empty>
        }
      />
    </section>
  );
}

function Feature({ name }: { readonly name: unknown }) {
  return typeof name === "string" ? <ModelText text={name} /> : <span class="quiet">none named</span>;
}

function Outcomes({ week: { data } }: { readonly week: Live<CostAnswer> }) {
  return (
    <section class="card">
      <h2>How runs ended, last 7 days</h2>
      <Table
        caption="How many runs ended how in the last 7 days"
        rows={data?.run_statuses ?? null}
        keyOf={({ status }) => status}
        columns={[
          { head: "Status", cell: ({ status }) => <StatusBadge status={status} /> },
          { head: "Runs", cell: ({ runs }) => grouped(runs), isFigure: true },
        ]}
        empty={<Empty title="No run ended in the last 7 days." />}
      />
    </section>
  );
}

const shownBudgets = 5;

function Budgets({ status: { data } }: { readonly status: Live<Status> }) {
  return (
    <section class="card health-card">
      <h2>Budgets</h2>
      {data === null ? (
        <Skeleton lines={4} />
      ) : data.budgets === null ? (
        <Empty title="Unknown: they cannot be asked for." />
      ) : (
        <BudgetUses budgets={data.budgets.slice(0, shownBudgets)} />
      )}
    </section>
  );
}
