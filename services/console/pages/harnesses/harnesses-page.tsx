/** All harnesses: what new runs get, and what their runs cost lately. They are only looked at here. */
import type { HarnessesView } from "../../../gateway/harnesses/harness-views.ts";
import { useLive } from "../../data/use-live.ts";
import { grouped, percent } from "../../format/numbers.ts";
import { linkTo } from "../../navigation/place.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { Money } from "../../parts/money.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";
import { Models } from "./models.tsx";
import "./harnesses.css";

type Harness = HarnessesView["harnesses"][number];

const everyMs = 30_000;

const columns: readonly Column<Harness>[] = [
  { head: "Harness", cell: ({ name }) => <span class="one-line">{name}</span>, sortBy: ({ name }) => name },
  { head: "Version", cell: (harness) => <Version {...harness} /> },
  { head: "Policy", cell: ({ policy }) => policy, sortBy: ({ policy }) => policy, isMinor: true },
  { head: "Models", cell: ({ models }) => <Models models={models} />, isMinor: true },
  {
    head: "Runs, 7 days",
    cell: ({ recent }) => (recent === null ? <span class="quiet">unknown</span> : grouped(recent.runs)),
    sortBy: ({ recent }) => recent?.runs ?? null,
    isFigure: true,
  },
  {
    head: "Cost, 7 days",
    cell: ({ recent }) => <Money usd={costOf(recent)} />,
    sortBy: ({ recent }) => Number(costOf(recent) ?? 0),
    isFigure: true,
  },
];

/** Without a run nothing was paid; runs without a price are another matter. */
export function costOf(recent: Harness["recent"]): string | null {
  if (recent === null) return null;
  return recent.runs === 0 ? "0" : recent.cost_usd;
}

export function Page() {
  const { data, error, refresh } = useLive<HarnessesView>("/v1/harnesses", everyMs);
  return (
    <>
      <div class="page-head">
        <h1>Harnesses</h1>
        <p class="quiet">
          Changed by <code>npx breakwater harness apply</code>
        </p>
      </div>
      {data === null && error !== null ? (
        <Failed error={error} onRetry={refresh} />
      ) : (
        <section class="card">
          <Table
            caption="Harnesses by name"
            columns={columns}
            rows={data?.harnesses ?? null}
            keyOf={({ name }) => name}
            hrefOf={({ name }) => linkTo(`/harnesses/${name}`)}
            empty={
              <Empty title="No harness is applied.">
                Apply the examples: <code>npx breakwater harness apply harnesses/</code>
              </Empty>
            }
          />
        </section>
      )}
    </>
  );
}

function Version({ version, versions, canary, shadow }: Harness) {
  return (
    <span class="version">
      <code>{version}</code>
      {versions === 1 ? null : <span class="quiet">of {grouped(versions)}</span>}
      {canary === undefined ? null : <Badge tone="warn">canary {percent(canary.share)}</Badge>}
      {shadow === undefined ? null : <Badge tone="quiet">shadow</Badge>}
    </span>
  );
}
