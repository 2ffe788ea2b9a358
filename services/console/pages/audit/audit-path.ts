/** What the audit page asks of the gateway, from what stands in its address, and where an event leads. Pure. */
import type { AuditEvent } from "../../../ledger/audit/audit-events.ts";
import { spans } from "../runs/runs-path.ts";

/** Filters as the address and the gateway name them. */
export const eventFilters = ["kind", "action", "actor", "target", "client", "run"] as const;

export function eventsPath(query: URLSearchParams, nowMs: number): string {
  const asked = new URLSearchParams({ limit: "50" });
  for (const name of [...eventFilters, "cursor"]) {
    const value = query.get(name)?.trim() ?? "";
    if (value !== "") asked.set(name, value);
  }
  const since = spans[query.get("since") ?? ""];
  if (since !== undefined) asked.set("from", new Date(nowMs - since.ms).toISOString());
  return `/v1/audit/events?${asked.toString()}`;
}

/** Whether anything narrows the list. */
export function isNarrowed(query: URLSearchParams): boolean {
  return [...eventFilters, "since"].some((name) => (query.get(name) ?? "") !== "");
}

/** The page of what it is about; null where the console has none. */
export function pageOf({ action, target, run_id: runId }: AuditEvent): string | null {
  if (runId !== null) return `/runs/${runId}`;
  if (action.startsWith("harness.")) return `/harnesses/${encodeURIComponent(target)}`;
  if (action === "batch.cancelled") return `/batches/${encodeURIComponent(target)}`;
  return null;
}
