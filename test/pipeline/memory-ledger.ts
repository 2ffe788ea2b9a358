/**
 * ClickHouse's part in a pipeline in memory: keeps rows as a
 * ReplacingMergeTree would, by their key, the highest version last.
 */
import type { AuditEventRow, AuditRow, CallRow, LedgerRow, ReviewRow, RunRow } from "../../services/ledger/rows.ts";
import { addUsd } from "../../services/pricing/usd.ts";

export class MemoryLedger {
  readonly calls = new Map<string, CallRow>();
  readonly runs = new Map<string, RunRow>();
  readonly audit = new Map<string, AuditRow>();
  readonly events = new Map<string, AuditEventRow>();
  readonly reviews = new Map<string, ReviewRow>();

  insert = async (entry: LedgerRow): Promise<void> => {
    await Promise.resolve();
    switch (entry.table) {
      case "calls":
        return keepNewest(this.calls, entry.row.call_id, entry.row);
      case "runs":
        return keepNewest(this.runs, entry.row.run_id, entry.row);
      case "audit":
        return keepNewest(this.audit, entry.row.event_id, entry.row);
      case "audit_events":
        return keepNewest(this.events, entry.row.event_id, entry.row);
      case "reviews":
        return keepNewest(this.reviews, `${entry.row.run_id}/${entry.row.event_id}`, entry.row);
      case "audit_heads":
        throw new Error("no sealer is part of a pipeline in memory");
    }
  };

  /** Sum over the calls whose cost is known, a plain decimal string. */
  get costUsd(): string {
    const known = [...this.calls.values()].flatMap(({ cost_usd }) => cost_usd ?? []);
    return known.reduce(addUsd, "0");
  }
}

function keepNewest<Row extends { readonly version: string | number }>(
  rows: Map<string, Row>,
  key: string,
  row: Row,
): void {
  const known = rows.get(key);
  if (known === undefined || BigInt(row.version) >= BigInt(known.version)) rows.set(key, row);
}
