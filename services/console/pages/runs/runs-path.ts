/** What the runs page asks of the gateway, from what stands in its address. Pure. */

/** Filters as the address and the gateway name them. */
export const runFilters = [
  "run",
  "status",
  "client",
  "harness",
  "version",
  "feature",
  "model",
  "batch",
  "document",
  "min_cost_usd",
] as const;

/** How far back, as the address says it. */
export const spans: Readonly<Record<string, { readonly name: string; readonly ms: number }>> = {
  "1h": { name: "Last hour", ms: 3_600_000 },
  "24h": { name: "Last 24 hours", ms: 86_400_000 },
  "7d": { name: "Last 7 days", ms: 7 * 86_400_000 },
  "30d": { name: "Last 30 days", ms: 30 * 86_400_000 },
};

export function runsPath(query: URLSearchParams, nowMs: number): string {
  const asked = new URLSearchParams({ limit: "50" });
  for (const name of [...runFilters, "cursor"]) {
    const value = query.get(name)?.trim() ?? "";
    if (value !== "") asked.set(name, value);
  }
  const since = spans[query.get("since") ?? ""];
  if (since !== undefined) asked.set("from", new Date(nowMs - since.ms).toISOString());
  return `/v1/runs?${asked.toString()}`;
}

/** Whether anything narrows the search. */
export function isNarrowed(query: URLSearchParams): boolean {
  return [...runFilters, "since"].some((name) => (query.get(name) ?? "") !== "");
}
