/**
 * One run in the order things happened: decisions with the guards that did
 * something, calls with their cost, the end. Pure: rows of the ledger in, lines
 * out. Nothing here holds content.
 */
import type { GuardReport } from "../../../schemas/parts/finding.ts";
import type { LedgerCall, LedgerDecision, LedgerReview, RunTimeline } from "../../ledger/timeline.ts";
import { wrapped } from "../table.ts";

export interface TimelineEvent {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly who: string;
  readonly what: string;
  readonly details: readonly string[];
}

export function timelineOf(timeline: RunTimeline): readonly TimelineEvent[] {
  const { result, calls, decisions, reviews } = timeline;
  const events = [
    ...(result === null
      ? []
      : [
          {
            at: result.received_at,
            who: "request",
            what: `at ${result.origin_topic}/${result.origin_partition}/${result.origin_offset}`,
            details: [],
          },
        ]),
    ...decisions.map(decisionEvent),
    ...calls.flatMap(callEvents),
    ...reviews.map(reviewEvent),
    ...(result === null
      ? []
      : [{ at: resultAt(result, decisions), who: result.decided_by, what: `result: ${result.status}`, details: [] }]),
  ];
  const ranked = events.map((event, index) => ({ event, index }));
  return ranked
    .toSorted((left, right) => Date.parse(left.event.at) - Date.parse(right.event.at) || left.index - right.index)
    .map(({ event }) => event);
}

/** The stage writes the result and then its decision down: the result is shown after what led to it. */
function resultAt(
  { finished_at: finishedAt, decided_by: stage, status }: NonNullable<RunTimeline["result"]>,
  decisions: RunTimeline["decisions"],
): string {
  const own = decisions.findLast((decision) => decision.stage === stage && decision.decision === status);
  return own !== undefined && Date.parse(own.decided_at) > Date.parse(finishedAt) ? own.decided_at : finishedAt;
}

function decisionEvent({
  decided_at: at,
  stage,
  event_id: eventId,
  attempt,
  decision,
  policy,
  guards,
  reasons,
}: LedgerDecision): TimelineEvent {
  const version = /\/shadow\/([0-9a-f]{16})$/.exec(eventId)?.[1];
  const facts = [
    ...(attempt === 0 ? [] : [`attempt ${attempt}`]),
    ...(policy === null ? [] : [`policy ${policy}`]),
    ...(version === undefined ? [] : [`version ${version}, without effect`]),
  ];
  return {
    at,
    who: stage,
    what: facts.length === 0 ? decision : `${decision} (${facts.join(", ")})`,
    details: [
      ...guards.flatMap(guardLines),
      ...reasons.map(({ code, message, path, rule }) =>
        [code, path, rule === code ? "" : rule, message].filter((part) => part !== undefined && part !== "").join("  "),
      ),
    ],
  };
}

/** Guards that passed share a line with nobody: they are only counted by their absence of findings. */
function guardLines({ guard, verdict, findings, detail }: GuardReport): readonly string[] {
  const head = `${guard}: ${verdict}${detail === undefined ? "" : ` (${detail})`}`;
  return [
    head,
    ...findings.map(({ rule, version, severity, score, action, field, span }) => {
      const where = [field, span === undefined ? undefined : `${span.start}-${span.end}`]
        .filter((part) => part !== undefined)
        .join(" ");
      const done = action === undefined ? "" : `: ${action}`;
      const sure = score === undefined ? "" : ` (score ${score})`;
      return `  ${rule} ${version} ${severity}${sure}${where === "" ? "" : ` at ${where}`}${done}`;
    }),
  ];
}

function reviewEvent({ event, at, decision, reviewer, reason, due_at, on_timeout }: LedgerReview): TimelineEvent {
  switch (event) {
    case "held":
      return { at, who: "review", what: `waits until ${due_at ?? "?"}, then ${on_timeout ?? "?"}`, details: [] };
    case "escalated":
      return { at, who: "review", what: "urgent: it has waited long", details: [] };
    case "decided": {
      const said = reason === null ? [] : [reason];
      return {
        at,
        who: "review",
        what: `${decision ?? "?"}${reviewer === null ? "" : ` by ${reviewer}`}`,
        details: said,
      };
    }
  }
}

