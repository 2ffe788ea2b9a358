/** The overview's sums of spend: over days, from what the gateway says of each. Pure. */
import type { CostAnswer } from "../../../gateway/native/cost-routes.ts";
import { toneOf } from "../../format/status.ts";

const dayMs = 86_400_000;

/** The first of so many days of which today is the last, as `from` of `/v1/costs`. */
export function firstOfDays(days: number, nowMs: number): string {
  return dayOf(nowMs - (days - 1) * dayMs);
}

/** What each of the last days cost, the oldest first, for a line: nothing where there was no call. */
export function spendByDay({ lines }: Pick<CostAnswer, "lines">, days: number, nowMs: number): readonly number[] {
  const byDay = new Map(lines.map((line) => [line["day"], Number(line.cost_usd ?? 0)]));
  return Array.from({ length: days }, (_, index) => byDay.get(dayOf(nowMs - (days - 1 - index) * dayMs)) ?? 0);
}

/** The days themselves, the oldest first, as a chart names them: `11-23`. */
export function daysOf(days: number, nowMs: number): readonly string[] {
  return Array.from({ length: days }, (_, index) => dayOf(nowMs - (days - 1 - index) * dayMs).slice(5));
}

/** Runs that ended as nobody wants them to. A refusal is none of them: a guard did what it is for. */
export function failedRuns(statuses: CostAnswer["run_statuses"]): number {
  return statuses.reduce((sum, { status, runs }) => sum + (toneOf(status) === "bad" ? runs : 0), 0);
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
