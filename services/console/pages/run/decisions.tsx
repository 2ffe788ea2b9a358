/** What the stages decided about a run, with verdicts and rules, and what people did. Without content. */
import type { LedgerDecision, LedgerReview, RunTimeline } from "../../../ledger/timeline.ts";
import { counted } from "../../format/numbers.ts";
import { words } from "../../format/status.ts";
import { span } from "../../format/times.ts";
import { GuardReport } from "../../parts/answers/guard-report.tsx";
import { ReasonLine } from "../../parts/answers/reason-line.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { Time } from "../../parts/time.tsx";
import { beginOf, decisionTone } from "./lanes.ts";

export function Decisions({ timeline }: { readonly timeline: RunTimeline }) {
  const beginMs = beginOf(timeline);
  return (
    <section class="card" aria-labelledby="decisions">
      <h2 id="decisions">Decisions</h2>
      {timeline.decisions.length === 0 ? <Empty title="None has reached the ledger yet." /> : null}
      <ol class="decisions">
        {timeline.decisions.map((decision) => (
          <Decision key={decision.event_id} decision={decision} beginMs={beginMs} />
        ))}
      </ol>
    </section>
  );
}

interface DecisionProps {
  readonly decision: LedgerDecision;
  readonly beginMs: number;
}

function Decision({ decision, beginMs }: DecisionProps) {
  const { stage, attempt, decision: word, policy, guards, reasons, decided_at: at, event_id: eventId } = decision;
  const shadow = /\/shadow\/([0-9a-f]{16})$/.exec(eventId)?.[1];
  const acted = guards.filter(({ verdict, findings }) => !quiet.has(verdict) || findings.length > 0);
  const silent = guards.filter(({ verdict, findings }) => verdict === "passed" && findings.length === 0);
  return (
    <li>
      <p class="decision-head">
        <span class="quiet figure">+{span(Math.max(0, Date.parse(at) - beginMs))}</span>
        <strong>{stage}</strong>
        <Badge tone={decisionTone(word)}>{words(word)}</Badge>
        {attempt === 0 ? null : <span class="quiet">attempt {attempt}</span>}
        {policy === null ? null : <span class="quiet">policy {policy}</span>}
        {shadow === undefined ? null : <span class="quiet">version {shadow.slice(0, 8)}, without effect</span>}
      </p>
      <ul class="decision-guards">
        {acted.map((guard, index) => (
          <li key={index}>
            <GuardReport report={guard} />
          </li>
        ))}
        {reasons.map((reason, index) => (
          <li key={`reason-${index}`}>
            <ReasonLine reason={reason} />
          </li>
        ))}
        {silent.length === 0 ? null : (
          <li class="quiet" title={silent.map(({ guard, verdict }) => `${guard}: ${verdict}`).join("\n")}>
            {counted(silent.length, "guard")} found nothing: {silent.map(({ guard }) => words(guard)).join(", ")}
          </li>
        )}
      </ul>
    </li>
  );
}

const quiet: ReadonlySet<string> = new Set(["passed", "off"]);
export function Reviews({ reviews }: { readonly reviews: readonly LedgerReview[] }) {
  if (reviews.length === 0) return null;
  return (
    <section class="card" aria-labelledby="reviews">
      <h2 id="reviews">Review</h2>
      <ol class="decisions">
        {reviews.map((review, index) => (
          <li key={index} class="decision-head">
            <Time atMs={Date.parse(review.at)} isExact />
            <ReviewEvent review={review} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function ReviewEvent({
  review: { event, decision, reviewer, reason, due_at: due, on_timeout: then },
}: {
  readonly review: LedgerReview;
}) {
  if (event === "escalated") return <>urgent: it has waited long</>;
  if (event === "held")
    return (
      <span>
        held for a person
        {due === null ? null : (
          <>
            , due <Time atMs={Date.parse(due)} isExact />
          </>
        )}
        {then === null ? null : <span class="quiet">; {then} when nobody decides</span>}
      </span>
    );
  return (
    <span>
      <strong>{words(decision ?? "decided")}</strong>
      {reviewer === null ? null : (
        <>
          {" by "}
          <ModelText text={reviewer} />
        </>
      )}
      {reason === null ? null : (
        <>
          : <ModelText text={reason} />
        </>
      )}
    </span>
  );
}
