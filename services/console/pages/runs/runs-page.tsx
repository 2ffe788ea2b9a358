/** Runs, newest first, as the filters in the address choose them; new ones come in by themselves. */
import { useMemo } from "preact/hooks";
import type { RunsAnswer } from "../../../gateway/native/inspect/run-search-route.ts";
import type { FoundRun } from "../../../ledger/runs/search-runs.ts";
import { useLive } from "../../data/use-live.ts";
import { grouped } from "../../format/numbers.ts";
import { span } from "../../format/times.ts";
import { linkTo, usePlace } from "../../navigation/place.ts";
import { StatusBadge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { Money } from "../../parts/money.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";
import { Time } from "../../parts/time.tsx";
import { RunFilters } from "./run-filters.tsx";
import { isNarrowed, runsPath } from "./runs-path.ts";
import "./runs.css";

export function Page() {
  const { query } = usePlace();
  const search = query.toString();
  const path = useMemo(() => runsPath(new URLSearchParams(search), Date.now()), [search]);
  const { data, error, isLoading, refresh } = useLive<RunsAnswer>(path);
  return (
    <>
      <div class="page-head">
        <h1>Runs</h1>
      </div>
      <section class="card" aria-label="Search">
        <RunFilters query={query} />
      </section>
      {error !== null && (data === null || isLoading || error.status === 400) ? (
        <Failed error={error} onRetry={refresh} />
      ) : (
        <section class="card" aria-label="Runs">
          <Table
            caption="Runs, newest first"
            rows={data?.runs ?? null}
            keyOf={({ run_id: id }) => id}
            hrefOf={({ run_id: id }) => linkTo(`/runs/${id}`)}
            columns={columns}
            expectedRows={12}
            empty={<NoRuns isNarrowed={isNarrowed(query)} />}
          />
          <Pages query={query} next={data?.next ?? null} />
        </section>
      )}
    </>
  );
}

const none = <span class="quiet">–</span>;
const named = (name: string | null) => (name === null ? none : <ModelText text={name} />);

const columns: readonly Column<FoundRun>[] = [
  { head: "Run", cell: ({ run_id: id }) => <ShortId id={id} /> },
  { head: "Status", cell: ({ status }) => <StatusBadge status={status} /> },
  { head: "Harness", cell: ({ harness }) => named(harness), isMinor: true },
  { head: "Client", cell: ({ client_id: client }) => named(client), isMinor: true },
  { head: "Feature", cell: ({ feature }) => named(feature), isMinor: true },
  { head: "Model", cell: ({ answered_model: model }) => named(model), isMinor: true },
  { head: "Calls", cell: ({ calls }) => grouped(calls), isFigure: true, isMinor: true },
  { head: "Cost", cell: ({ calls, cost_usd: usd }) => (calls === 0 ? none : <Money usd={usd} />), isFigure: true },
  { head: "Took", cell: ({ duration_ms: ms }) => (ms === null ? none : span(ms)), isFigure: true, isMinor: true },
  { head: "When", cell: ({ at }) => <Time atMs={Date.parse(at)} />, isFigure: true },
];

/** Runs of the same minute begin alike: beginning and end tell them apart. */
function ShortId({ id }: { readonly id: string }) {
  return (
    <code class="run-id" title={id}>
      <span class="unseen">{id}</span>
      <span aria-hidden="true">
        {id.slice(0, 8)}…{id.slice(-4)}
      </span>
    </code>
  );
}

function NoRuns({ isNarrowed: isSearch }: { readonly isNarrowed: boolean }) {
  if (isSearch)
    return (
      <Empty title="No run is like this.">
        <a href={linkTo("/runs")}>Show all runs</a>
      </Empty>
    );
  return (
    <Empty title="No run has ended yet.">
      Publish one: <code>npx breakwater publish --harness summarise --text 'Some text.' --wait</code>
    </Empty>
  );
}

interface PagesProps {
  readonly query: URLSearchParams;
  readonly next: string | null;
}

function Pages({ query, next }: PagesProps) {
  const filters = Object.fromEntries(query);
  const isFirst = !query.has("cursor");
  return (
    <nav class="run-pages" aria-label="Pages">
      {isFirst ? (
        <span class="quiet">The newest</span>
      ) : (
        <a href={linkTo("/runs", { ...filters, cursor: null })}>To the newest</a>
      )}
      {next === null ? (
        <span class="quiet">No older ones</span>
      ) : (
        <a href={linkTo("/runs", { ...filters, cursor: next })}>Older runs</a>
      )}
    </nav>
  );
}
