/** One held answer: what it is, why it is held, what was found in it, and the decision. */
import type { ReviewDocument } from "../../../gateway/reviews/review-view.ts";
import { session } from "../../data/session.ts";
import { useStore } from "../../data/store.ts";
import { useLive } from "../../data/use-live.ts";
import { linkTo } from "../../navigation/place.ts";
import { answerText } from "../../parts/answers/answer-text.ts";
import { GuardReport } from "../../parts/answers/guard-report.tsx";
import { Output } from "../../parts/answers/output.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { Skeleton } from "../../parts/skeleton.tsx";
import { Time } from "../../parts/time.tsx";
import { Decided } from "./decided.tsx";
import { DecideBar } from "./decide/decide-bar.tsx";
import { DueIn } from "./due-in.tsx";
import { marksOf } from "./marks-of.ts";
import { WhyHeld } from "./why-held.tsx";

interface HeldAnswerProps {
  readonly runId: string;
  /** When it is done with: the next one, please. */
  readonly onLeave: () => void;
  /** To the queue, on a phone. */
  readonly onBack: () => void;
}

const everyMs = 5000;

export function HeldAnswer({ runId, onLeave, onBack }: HeldAnswerProps) {
  const { data: item, error, refresh } = useLive<ReviewDocument>(`/v1/reviews/${encodeURIComponent(runId)}`, everyMs);
  return (
    <section class="card review-item" aria-label="Held answer">
      <button type="button" class="plain review-back" onClick={onBack}>
        ← Queue
      </button>
      {item !== null ? (
        <>
          <Head item={item} />
          {item.decision === null ? (
            <DecideBar item={item} onDecided={onLeave} onChanged={refresh} />
          ) : (
            <Decided decision={item.decision} onLeave={onLeave} />
          )}
          <WhyHeld item={item} />
          <Held item={item} />
          <Checked item={item} />
        </>
      ) : error === null ? (
        <Skeleton lines={12} />
      ) : error.status === 404 ? (
        <Empty title="No answer of this run is held.">
          <button type="button" onClick={onLeave}>
            Next answer
          </button>
        </Empty>
      ) : (
        <Failed error={error} onRetry={refresh} />
      )}
    </section>
  );
}

const afterwards = { reject: "rejected", release: "given as it is", fallback: "answered with the fallback" } as const;

function Head({ item }: { readonly item: ReviewDocument }) {
  const { run_id: id, client_id: client, harness, feature, document, held_at_ms: heldAtMs, due_at_ms: dueAtMs } = item;
  return (
    <header class="review-head">
      <h2>
        {harness.name} <span class="quiet">for</span> <ModelText text={client} />
        {item.escalated && item.decision === null ? <Badge tone="warn">urgent</Badge> : null}
      </h2>
      <p class="quiet">
        Held <Time atMs={heldAtMs} />
        {item.decision === null ? (
          <>
            , <DueIn atMs={dueAtMs} />; then it is {afterwards[item.on_timeout]}
          </>
        ) : null}
        . By {item.answered_by.provider} {item.answered_by.model}, attempt {item.attempt}.{" "}
        {feature === undefined ? null : `Feature ${feature}. `}
        {document === undefined ? null : (
          <>
            Document <ModelText text={document} />.{" "}
          </>
        )}
        <RunLink runId={id} />
      </p>
    </header>
  );
}

/** For who may see runs. */
function RunLink({ runId }: { readonly runId: string }) {
  const now = useStore(session);
  if (now.kind !== "in" || !now.view.scopes.admin) return null;
  return <a href={linkTo(`/runs/${runId}`)}>The run</a>;
}

function Held({ item }: { readonly item: ReviewDocument }) {
  const { output, tool_calls: calls = [], sealed, erased, values_restored: restored } = item;
  return (
    <div class="review-part">
      <h3>Answer</h3>
      {sealed === true ? (
        <p class="quiet">
          Sealed under its data subject's key, and not shown: this gateway has no key that opens it. It can be approved
          or rejected unseen.
        </p>
      ) : null}
      {erased === true ? (
        <p class="quiet">Its data subject was erased: nobody can read the answer any more. Reject it.</p>
      ) : null}
      {restored === undefined ? null : <p class="quiet">{restored} values of pseudonyms are back in it.</p>}
      {output === undefined ? null : (
        <Output name="The held answer" text={answerText(output)} marks={marksOf(output, item.guards)} />
      )}
      {calls.map(({ id, name, arguments: given }) => (
        <div key={id}>
          <h3>
            Calls <ModelText text={name} />
          </h3>
          <Output name={`Arguments of ${name}`} text={answerText(given)} />
        </div>
      ))}
    </div>
  );
}

function Checked({ item: { guards, contract } }: { readonly item: ReviewDocument }) {
  return (
    <details>
      <summary>Guards and contract</summary>
      <ul class="review-guards">
        {guards.map((report, index) => (
          <li key={index}>
            <GuardReport report={report} />
          </li>
        ))}
      </ul>
      <Output name="The contract" text={JSON.stringify(contract, null, 2)} />
    </details>
  );
}
