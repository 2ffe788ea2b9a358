/**
 * What a client's month cost, read in one question so that its parts agree:
 * lines by feature, harness and model, orphans and unknown costs with their
 * bounds, and the price versions. Sums are exact decimals; a month that still
 * runs says so. Where calls were priced again, that stands beside: the books
 * stand. Taxes are nobody's business here.
 */
import { Decimal } from "decimal.js";
import { z } from "zod";
import { count, money, sumUsd } from "../answers/figures.ts";
import type { Store } from "../clickhouse.ts";
import { readRepricings, repricing } from "./read-repricings.ts";
import { spanOf, statementMonth } from "./statement-month.ts";

const line = z.object({
  feature: z.string().nullable(),
  harness: z.string(),
  provider: z.string(),
  model: z.string(),
  calls: count,
  input_tokens: count.describe("All input buckets together"),
  output_tokens: count.describe("With reasoning"),
  cost_usd: money.describe("Sum of the known costs; null when none is known"),
});

const bounded = z.object({
  calls: count,
  low_usd: money.describe("What they cost at least; null when nothing is known"),
  high_usd: money.describe("At most, likewise"),
});

export const statement = z.object({
  client: z.string(),
  month: statementMonth,
  currency: z.literal("USD"),
  made_at: z.string(),
  is_final: z.boolean().describe("False while the month runs, or calls of it are in flight"),
  calls: count,
  cost_usd: money.describe("Sum of the known costs, exact"),
  cost_usd_cents: money.describe("The same, rounded once, half to even"),
  lines: z.array(line),
  orphans: bounded.describe("Calls whose end nobody saw: outside the sum"),
  unknown: bounded.describe("Finished calls whose cost is not known: outside the sum"),
  in_flight: count,
  price_versions: z.array(z.object({ price_version: z.string(), calls: count, cost_usd: money })),
  repricings: z.array(repricing).describe("Of calls of this month, newest first; they change no sum above"),
});
export type Statement = z.infer<typeof statement>;

const part = line.extend({
  price_version: z.string(),
  kind: z.enum(["known", "unknown", "orphan", "in_flight"]),
  low_usd: money,
  high_usd: money,
});
type Part = z.infer<typeof part>;

export interface StatementOrder {
  readonly client: string;
  readonly month: string;
  readonly nowMs: number;
}

/** Errors: StoreError. */
export async function readStatement(
  store: Pick<Store, "query">,
  { client, month, nowMs }: StatementOrder,
): Promise<Statement> {
  const { sinceMs, untilMs } = spanOf(month);
  const repricings = await readRepricings(store, { client, month });
  const rows = await store.query(
    `SELECT
       feature, harness, provider, model, price_version,
       multiIf(l.cost_usd IS NOT NULL, 'known', state = 'finished', 'unknown', state) AS kind,
       count() AS calls,
       sum(ifNull(l.input_tokens, 0) + ifNull(cached_input_tokens, 0) + ifNull(cache_write_tokens, 0)) AS input_tokens,
       sum(ifNull(l.output_tokens, 0) + ifNull(reasoning_tokens, 0)) AS output_tokens,
       sum(l.cost_usd) AS cost_usd, sum(l.bound_low_usd) AS low_usd, sum(l.bound_high_usd) AS high_usd
     FROM ledger AS l
     WHERE client_id = {client:String}
       AND started_at >= fromUnixTimestamp64Milli({sinceMs:Int64}, 'UTC')
       AND started_at < fromUnixTimestamp64Milli({untilMs:Int64}, 'UTC')
     GROUP BY feature, harness, provider, model, price_version, kind
     ORDER BY feature, harness, provider, model, price_version, kind`,
    { client, sinceMs, untilMs },
  );
  return { ...statementOf({ client, month, nowMs }, z.array(part).parse(rows)), repricings: [...repricings] };
}

function statementOf({ client, month, nowMs }: StatementOrder, parts: readonly Part[]): Omit<Statement, "repricings"> {
  const inFlight = callsOf(parts.filter(({ kind }) => kind === "in_flight"));
  const total = costOf(parts);
  return {
    client,
    month,
    currency: "USD",
    made_at: new Date(nowMs).toISOString(),
    is_final: nowMs >= spanOf(month).untilMs && inFlight === 0,
    calls: callsOf(parts),
    cost_usd: total,
    cost_usd_cents: total === null ? null : inCents(total),
    lines: linesOf(parts),
    orphans: boundsOf(parts.filter(({ kind }) => kind === "orphan")),
    unknown: boundsOf(parts.filter(({ kind }) => kind === "unknown")),
    in_flight: inFlight,
    price_versions: [...Map.groupBy(parts, ({ price_version: version }) => version)]
      .map(([version, of]) => ({ price_version: version, calls: callsOf(of), cost_usd: costOf(of) }))
      .toSorted((left, right) => (left.price_version < right.price_version ? -1 : 1)),
  };
}

function linesOf(parts: readonly Part[]): Statement["lines"] {
  const keyOf = ({ feature, harness, provider, model }: Part): string =>
    JSON.stringify([feature, harness, provider, model]);
  return [...Map.groupBy(parts, keyOf).values()].flatMap((of) => {
    const [first] = of;
    if (first === undefined) return [];
    const { feature, harness, provider, model } = first;
    const sum = (name: "input_tokens" | "output_tokens"): number => of.reduce((all, row) => all + row[name], 0);
    const tokens = { input_tokens: sum("input_tokens"), output_tokens: sum("output_tokens") };
    return [{ feature, harness, provider, model, calls: callsOf(of), ...tokens, cost_usd: costOf(of) }];
  });
}

function boundsOf(parts: readonly Part[]): Statement["orphans"] {
  const low = sumUsd(parts.map(({ low_usd: usd }) => usd));
  return { calls: callsOf(parts), low_usd: low, high_usd: sumUsd(parts.map(({ high_usd: usd }) => usd)) };
}

function callsOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { calls }) => sum + calls, 0);
}

function costOf(parts: readonly Part[]): string | null {
  return sumUsd(parts.map(({ cost_usd: usd }) => usd));
}

function inCents(usd: string): string {
  return new Decimal(usd).toFixed(2, Decimal.ROUND_HALF_EVEN);
}