/** Held and not decided: since when, and until when. Null when nothing of the run waits. */
export function waitingReview({ result, reviews }: RunTimeline): LedgerReview | null {
  return result === null ? (reviews.find(({ event }) => event === "held") ?? null) : null;
}

function callEvents(call: LedgerCall): readonly TimelineEvent[] {
  const name = `${call.provider} ${call.model}`;
  const who = call.purpose === null ? "model-invoke" : "output-validate";
  const what =
    call.purpose === null
      ? `call ${call.call_no} of attempt ${call.attempt}: ${name} (tier ${call.tier})${besides(call)}`
      : `${call.purpose} of attempt ${call.attempt}: ${name}`;
  const started = { at: call.started_at, who, what, details: [] };
  if (call.state === "in_flight") return [{ ...started, details: [`in flight since ${call.started_at}`] }];
  if (call.state === "orphan")
    return [
      {
        ...started,
        details: [
          `orphan: its end was never seen; cost between $${call.bound_low_usd ?? "?"} and $${call.bound_high_usd ?? "?"}`,
        ],
      },
    ];
  return [
    started,
    {
      at: call.finished_at ?? call.deadline_at,
      who,
      what: `${name}: ${call.outcome ?? "ended"}`,
      details: [callFacts(call)],
    },
  ];
}

function callFacts(call: LedgerCall): string {
  const input = (call.input_tokens ?? 0) + (call.cached_input_tokens ?? 0) + (call.cache_write_tokens ?? 0);
  const output = (call.output_tokens ?? 0) + (call.reasoning_tokens ?? 0);
  return [
    ...(call.error_code === null
      ? []
      : [`${call.error_code}${call.error_status === null ? "" : ` (HTTP ${call.error_status})`}`]),
    ...(call.duration_ms === null ? [] : [`${call.duration_ms} ms`]),
    ...(call.usage_source === "provider" ? [`${input} + ${output} tokens`] : []),
    ...(isEstimated(call) ? [`about ${input} + ${output} tokens`] : []),
    costOf(call),
    ...(call.settles === true ? ["settles the attempt"] : []),
  ].join(", ");
}

/** Made beside a call that took long, and not in its place. */
function besides(call: LedgerCall): string {
  return call.hedge_of === null ? "" : ", a hedge";
}

/** It broke off: what had arrived is all that is known of it. */
function isEstimated(call: LedgerCall): boolean {
  return call.usage_source === "estimated" && call.output_tokens !== null;
}

function costOf(call: LedgerCall): string {
  if (call.cost_usd === null) return "cost unknown";
  return isEstimated(call) ? `$${call.cost_usd} or more, estimated` : `$${call.cost_usd}`;
}

/**
 * `12:03:04.123  +  1.204 s  model-invoke     call 1 of attempt 1: ...`, details
 * below it; what is too long for the terminal goes on in the next line.
 */
export function renderTimeline(events: readonly TimelineEvent[], width = Infinity): string {
  const startMs = Date.parse(events[0]?.at ?? "");
  const names = Math.max(0, ...events.map(({ who }) => who.length));
  return events
    .flatMap(({ at, who, what, details }) => {
      const since = `+${((Date.parse(at) - startMs) / 1000).toFixed(3)} s`;
      const lead = `${at.slice(11, 23)}  ${since.padStart(10)}  `;
      const head = `${lead}${who.padEnd(names)}  `;
      return [
        ...hanging(head, what, width),
        ...details.flatMap((detail) => {
          const [indent = ""] = /^ */.exec(detail) ?? [];
          return hanging(`${" ".repeat(lead.length + 2)}${indent}`, detail.slice(indent.length), width);
        }),
      ];
    })
    .join("\n");
}

/** Lines further down begin below the text's first character, and two in. */
function hanging(lead: string, text: string, width: number): readonly string[] {
  const [first = "", ...rest] = wrapped(text, Math.max(20, width - lead.length - 2));
  return [`${lead}${first}`, ...rest.map((line) => `${" ".repeat(lead.length + 2)}${line}`)];
}
