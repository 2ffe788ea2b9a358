/**
 * The alerts that the hours of a client or a harness give cause for: one a
 * surge, in its first hour. The running hour is judged by what it cost so far,
 * so that a surge is told of while it goes on; the hour before is judged once
 * more, by what came to the ledger late.
 */
import type { SpendAnomalyAlert } from "../../../schemas/control/alert.ts";
import { toUsd, type Decimal } from "../../pricing/usd.ts";
import { alertIdOf } from "../alert-id.ts";
import { hourMs, judgeHour, type Hours } from "./judge-hour.ts";

export interface SpendSeries {
  readonly of: SpendAnomalyAlert["of"];
  readonly hours: Hours;
}

export function spendAlerts(
  { of, hours }: SpendSeries,
  { atMs, leastExcess }: { readonly atMs: number; readonly leastExcess: Decimal },
): readonly SpendAnomalyAlert[] {
  const running = startOfHour(atMs);
  return [running - hourMs, running].flatMap((hourStartMs) => {
    const verdict = judgeHour(hours, hourStartMs, leastExcess);
    if (verdict?.isAnomaly !== true) return [];
    if (judgeHour(hours, hourStartMs - hourMs, leastExcess)?.isAnomaly === true) return [];
    const [[kind, name] = ["", ""]] = Object.entries(of);
    return [
      {
        kind: "spend.anomaly",
        alert_id: alertIdOf("spend", kind, name, String(hourStartMs)),
        raised_at_ms: atMs,
        of,
        hour_start_ms: hourStartMs,
        spent_usd: toUsd(verdict.spent),
        usual_usd: toUsd(verdict.usual),
        bound_usd: toUsd(verdict.bound),
        compared: verdict.compared,
        compared_hours: verdict.hours,
      },
    ];
  });
}

export function startOfHour(atMs: number): number {
  return Math.floor(atMs / hourMs) * hourMs;
}
