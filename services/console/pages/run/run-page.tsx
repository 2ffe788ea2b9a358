/** One run: how it ended, what happened to it and when, what each call cost, and its answer. */
import { useState } from "preact/hooks";
import type { ShownRun } from "../../../gateway/native/inspect/shown-run.ts";
import { useLive } from "../../data/use-live.ts";
import { linkTo } from "../../navigation/place.ts";
import type { PageProps } from "../../pages.ts";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { Skeleton } from "../../parts/skeleton.tsx";
import { Answer } from "./answer.tsx";
import { Calls } from "./calls.tsx";
import { Decisions, Reviews } from "./decisions.tsx";
import { LanesView } from "./lanes-view.tsx";
import { RunFacts } from "./run-facts.tsx";
import "./run.css";

/** What has ended changes no more, but for what the ledger learns late. */
const endedEveryMs = 60_000;
const runningEveryMs = 3000;

export function Page({ params: { id = "" } }: PageProps) {
  const [everyMs, setEveryMs] = useState(runningEveryMs);
  const { data: run, error, refresh } = useLive<ShownRun>(`/v1/runs/${encodeURIComponent(id)}`, everyMs);
  const isOver = run?.state === "ended" && run.timeline?.result !== null;
  if (isOver && everyMs !== endedEveryMs) setEveryMs(endedEveryMs);
  if (run === null && error?.status === 404) return <NoRun id={id} />;
  if (run === null && error !== null) return <Failed error={error} onRetry={refresh} />;
  return (
    <>
      <div class="page-head">
        <h1 class="run-title">
          Run <code>{id}</code>
        </h1>
        <a href={linkTo("/runs")}>All runs</a>
      </div>
      {run === null ? <Placeholder /> : <Run run={run} />}
    </>
  );
}

function Run({ run }: { readonly run: ShownRun }) {
  const { timeline } = run;
  return (
    <>
      <RunFacts run={run} />
      <Answer run={run} />
      {timeline === null ? (
        <Empty title="The ledger does not answer.">What happened to this run shows when it does.</Empty>
      ) : (
        <>
          <LanesView timeline={timeline} />
          <Calls calls={timeline.calls} />
          <Reviews reviews={timeline.reviews} />
          <Decisions timeline={timeline} />
        </>
      )}
    </>
  );
}

function Placeholder() {
  return (
    <>
      <section class="card run-facts">
        <Skeleton lines={4} />
      </section>
      <section class="card run-place">
        <Skeleton lines={8} />
      </section>
    </>
  );
}

function NoRun({ id }: { readonly id: string }) {
  return (
    <Empty title="There is no such run." isPage>
      The ledger follows by a second or two; is <code>{id}</code> its whole id?{" "}
      <a href={linkTo("/runs", { run: id.slice(0, 36) })}>Search for runs that begin so</a>
    </Empty>
  );
}
