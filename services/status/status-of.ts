/**
 * Whether the system works, from what was seen of it. What could not be seen is
 * null here and unknown there. Problems are: a stage without a process, a
 * breaker that lets nothing through, Kafka or the ledger out of reach. To be
 * behind, a pause and a budget that is used up are none: they are told.
 */
import type { BreakerRecord } from "../../schemas/control/breaker.ts";
import type { CommandRecord } from "../../schemas/control/command.ts";
import type { Budgets } from "../budgets/burn-down/burn-down-answer.ts";
import { budgetsUse } from "./budget-use.ts";
import { consumers, type Status, type StatusPart } from "./status-view.ts";
import { breakerName, pauseName } from "./target-names.ts";

export interface StageStanding {
  readonly stage: (typeof consumers)[number];
  readonly processes: number;
  readonly behind: number;
  /** When the oldest record that is not done was written, Unix milliseconds; null when all are done. */
  readonly oldestAtMs: number | null;
}

export interface LedgerStanding {
  readonly callsInFlight: number;
  /** Unix milliseconds; null when none is under way. */
  readonly oldestCallAtMs: number | null;
  readonly inReview: number;
}

export interface Seen {
  readonly stages: readonly StageStanding[] | null;
  readonly breakers: Iterable<BreakerRecord> | null;
  readonly commands: Iterable<CommandRecord> | null;
  readonly budgets: Budgets | null;
  /** `not asked`: whoever asks knows of none, which is no problem of the system. */
  readonly ledger: LedgerStanding | "not asked" | null;
}

export function statusOf(seen: Seen, nowMs: number): Status {
  const stages = stagesOf(seen.stages, nowMs);
  const open = seen.breakers === null ? null : openBreakers(seen.breakers, nowMs);
  const ledger = seen.ledger === "not asked" ? null : seen.ledger;
  const problems = [
    ...(seen.stages === null ? ["Kafka does not say how the stages stand."] : []),
    ...(seen.ledger === null ? ["The ledger does not answer."] : []),
    ...stages.filter(({ processes }) => processes === 0).map(({ stage }) => `No process of ${stage} is running.`),
    ...(open ?? []).map(({ name }) => `The breaker of ${name} is open.`),
  ];
  return {
    at: new Date(nowMs).toISOString(),
    healthy: problems.length === 0,
    problems,
    unknown: unknownIn(seen),
    stages,
    calls: ledger === null ? null : callsOf(ledger, nowMs),
    in_review: ledger?.inReview ?? null,
    ledger_delay_ms: stages.find(({ stage }) => stage === "cost-aggregate")?.oldest_wait_ms ?? null,
    open_breakers: open,
    pauses: seen.commands === null ? null : pausesOf(seen.commands),
    budgets: seen.budgets === null ? null : [...budgetsUse(seen.budgets, nowMs)],
  };
}

function unknownIn({ stages, breakers, commands, budgets, ledger }: Seen): StatusPart[] {
  const parts: readonly [StatusPart, boolean][] = [
    ["stages", stages === null],
    ["breakers", breakers === null],
    ["pauses", commands === null],
    ["budgets", budgets === null],
    ["ledger", ledger === null || ledger === "not asked"],
  ];
  return parts.flatMap(([part, isUnknown]) => (isUnknown ? [part] : []));
}

function stagesOf(standings: Seen["stages"], nowMs: number): Status["stages"] {
  return consumers.map((stage) => {
    if (standings === null) return { stage, processes: null, behind: null, oldest_wait_ms: null };
    const standing = standings.find((found) => found.stage === stage);
    const behind = standing?.behind ?? 0;
    const oldestAtMs = standing?.oldestAtMs ?? null;
    const unread = behind === 0 ? 0 : null;
    return {
      stage,
      processes: standing?.processes ?? 0,
      behind,
      oldest_wait_ms: oldestAtMs === null ? unread : sinceMs(oldestAtMs, nowMs),
    };
  });
}

function callsOf({ callsInFlight, oldestCallAtMs }: LedgerStanding, nowMs: number): Status["calls"] {
  return {
    in_flight: callsInFlight,
    oldest_ms: oldestCallAtMs === null ? null : sinceMs(oldestCallAtMs, nowMs),
  };
}

function openBreakers(breakers: Iterable<BreakerRecord>, nowMs: number): NonNullable<Status["open_breakers"]> {
  return [...breakers]
    .filter(({ state, open_until_ms: untilMs }) => state === "open" && untilMs > nowMs)
    .map((breaker) => ({ ...breaker, name: breakerName(breaker) }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function pausesOf(commands: Iterable<CommandRecord>): NonNullable<Status["pauses"]> {
  return [...commands]
    .flatMap((order) => (order.kind === "pause" ? [order] : []))
    .map(({ target, ordered_at_ms, why = null }) => ({ name: pauseName(target), target, ordered_at_ms, why }))
    .toSorted((left, right) => left.ordered_at_ms - right.ordered_at_ms);
}

/** Other machines' clocks may be ahead of ours. */
function sinceMs(atMs: number, nowMs: number): number {
  return Math.max(0, Math.round(nowMs - atMs));
}
