/** Turns a record of the audit that is no decision into a row: who did what, when, under which version. Pure. */
import type { AuditCall } from "../../schemas/audit/call.ts";
import type { AuditChange } from "../../schemas/audit/change.ts";
import type { AuditEventRow } from "../ledger/rows.ts";
import { firstByOffset, timeText, type Place } from "./place.ts";

export function eventRow(place: Place, record: AuditCall | AuditChange): AuditEventRow {
  return {
    ...(record.kind === "call" ? ofCall(record) : ofChange(record)),
    kind: record.kind,
    event_id: record.event_id,
    at: timeText(record.decided_at_ms),
    version: firstByOffset(place.offset),
    run_id: record.run_id ?? null,
    client_id: record.client_id ?? null,
    source_partition: place.partition,
    source_offset: place.offset.toString(),
  };
}

type Told = Omit<
  AuditEventRow,
  "kind" | "event_id" | "at" | "version" | "run_id" | "client_id" | "source_partition" | "source_offset"
>;

function ofCall({ worker, purpose, provider, model, harness, outcome, ...record }: AuditCall): Told {
  return {
    by_kind: "worker",
    by_id: worker,
    action: purpose === undefined ? "called" : "moderated",
    target: `${provider}/${model}`,
    target_version: `${harness.name}@${harness.version}`,
    previous_version: null,
    outcome,
    why: record.error_code ?? null,
    input_hmac: record.input_hmac ?? null,
    output_hmac: record.output_hmac ?? null,
  };
}

function ofChange({ by, action, target, version, previous, why }: AuditChange): Told {
  return {
    by_kind: by.kind,
    by_id: by.id,
    action,
    target,
    target_version: version ?? null,
    previous_version: previous ?? null,
    outcome: null,
    why: why ?? null,
    input_hmac: null,
    output_hmac: null,
  };
}
