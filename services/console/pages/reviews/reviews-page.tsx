/** Answers that wait for a person: the queue, due first, and beside it the one that is decided on. */
import type { QueueAnswer } from "../../../gateway/reviews/review-routes.ts";
import { useLive } from "../../data/use-live.ts";
import { counted } from "../../format/numbers.ts";
import { useQuery } from "../../navigation/place.ts";
import { useShortcuts } from "../../navigation/shortcuts.ts";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { Skeleton } from "../../parts/skeleton.tsx";
import { HeldAnswer } from "./held-answer.tsx";
import { moved, narrowed, nextAfter } from "./queue.ts";
import { QueueFilters } from "./queue-filters.tsx";
import { QueueList } from "./queue-list.tsx";
import "./reviews.css";

const everyMs = 5000;

export function Page() {
  const { data, error, refresh } = useLive<QueueAnswer>("/v1/reviews?limit=500", everyMs);
  const [chosen, choose] = useQuery("run");
  const [client] = useQuery("client");
  const [harness] = useQuery("harness");
  const shown = narrowed(data?.reviews ?? [], { client, harness });
  const current = chosen ?? shown[0]?.run_id ?? null;
  useShortcuts([
    { keys: "j", label: "Next answer", run: () => choose(moved(shown, current, 1)) },
    { keys: "k", label: "Answer before", run: () => choose(moved(shown, current, -1)) },
  ]);
  if (data === null && error !== null) return <Failed error={error} onRetry={refresh} />;
  const leave = (): void => {
    choose(current === null ? null : nextAfter(shown, current));
    refresh();
  };
  return (
    <>
      <div class="page-head">
        <h1>Reviews</h1>
        <p class="quiet" role="status">
          {data === null ? "\u00a0" : `${counted(data.waiting, "answer")} waiting, ${data.escalated} urgent`}
        </p>
      </div>
      <div class={chosen === null ? "reviews" : "reviews has-chosen"}>
        <section class="card review-queue" aria-label="Queue">
          <QueueFilters queue={data?.reviews ?? []} />
          {data === null ? <Skeleton lines={8} /> : <QueueList items={shown} current={current} />}
        </section>
        {current === null ? (
          data === null ? null : (
            <NothingWaits isNarrowed={data.waiting > 0} />
          )
        ) : (
          <HeldAnswer key={current} runId={current} onLeave={leave} onBack={() => choose(null)} />
        )}
      </div>
    </>
  );
}

function NothingWaits({ isNarrowed }: { readonly isNarrowed: boolean }) {
  return (
    <section class="card">
      {isNarrowed ? (
        <Empty title="Nothing like this waits.">Other answers do: choose any client and any harness.</Empty>
      ) : (
        <Empty title="Nothing waits for a person.">
          An answer comes here when its harness's policy says <code>review</code>. This page shows it by itself.
        </Empty>
      )}
    </section>
  );
}
