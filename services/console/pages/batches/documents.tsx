/** The documents of a batch that have their result or wait for a person, newest first, of one status when the address says so. */
import type { RunPage } from "../../../gateway/native/inspect/run-search-route.ts";
import type { BatchStatus } from "../../../gateway/batches/view/batch-view.ts";
import { useLive } from "../../data/use-live.ts";
import { grouped } from "../../format/numbers.ts";
import { words } from "../../format/status.ts";
import { span } from "../../format/times.ts";
import { linkTo, useQuery } from "../../navigation/place.ts";
import { StatusBadge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { Money } from "../../parts/money.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";
import { Time } from "../../parts/time.tsx";

type Run = RunPage["runs"][number];

const shown = 100;

const columns: readonly Column<Run>[] = [
  {
    head: "Document",
    cell: ({ document, run_id: id }) => (
      <span class="document">
        <ModelText text={document ?? id} />
      </span>
    ),
  },
  { head: "Ended as", cell: ({ status }) => <StatusBadge status={status} /> },
  { head: "Attempts", cell: ({ attempts }) => grouped(attempts), isFigure: true, isMinor: true },
  {
    head: "Cost",
    cell: ({ cost_usd: usd, calls }) => <Money usd={calls === 0 ? "0" : usd} />,
    sortBy: ({ cost_usd: usd }) => (usd === null ? null : Number(usd)),
    isFigure: true,
  },
  {
    head: "Took",
    cell: ({ duration_ms: ms }) => (ms === null ? "–" : span(ms)),
    sortBy: ({ duration_ms: ms }) => ms,
    isFigure: true,
    isMinor: true,
  },
  { head: "When", cell: ({ at }) => <Time atMs={Date.parse(at)} />, isFigure: true, isMinor: true },
];

export function Documents({ batch }: { readonly batch: BatchStatus }) {
  const [status, choose] = useQuery("status");
  const asked = { batch: batch.batch_id, client: batch.client_id, ...(status === null ? {} : { status }) };
  const query = new URLSearchParams({ ...asked, limit: String(shown) }).toString();
  const { data, error, refresh } = useLive<RunPage>(`/v1/runs?${query}`);
  return (
    <section class="card">
      <h2>Documents</h2>
      <Statuses batch={batch} chosen={status} onChoose={choose} />
      {data === null && error !== null ? (
        <Failed error={error} onRetry={refresh} />
      ) : (
        <Table
          caption="Documents of the batch, those that ended last first"
          columns={columns}
          rows={data?.runs ?? null}
          keyOf={({ run_id: id }) => id}
          hrefOf={({ run_id: id }) => linkTo(`/runs/${id}`)}
          empty={
            <Empty
              title={status === null ? "No document has its result yet." : `No document ended as ${words(status)}.`}
            />
          }
        />
      )}
      {(data?.next ?? null) === null ? null : (
        <p class="quiet">
          The newest {grouped(shown)} are shown. <a href={linkTo("/runs", asked)}>All of them</a>
        </p>
      )}
    </section>
  );
}

interface StatusesProps {
  readonly batch: BatchStatus;
  readonly chosen: string | null;
  readonly onChoose: (status: string | null) => void;
}

function Statuses({ batch: { by_status: byStatus, in_review: held }, chosen, onChoose }: StatusesProps) {
  const counts = [...Object.entries(byStatus), ...(held === 0 ? [] : [["in_review", held] as const])];
  return (
    <div class="statuses" role="group" aria-label="Only documents that ended as">
      <button type="button" aria-pressed={chosen === null} onClick={() => onChoose(null)}>
        all
      </button>
      {counts.map(([status, count]) => (
        <button key={status} type="button" aria-pressed={chosen === status} onClick={() => onChoose(status)}>
          {words(status)} <span class="figure">{grouped(count)}</span>
        </button>
      ))}
    </div>
  );
}
