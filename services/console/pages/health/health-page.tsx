/**
 * Whether the system works: what is wrong, how far each stage is, what is under
 * way, breakers, pauses and budgets. What could not be asked for is said to be
 * unknown, and is never shown as none.
 */
import type { Status } from "../../../status/status-view.ts";
import { useLive } from "../../data/use-live.ts";
import { grouped } from "../../format/numbers.ts";
import { span } from "../../format/times.ts";
import { linkTo } from "../../navigation/place.ts";
import { Failed } from "../../parts/failed.tsx";
import { Skeleton } from "../../parts/skeleton.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";
import { Tile } from "../../parts/tile.tsx";
import { Breakers, Budgets, Pauses } from "./health-parts.tsx";
import "./health.css";

type Stage = Status["stages"][number];

interface Props {
  readonly status: Status;
}

const everyMs = 5000;
const unknown = <span class="quiet">unknown</span>;

const columns: readonly Column<Stage>[] = [
  { head: "Stage", cell: ({ stage }) => <span class="one-line">{stage}</span> },
  {
    head: "Processes",
    cell: ({ processes }) => (processes === null ? unknown : <Processes count={processes} />),
    isFigure: true,
  },
  { head: "Behind", cell: ({ behind }) => (behind === null ? unknown : grouped(behind)), isFigure: true },
  {
    head: "Oldest",
    cell: ({ oldest_wait_ms: waitMs, behind }) => (waitMs === null ? unknown : behind === 0 ? "–" : span(waitMs)),
    isFigure: true,
  },
];

export function Page() {
  const { data: status, error, refresh } = useLive<Status>("/v1/status", everyMs);
  if (status === null && error !== null)
    return (
      <>
        <h1>Health</h1>
        <Failed error={error} onRetry={refresh} />
      </>
    );
  return (
    <>
      <h1>Health</h1>
      {status === null ? <Skeleton lines={12} /> : <Shown status={status} />}
    </>
  );
}

function Shown({ status }: Props) {
  return (
    <>
      <Verdict status={status} />
      <UnderWay status={status} />
      <div class="columns">
        <section class="card">
          <h2>Stages</h2>
          <Table
            caption="How the stages stand"
            columns={columns}
            rows={status.stages}
            keyOf={({ stage }) => stage}
            empty={null}
          />
        </section>
        <Budgets status={status} />
        <Breakers status={status} />
        <Pauses status={status} />
      </div>
    </>
  );
}

function Processes({ count }: { readonly count: number }) {
  return count === 0 ? <span class="bad">none</span> : <>{grouped(count)}</>;
}

/** Announced to who does not see it when it changes. */
function Verdict({ status }: Props) {
  return (
    <section class={`card health-verdict ${status.healthy ? "" : "health-verdict-bad"}`} role="status">
      {!status.healthy ? (
        <ul class="health-problems">
          {status.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      ) : (
        <p>
          <strong class="good">Everything runs.</strong>{" "}
          {status.unknown.length === 0 ? null : <span class="quiet">Not known: {status.unknown.join(", ")}.</span>}
        </p>
      )}
    </section>
  );
}

function UnderWay({ status }: Props) {
  const figure = (value: number | null, text: (value: number) => string) => (value === null ? unknown : text(value));
  const { calls, in_review: inReview, ledger_delay_ms: delayMs } = status;
  return (
    <section class="tiles" aria-label="Under way">
      <Tile name="Calls in flight" figure={figure(calls?.in_flight ?? null, grouped)}>
        <span class="quiet">{oldestCall(calls)}</span>
      </Tile>
      <Tile name="Ledger's delay" figure={figure(delayMs, (ms) => (ms === 0 ? "none" : span(ms)))}>
        <span class="quiet">so long the oldest record waits for it</span>
      </Tile>
      <Tile name="Waiting for a person" figure={figure(inReview, grouped)} href={linkTo("/reviews")} />
    </section>
  );
}

function oldestCall(calls: Status["calls"]): string {
  if (calls === null) return "";
  return calls.oldest_ms === null ? "" : `the oldest for ${span(calls.oldest_ms)}`;
}
