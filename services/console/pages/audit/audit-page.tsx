/** Who changed what when, newest first, as the filters in the address choose it; new entries come in by themselves. */
import { useMemo } from "preact/hooks";
import type { EventsAnswer } from "../../../gateway/audit/event-route.ts";
import type { AuditEvent } from "../../../ledger/audit/audit-events.ts";
import { useLive } from "../../data/use-live.ts";
import { words } from "../../format/status.ts";
import { linkTo, usePlace } from "../../navigation/place.ts";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";
import { Time } from "../../parts/time.tsx";
import { AuditFilters } from "./audit-filters.tsx";
import { eventsPath, isNarrowed, pageOf } from "./audit-path.ts";
import "./audit.css";

export function Page() {
  const { query } = usePlace();
  const search = query.toString();
  const path = useMemo(() => eventsPath(new URLSearchParams(search), Date.now()), [search]);
  const { data, error, isLoading, refresh } = useLive<EventsAnswer>(path);
  return (
    <>
      <div class="page-head">
        <h1>Audit</h1>
      </div>
      <section class="card" aria-label="Search">
        <AuditFilters query={query} />
        <p class="quiet">
          As the ledger read it. That nothing is missing is proved by <code>npx breakwater audit verify</code>;
          decisions about a run stand on the run's own page.
        </p>
      </section>
      {error !== null && (data === null || isLoading || error.status === 400) ? (
        <Failed error={error} onRetry={refresh} />
      ) : (
        <section class="card" aria-label="Audit">
          <Table
            caption="Who changed what, newest first"
            rows={data?.events ?? null}
            keyOf={({ event_id: id, at }) => `${at} ${id}`}
            hrefOf={hrefOf}
            columns={columns}
            expectedRows={12}
            empty={<Nothing isNarrowed={isNarrowed(query)} />}
          />
          {/* How long the table gets is not known before. */}
          {data === null ? null : <Pages query={query} next={data.next} />}
        </section>
      )}
    </>
  );
}

function hrefOf(event: AuditEvent): string | undefined {
  const page = pageOf(event);
  return page === null ? undefined : linkTo(page);
}

const none = <span class="quiet">–</span>;
const named = (name: string | null) => (name === null ? none : <ModelText text={name} />);

const columns: readonly Column<AuditEvent>[] = [
  { head: "Action", cell: (event) => <Action event={event} /> },
  { head: "What", cell: (event) => <What event={event} /> },
  { head: "By", cell: (event) => <Who event={event} />, isMinor: true },
  { head: "Client", cell: ({ client_id: client }) => named(client), isMinor: true },
  { head: "Version", cell: (event) => <Versions event={event} />, isMinor: true },
  { head: "When", cell: ({ at }) => <Time atMs={Date.parse(at)} />, isFigure: true, isMinor: true },
];

/** On a phone, who and when stand below: they have no columns there. */
function Action({ event }: { readonly event: AuditEvent }) {
  return (
    <>
      <span class="audit-action">{event.action}</span>
      <span class="audit-below quiet">
        <Who event={event} />, <Time atMs={Date.parse(event.at)} />
      </span>
    </>
  );
}

function What({ event: { target, outcome, why } }: { readonly event: AuditEvent }) {
  return (
    <div class="audit-what">
      <ModelText text={target} />
      {outcome === null ? null : <span class="quiet"> {words(outcome)}</span>}
      {why === null ? null : (
        <div class="quiet">
          “<ModelText text={why} />”
        </div>
      )}
    </div>
  );
}

function Who({ event: { by_kind: kind, by_id: id } }: { readonly event: AuditEvent }) {
  if (id === null) return none;
  return (
    <>
      {kind === "api_key" ? <span class="quiet">key </span> : null}
      <ModelText text={id} />
    </>
  );
}

function Versions({ event: { previous_version: before, target_version: now } }: { readonly event: AuditEvent }) {
  if (before === null && now === null) return none;
  return (
    <span class="audit-versions">
      {before === null ? null : <Version name={before} isOver />}
      {before === null ? null : " → "}
      {now === null ? "none" : <Version name={now} />}
    </span>
  );
}

/** Its beginning tells it from the one beside it. */
function Version({ name, isOver = false }: { readonly name: string; readonly isOver?: boolean }) {
  return (
    <code class={isOver ? "quiet" : ""} title={name}>
      {name.length > 12 ? `${name.slice(0, 8)}…` : name}
    </code>
  );
}

function Nothing({ isNarrowed: isSearch }: { readonly isNarrowed: boolean }) {
  if (isSearch)
    return (
      <Empty title="Nothing is like this.">
        <a href={linkTo("/audit")}>Show all</a>
      </Empty>
    );
  return <Empty title="Nothing was changed yet." />;
}

interface PagesProps {
  readonly query: URLSearchParams;
  readonly next: string | null;
}

function Pages({ query, next }: PagesProps) {
  const filters = Object.fromEntries(query);
  return (
    <nav class="audit-pages" aria-label="Pages">
      {query.has("cursor") ? (
        <a href={linkTo("/audit", { ...filters, cursor: null })}>To the newest</a>
      ) : (
        <span class="quiet">The newest</span>
      )}
      {next === null ? (
        <span class="quiet">No older ones</span>
      ) : (
        <a href={linkTo("/audit", { ...filters, cursor: next })}>Older ones</a>
      )}
    </nav>
  );
}
