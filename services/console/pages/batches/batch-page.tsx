/** One batch: how far it is, what it costs, its documents by how they ended; and its end, when somebody orders it. */
import { useState } from "preact/hooks";
import type { BatchStatus, BatchView } from "../../../gateway/batches/view/batch-view.ts";
import { ApiError, send } from "../../data/api.ts";
import { useLive } from "../../data/use-live.ts";
import { counted, grouped } from "../../format/numbers.ts";
import { span } from "../../format/times.ts";
import { linkTo } from "../../navigation/place.ts";
import { notify } from "../../frame/toasts.tsx";
import type { PageProps } from "../../pages.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { Money } from "../../parts/money.tsx";
import { Skeleton } from "../../parts/skeleton.tsx";
import { Tile } from "../../parts/tile.tsx";
import { Time } from "../../parts/time.tsx";
import { BatchState } from "./batch-state.tsx";
import { Documents } from "./documents.tsx";
import { ProgressBar } from "./progress-bar.tsx";
import "./batches.css";

const everyMs = 5000;

export function Page({ params: { id = "" } }: PageProps) {
  const path = `/v1/batches/${encodeURIComponent(id)}`;
  const { data, error, refresh } = useLive<BatchStatus>(path, everyMs);
  const [isCancelling, setCancelling] = useState(false);
  if (data === null && error !== null)
    return error.status === 404 || error.status === 400 ? <NotThere /> : <Failed error={error} onRetry={refresh} />;
  if (data === null) return <Skeleton lines={10} />;
  const close = (): void => {
    setCancelling(false);
    refresh();
  };
  return (
    <>
      <div class="page-head">
        <div>
          <p class="quiet">
            <a href={linkTo("/batches")}>Batches</a>
          </p>
          <h1 class="batch-id">{data.batch_id}</h1>
          <About batch={data} />
        </div>
        {data.ended === true ? null : (
          <button type="button" class="danger" onClick={() => setCancelling(true)}>
            Cancel…
          </button>
        )}
      </div>
      <section class="card" aria-label="Progress">
        <div class="state-line">
          <BatchState batch={data} progress={data} />
          <ProgressBar documents={data.documents} progress={data} />
        </div>
      </section>
      <Figures batch={data} />
      <Documents batch={data} />
      {isCancelling ? <CancelDialog batch={data} onClose={close} /> : null}
    </>
  );
}

function About({ batch }: { readonly batch: BatchView }) {
  const { harness, version, client_id: client, feature, source, created_at_ms: atMs, deadline_at_ms: dueMs } = batch;
  return (
    <p class="quiet">
      <a href={linkTo(`/harnesses/${harness}`, { version })}>{harness}</a> for {client}
      {feature === undefined ? "" : `, ${feature}`}; {source === "http" ? "uploaded" : "from the command line"}{" "}
      <Time atMs={atMs} />
      {dueMs === null ? null : (
        <>
          ; time until <Time atMs={dueMs} isExact />
        </>
      )}
    </p>
  );
}

function Figures({ batch }: { readonly batch: BatchStatus }) {
  const { finished, failed, in_review: held, spent, rest, duplicates } = batch;
  return (
    <div class="tiles batch-figures">
      <Tile name="Answered" figure={grouped(finished - failed)}>
        {duplicates === null || duplicates === 0 ? null : (
          <span class="quiet">{counted(duplicates, "duplicate line")} beside</span>
        )}
      </Tile>
      <Tile name="Without an answer" figure={grouped(failed)} />
      <Tile name="In review" figure={grouped(held)} {...(held === 0 ? {} : { href: linkTo("/reviews") })} />
      <Tile name="Cost so far" figure={<Money usd={spent.calls === 0 ? "0" : spent.cost_usd} />}>
        <span class="quiet">
          {counted(spent.calls, "call")}
          {spent.unpriced_calls === 0 ? "" : `, ${grouped(spent.unpriced_calls)} of unknown cost`}
        </span>
      </Tile>
      <Tile name="Cost per document" figure={<Money usd={batch.usd_per_document} />} />
      <Tile name="The rest" figure={rest === null ? "–" : <Money usd={rest.usd} />}>
        <span class="quiet">{rest === null ? restUnknown(batch) : restWords(rest)}</span>
      </Tile>
    </div>
  );
}

function restWords({ documents, ms }: NonNullable<BatchStatus["rest"]>): string {
  return `${counted(documents, "document")}${ms === null ? "" : `, about ${span(ms)} if it goes on so`}`;
}

function restUnknown({ ended }: BatchStatus): string {
  return ended === true ? "Nothing is left." : "How many are left is known where the batch was started.";
}

function CancelDialog({ batch, onClose }: { readonly batch: BatchStatus; readonly onClose: () => void }) {
  const [error, setError] = useState<ApiError | null>(null);
  const [isUnderWay, setUnderWay] = useState(false);
  const cancel = async (): Promise<void> => {
    setUnderWay(true);
    try {
      await send<BatchView>("POST", `/v1/batches/${encodeURIComponent(batch.batch_id)}/cancel`);
      notify("Cancelling: what has no result ends as cancelled.");
      onClose();
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
    } finally {
      setUnderWay(false);
    }
  };
  return (
    <Dialog title="Cancel this batch?" onClose={onClose}>
      <p>
        {batch.rest === null
          ? "Every document without a result ends as cancelled."
          : `${counted(batch.rest.documents, "document")} without a result end as cancelled.`}{" "}
        Nothing more is paid for them. What is done stays done, and this cannot be undone.
      </p>
      {error === null ? null : <Failed error={error} onRetry={() => void cancel()} />}
      <div class="bar">
        <button type="button" class="danger" disabled={isUnderWay} onClick={() => void cancel()}>
          Cancel the batch
        </button>
        <button type="button" onClick={onClose}>
          Let it go on
        </button>
      </div>
    </Dialog>
  );
}

function NotThere() {
  return (
    <Empty title="There is no such batch." isPage>
      <a href={linkTo("/batches")}>All batches</a>
    </Empty>
  );
}
