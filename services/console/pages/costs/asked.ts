/**
 * What the costs page asks, from what stands in its address: period, filters and
 * what to split by. Pure. A click on a row adds a filter and goes one step
 * further: feature, harness, model, then the runs themselves.
 */

/** Filters as the address and the gateway name them; `model` and `provider` are of calls, not of runs. */
export const filters = ["client", "feature", "harness", "version", "provider", "model"] as const;
export type FilterName = (typeof filters)[number];

const ofCalls: readonly FilterName[] = ["provider", "model"];
const drill: readonly FilterName[] = ["feature", "harness", "model", "version"];

export const periods: Readonly<Record<string, string>> = {
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
};
const usual = "30d";
/** From so many hours on, a column of the chart is a day. */
const mostHours = 72;
const hourMs = 3_600_000;

export function isFilter(name: string | null): name is FilterName {
  return filters.some((filter) => filter === name);
}

/** What the spend is split by: as the address says, else the first step that nothing chooses yet. */
export function splitOf(query: URLSearchParams): FilterName {
  const said = query.get("by");
  return isFilter(said) ? said : (drill.find((name) => !query.has(name)) ?? "version");
}

export function sinceOf(query: URLSearchParams): string {
  return query.get("since") ?? usual;
}

export interface Question {
  readonly name: string;
  /** Of runs, a provider and a model cannot be asked for. */
  readonly isOf: "calls" | "runs";
  readonly by?: readonly string[];
  readonly limit?: number;
}

/** Null where the question counts runs and the address asks for a model or provider. */
export function pathOf(
  query: URLSearchParams,
  { name, isOf, by, limit }: Question,
  format: "" | ".csv" = "",
): string | null {
  if (isOf === "runs" && ofCalls.some((filter) => query.has(filter))) return null;
  const asked = new URLSearchParams({ since: sinceOf(query) });
  const until = query.get("until");
  if (until !== null) asked.set("until", until);
  for (const filter of filters) {
    const value = query.get(filter);
    if (value !== null) asked.set(filter, value);
  }
  if (by !== undefined && by.length > 0) asked.set("by", by.join(","));
  if (limit !== undefined) asked.set("limit", String(limit));
  return `/v1/analytics/${name}${format}?${asked.toString()}`;
}

/** Columns of the chart: by the hour for short periods, else by the day. */
export function stepOf(query: URLSearchParams, nowMs: number): "hour" | "day" {
  const since = sinceOf(query);
  const hours = /^\d+h$/.test(since) ? Number.parseInt(since, 10) : Number.NaN;
  if (Number.isFinite(hours)) return hours <= mostHours ? "hour" : "day";
  const [from, to] = [Date.parse(since), Date.parse(query.get("until") ?? new Date(nowMs).toISOString())];
  return Number.isFinite(from) && to - from <= mostHours * hourMs ? "hour" : "day";
}

/** The address' query with one more filter, split by the next step. */
export function narrowedBy(query: URLSearchParams, name: FilterName, value: string): Readonly<Record<string, string>> {
  const { by: _, ...kept } = Object.fromEntries(query);
  return { ...kept, [name]: value };
}

/** For the search of runs, as far as it knows the period. */
export function runsQuery(query: URLSearchParams): Readonly<Record<string, string | null>> {
  const since = sinceOf(query);
  const known = ["24h", "7d", "30d"].includes(since) && !query.has("until");
  const named = ["client", "feature", "harness", "version", "model"].map((name) => [name, query.get(name)]);
  return { ...Object.fromEntries(named), since: known ? since : null };
}
