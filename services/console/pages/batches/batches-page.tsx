/** All batches, the newest first, with how far each is and what it costs; those of one client when the address says so. */
import type { BatchList } from "../../../gateway/batches/view/batch-view.ts";
import { useLive } from "../../data/use-live.ts";
import { span } from "../../format/times.ts";
import { linkTo, useQuery } from "../../navigation/place.ts";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { Money } from "../../parts/money.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";
import { Time } from "../../parts/time.tsx";
import { BatchState } from "./batch-state.tsx";
import { ProgressBar } from "./progress-bar.tsx";
import "./batches.css";

type Batch = BatchList["batches"][number];

const everyMs = 5000;
const most = 100;

const columns: readonly Column<Batch>[] = [
  {
    head: "Batch",
    cell: ({ batch_id: id }) => (
      <code class="short-id" title={id}>
        {shortId(id)}
      </code>
    ),
  },
  { head: "Progress", cell: (batch) => <Progress {...batch} /> },
  { head: "State", cell: (batch) => <BatchState batch={batch} progress={batch.progress} /> },
  {
    head: "Harness",
    cell: ({ harness }) => <span class="short-id">{harness}</span>,
    sortBy: ({ harness }) => harness,
    isMinor: true,
  },
  { head: "Client", cell: ({ client_id: client }) => client, sortBy: ({ client_id: client }) => client, isMinor: true },
  {
    head: "Cost",
    cell: ({ progress }) => (progress === null ? null : <Money usd={progress.spent.cost_usd ?? noCost(progress)} />),
    sortBy: ({ progress }) => Number(progress?.spent.cost_usd ?? 0),
    isFigure: true,
    isMinor: true,
  },
  { head: "Left", cell: ({ progress }) => <Left rest={progress?.rest ?? null} />, isFigure: true, isMinor: true },
  {
    head: "Taken in",
    cell: ({ created_at_ms: atMs }) => <Time atMs={atMs} />,
    sortBy: ({ created_at_ms: atMs }) => atMs,
    isFigure: true,
    isMinor: true,
  },
];

export function Page() {
  const [client, setClient] = useQuery("client");
  const ofClient = client === null ? "" : `&client=${encodeURIComponent(client)}`;
  const { data, error, refresh } = useLive<BatchList>(`/v1/batches?limit=${most}${ofClient}`, everyMs);
  return (
    <>
      <div class="page-head">
        <h1>Batches</h1>
      </div>
      <form
        class="bar"
        onSubmit={(event) => {
          event.preventDefault();
          const asked = new FormData(event.currentTarget).get("client");
          setClient(typeof asked === "string" && asked.trim() !== "" ? asked.trim() : null);
        }}
      >
        <label class="field">
          <span>Client</span>
          <input name="client" defaultValue={client ?? ""} maxLength={128} placeholder="all" autoComplete="off" />
        </label>
        <button type="submit">Show</button>
      </form>
      {data === null && error !== null ? (
        <Failed error={error} onRetry={refresh} />
      ) : (
        <section class="card">
          <Table
            caption="Batches, newest first"
            columns={columns}
            rows={data?.batches ?? null}
            keyOf={({ client_id: clientId, batch_id: id }) => `${clientId}/${id}`}
            hrefOf={({ batch_id: id }) => linkTo(`/batches/${encodeURIComponent(id)}`)}
            empty={client === null ? <NoBatches /> : <Empty title={`No batch of ${client} is known.`} />}
          />
        </section>
      )}
    </>
  );
}

/** The end of a UUID tells batches apart; other ids are somebody's own words. */
function shortId(id: string): string {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id) ? `…${id.slice(-8)}` : id;
}

/** Without a call nothing was paid; a call without a price is another matter. */
function noCost({ spent: { calls } }: NonNullable<Batch["progress"]>): string | null {
  return calls === 0 ? "0" : null;
}

function Progress({ documents, progress }: Batch) {
  if (progress === null) return <span class="quiet">the ledger does not answer</span>;
  return <ProgressBar documents={documents} progress={progress} />;
}

function Left({ rest }: { readonly rest: NonNullable<Batch["progress"]>["rest"] }) {
  if (rest === null) return <span class="quiet">–</span>;
  return (
    <>
      {rest.ms === null ? "" : `~ ${span(rest.ms)}, `}
      <Money usd={rest.usd} />
    </>
  );
}

function NoBatches() {
  return (
    <Empty title="No batch was taken in yet.">
      Upload one: <code>POST /v1/batches?harness=summarise</code> with a run on each line, or{" "}
      <code>npx breakwater batch --harness summarise --client acme documents/</code>
    </Empty>
  );
}
