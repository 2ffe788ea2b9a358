/** What somebody wants to know first: what was spent, how runs ended, which features cost most. */
import { useState } from "preact/hooks";
import type { CostAnswer } from "../../../gateway/native/cost-routes.ts";
import { Sparkline } from "../../charts/sparkline.tsx";
import { useLive } from "../../data/use-live.ts";
import { grouped } from "../../format/numbers.ts";
import { StatusBadge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { Money } from "../../parts/money.tsx";
import { Table } from "../../parts/tables/table.tsx";
import { Tile } from "../../parts/tile.tsx";
import { firstOfDays, spendByDay } from "./spend.ts";

const everyMs = 30_000;
const periods = [
  { name: "Spent today", days: 1 },
  { name: "Last 7 days", days: 7 },
  { name: "Last 30 days", days: 30 },
] as const;

export function Page() {
  return (
    <>
      <div class="page-head">
        <h1>Overview</h1>
      </div>
      <section class="tiles" aria-label="Spend">
        {periods.map((period) => (
          <SpendTile key={period.days} {...period} />
        ))}
      </section>
      <div class="columns">
        <Features />
        <Outcomes />
      </div>
    </>
  );
}

function SpendTile({ name, days }: (typeof periods)[number]) {
  const [nowMs] = useState(Date.now);
  const { data, error } = useLive<CostAnswer>(`/v1/costs?by=day&from=${firstOfDays(days, nowMs)}`, everyMs);
  const figure = data === null ? error === null ? null : "–" : <Money usd={data.total.cost_usd ?? "0"} />;
  return (
    <Tile name={name} figure={figure}>
      {data === null || days === 1 ? null : (
        <Sparkline values={spendByDay(data, days, nowMs)} label={`Spend on each of the last ${days} days`} />
      )}
    </Tile>
  );
}

function Features() {
  const [nowMs] = useState(Date.now);
  const path = `/v1/costs?by=feature&from=${firstOfDays(30, nowMs)}`;
  const { data, error, refresh } = useLive<CostAnswer>(path, everyMs);
  if (data === null && error !== null) return <Failed error={error} onRetry={refresh} />;
  return (
    <section class="card">
      <h2>Features, last 30 days</h2>
      <Table
        caption="What each feature cost in the last 30 days"
        rows={data === null ? null : data.lines.slice(0, 8)}
        keyOf={(line) => JSON.stringify(line["feature"])}
        columns={[
          { head: "Feature", cell: (line) => line["feature"] ?? <span class="quiet">none named</span> },
          { head: "Cost", cell: (line) => <Money usd={line.cost_usd} />, isFigure: true },
          { head: "Runs", cell: (line) => (line.runs === null ? "" : grouped(line.runs)), isFigure: true },
          { head: "Calls", cell: (line) => grouped(line.calls), isFigure: true, isMinor: true },
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

function Outcomes() {
  const [nowMs] = useState(Date.now);
  const { data } = useLive<CostAnswer>(`/v1/costs?by=harness&from=${firstOfDays(7, nowMs)}`, everyMs);
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
