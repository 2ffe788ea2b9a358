/**
 * A run's timeline as lanes: a stage each, in the order of the journey, with
 * its decisions and calls as bars on one scale of time. While an answer waits
 * for a person the scale stands nearly still, else hours of waiting would press
 * everything else into a line. Pure.
 */
import type { LedgerCall, LedgerDecision, LedgerReview, RunTimeline } from "../../../ledger/timeline.ts";
import { toneOf, words, type Tone } from "../../format/status.ts";
import { span } from "../../format/times.ts";

export interface Bar {
  readonly key: string;
  readonly label: string;
  /** What a second column says: how long, how dear. */
  readonly note: string;
  readonly tone: Tone;
  /** From 0 to 1. */
  readonly from: number;
  readonly to: number;
}

export interface Lane {
  readonly stage: string;
  readonly bars: readonly Bar[];
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

const journey = ["input-scan", "model-invoke", "output-validate", "review"] as const;
/** Share of the scale that waiting for a person gets. */
const waitShare = 0.15;

export function lanesOf(timeline: RunTimeline, nowMs: number): readonly Lane[] {
  const scale = scaleOf(timeline, nowMs);
  const bars = [
    ...timeline.decisions.map((decision) => ({
      stage: decision.stage,
      ...decisionBar(decision, timeline),
    })),
    ...timeline.calls.map((call) => ({
      stage: call.purpose === null ? "model-invoke" : "output-validate",
      ...callBar(call, nowMs),
    })),
    ...waitsOf(timeline.reviews, nowMs).map((wait) => ({ stage: "review", ...wait })),
  ].toSorted((left, right) => left.startMs - right.startMs || left.endMs - right.endMs);
  const known = new Set<string>(journey);
  const others = [...new Set(bars.map(({ stage }) => stage))].filter((stage) => !known.has(stage));
  return [...journey, ...others]
    .map((stage) => ({
      stage,
      bars: bars
        .filter((bar) => bar.stage === stage)
        .map(({ key, label, note, tone, startMs, endMs }) => ({
          key,
          label,
          note,
          tone,
          from: scale(startMs),
          to: Math.max(scale(startMs), scale(endMs)),
        })),
    }))
    .filter((lane) => lane.bars.length > 0);
}

/** When the run came in, as far as anything says it. */
export function beginOf(timeline: RunTimeline): number {
  return Math.min(...timesOf(timeline));
}

function timesOf({ result, calls, decisions, reviews }: RunTimeline): readonly number[] {
  return [
    ...(result === null ? [] : [Date.parse(result.received_at), Date.parse(result.finished_at)]),
    ...calls.flatMap((call) =>
      [call.started_at, ...(call.finished_at === null ? [] : [call.finished_at])].map(Date.parse),
    ),
    ...decisions.map((decision) => Date.parse(decision.decided_at)),
    ...reviews.map((review) => Date.parse(review.at)),
  ].filter((atMs) => Number.isFinite(atMs));
}

function scaleOf(timeline: RunTimeline, nowMs: number): (atMs: number) => number {
  const times = timesOf(timeline);
  const beginMs = Math.min(...times);
  const endMs = Math.max(...times, timeline.result === null ? nowMs : beginMs);
  const [wait = { startMs: endMs, endMs }] = waitsOf(timeline.reviews, nowMs);
  const waitMs = Math.max(0, Math.min(wait.endMs, endMs) - wait.startMs);
  const workMs = Math.max(1, endMs - beginMs - waitMs);
  const isCut = waitMs > workMs * waitShare;
  const shownWaitMs = isCut ? (workMs * waitShare) / (1 - waitShare) : waitMs;
  const totalMs = workMs + shownWaitMs;
  return (atMs) => {
    const before = Math.min(atMs, wait.startMs) - beginMs;
    const within = Math.max(0, Math.min(atMs, wait.endMs) - wait.startMs);
    const behind = Math.max(0, atMs - wait.endMs);
    const shown = before + (waitMs === 0 ? 0 : (within / waitMs) * shownWaitMs) + behind;
    return Math.min(1, Math.max(0, shown / totalMs));
  };
}

type Placed = Omit<Bar, "from" | "to"> & Span;

/** A decision's work begins where what it decides about is there. */
function decisionBar(decision: LedgerDecision, { result, calls }: RunTimeline): Placed {
  const { event_id: key, stage, attempt, decision: word, decided_at: at } = decision;
  const endMs = Date.parse(at);
  const causes =
    stage === "input-scan"
      ? result === null
        ? []
        : [Date.parse(result.received_at)]
      : calls
          .filter((call) => call.attempt === attempt && call.finished_at !== null)
          .map((call) => Date.parse(call.finished_at ?? ""))
          .filter((finishedMs) => finishedMs <= endMs);
  const startMs = word === "released" || word === "rejected" ? endMs : Math.max(...causes, 0) || endMs;
  return {
    key,
    label: attempt > 1 ? `${words(word)}, attempt ${attempt}` : words(word),
    note: endMs > startMs ? span(endMs - startMs) : "",
    tone: decisionTone(word),
    startMs: Math.min(startMs, endMs),
    endMs,
  };
}

const tones: Readonly<Record<string, Tone>> = {
  admitted: "good",
  passed: "good",
  repaired: "good",
  retried: "warn",
  failed: "bad",
  failed_fast: "bad",
  tier_skipped: "warn",
};

export function decisionTone(word: string): Tone {
  return tones[word] ?? toneOf(word);
}

function callBar(call: LedgerCall, nowMs: number): Placed {
  const startMs = Date.parse(call.started_at);
  const endMs = call.finished_at === null ? nowMs : Date.parse(call.finished_at);
  const isOrphan = call.state === "orphan";
  return {
    key: call.call_id,
    label: `${call.model}${call.hedge_of === null ? "" : ", hedge"}${call.purpose === null ? "" : `, ${call.purpose}`}`,
    note: isOrphan ? "no end seen" : span(Math.max(0, endMs - startMs)),
    tone: isOrphan ? "bad" : call.state === "in_flight" ? "accent" : toneOf(call.outcome ?? ""),
    startMs,
    endMs: isOrphan ? Math.min(endMs, Date.parse(call.deadline_at)) : endMs,
  };
}

/** Each wait for a person, from when the answer was held until somebody decided or now. */
function waitsOf(reviews: readonly LedgerReview[], nowMs: number): readonly Placed[] {
  const held = reviews.find(({ event }) => event === "held");
  if (held === undefined) return [];
  const decided = reviews.find(({ event }) => event === "decided");
  const startMs = Date.parse(held.at);
  const endMs = Math.max(startMs, decided === undefined ? nowMs : Date.parse(decided.at));
  const word = decided?.decision ?? null;
  return [
    {
      key: "review",
      label: word === null ? "waits for a person" : words(word),
      note: span(endMs - startMs),
      tone: word === null ? "accent" : word === "approve" || word === "edit" ? "good" : "warn",
      startMs,
      endMs,
    },
  ];
}
