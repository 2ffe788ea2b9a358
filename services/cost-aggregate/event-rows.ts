/** Turns a record of the audit that is no decision into a row: who did what, when, under which version. Pure. */
import type { AuditCall } from "../../schemas/audit/call.ts";
import type { AuditChange } from "../../schemas/audit/change.ts";
import type { AuditErasure } from "../../schemas/audit/erasure.ts";
import type { AuditEventRow } from "../ledger/rows.ts";
import { firstByOffset, timeText, type Place } from "./place.ts";

export function eventRow(place: Place, record: AuditCall | AuditChange | AuditErasure): AuditEventRow {
  return {
    ...toldOf(record),
    kind: record.kind,
    event_id: record.event_id,
    at: timeText(record.decided_at_ms),
    version: firstByOffset(place.offset),
    run_id: "run_id" in record ? (record.run_id ?? null) : null,
    client_id: record.client_id ?? null,
    source_partition: place.partition,
    source_offset: place.offset.toString(),
  };
}

type Told = Omit<
  AuditEventRow,
  "kind" | "event_id" | "at" | "version" | "run_id" | "client_id" | "source_partition" | "source_offset"
>;

function toldOf(record: AuditCall | AuditChange | AuditErasure): Told {
  switch (record.kind) {
    case "call":
      return ofCall(record);
    case "change":
      return ofChange(record);
    case "erasure":
      return ofErasure(record);
  }
}

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

/** What is erased is the key: it has no version after. */
function ofErasure({ by, state, key_id, subject_hmac, why }: AuditErasure): Told {
  return {
    by_kind: by.kind,
    by_id: by.id,
    action: `key.erasure_${state}`,
    target: subject_hmac ?? key_id,
    target_version: null,
    previous_version: key_id,
    outcome: state,
    why: why ?? null,
    input_hmac: null,
    output_hmac: null,
  };
}
