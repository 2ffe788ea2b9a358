/**
 * One look at the ledger: which clients and harnesses cost far more in this hour
 * or the one before than such hours do. The ledger and not the journal, as weeks
 * of every client's hours are there at once, added up over all partitions and
 * put right by what came late; the journal is kept for a week.
 */
import type { SpendAnomalyAlert } from "../../../schemas/control/alert.ts";
import { hourlySpend, type HourlySpend } from "../../ledger/alerts/hourly-spend.ts";
import type { Store } from "../../ledger/clickhouse.ts";
import { Decimal } from "../../pricing/usd.ts";
import { hourMs, lookBackMs } from "./judge-hour.ts";
import { spendAlerts, startOfHour, type SpendSeries } from "./spend-alerts.ts";

/** `leastExcessUsd`: what an hour costs beyond the usual at least. Errors: StoreError. */
export async function lookAtSpend(
  store: Pick<Store, "query">,
  { atMs, leastExcessUsd }: { readonly atMs: number; readonly leastExcessUsd: string },
): Promise<readonly SpendAnomalyAlert[]> {
  const latestMs = startOfHour(atMs) - hourMs;
  // The hours before the latest are judged too: a surge that goes on is told of once.
  const query = { sinceMs: latestMs - hourMs - lookBackMs, latestMs, leastUsd: leastExcessUsd };
  const clients = seriesOf(await hourlySpend(store, { ...query, by: "client_id" }));
  const harnesses = seriesOf(await hourlySpend(store, { ...query, by: "harness" }));
  const series: readonly SpendSeries[] = [
    ...[...clients].map(([client, hours]) => ({ of: { client_id: client }, hours })),
    ...[...harnesses].map(([harness, hours]) => ({ of: { harness }, hours })),
  ];
  const leastExcess = new Decimal(leastExcessUsd);
  return series.flatMap((one) => spendAlerts(one, { atMs, leastExcess }));
}

function seriesOf(rows: readonly HourlySpend[]): ReadonlyMap<string, ReadonlyMap<number, Decimal>> {
  const series = new Map<string, Map<number, Decimal>>();
  for (const { name, hourMs: startMs, costUsd } of rows) {
    const hours = series.get(name) ?? new Map<number, Decimal>();
    series.set(name, hours.set(startMs, new Decimal(costUsd)));
  }
  return series;
}
