/** What the stages decided about a run, with verdicts and rules, and what people did. Without content. */
import type { GuardReport } from "../../../../schemas/parts/finding.ts";
import type { LedgerDecision, LedgerReview, RunTimeline } from "../../../ledger/timeline.ts";
import { counted } from "../../format/numbers.ts";
import { words, type Tone } from "../../format/status.ts";
import { span } from "../../format/times.ts";
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
  const silent = guards.filter((guard) => !acted.includes(guard));
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
          <Guard key={index} guard={guard} />
        ))}
        {reasons.map(({ code, path, message, rule }, index) => (
          <li key={`reason-${index}`}>
            <code>{code}</code> {path === undefined || path === "" ? null : <code>{path}</code>}{" "}
            {rule === undefined || rule === code ? null : <code>{rule}</code>} <ModelText text={message} />
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
const verdictTones: Readonly<Record<GuardReport["verdict"], Tone>> = {
  passed: "good",
  flagged: "warn",
  redacted: "accent",
  blocked: "bad",
  truncated: "warn",
  repaired: "accent",
  sanitised: "accent",
  failed: "bad",
  not_run: "quiet",
  off: "quiet",
};

/** A guard's verdict and the rules that said so. */
export function Guard({ guard: { guard, verdict, findings, detail } }: { readonly guard: GuardReport }) {
  return (
    <li>
      {words(guard)} <Badge tone={verdictTones[verdict]}>{words(verdict)}</Badge>
      {detail === undefined ? null : <span class="quiet"> {detail}</span>}
      {findings.length === 0 ? null : (
        <ul>
          {findings.map(({ rule, severity, field, message, score, action }, index) => (
            <li key={index}>
              <code>{rule}</code> <span class="quiet">{severity}</span>
              {field === undefined ? null : <span class="quiet"> in {field}</span>}
              {score === undefined ? null : <span class="quiet"> score {score}</span>}
              {action === undefined ? null : <span class="quiet">: {words(action)}</span>}
              {message === undefined ? null : (
                <>
                  {" "}
                  <ModelText text={message} />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

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
