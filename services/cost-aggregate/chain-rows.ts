/**
 * Turns a record of the sealed audit into a row: a link with the few fields of
 * its record that ranges are chosen by, or a signed head. Pure.
 */
import { z } from "zod";
import type { AuditChainRecord, AuditLink } from "../../schemas/audit/chain.ts";
import { canonicalJson } from "../definitions/canonical-json.ts";
import type { AuditLinkRow, LedgerRow } from "../ledger/rows.ts";
import { firstByOffset, timeText, type Place } from "./place.ts";

export function chainEntry(place: Place, record: AuditChainRecord): LedgerRow {
  if (record.kind === "link") return { table: "audit_links", row: linkRow(place, record) };
  const { kind: _kind, ...row } = record;
  return { table: "audit_heads", row };
}

/** The seal holds whatever stands there; only what has the right form is chosen by. */
const chosenBy = z.object({
  kind: z.string(),
  event_id: z.string(),
  run_id: z.uuid().nullable().catch(null),
  client_id: z.string().nullable().catch(null),
  decided_at_ms: z.int().catch(0),
});

function linkRow(place: Place, link: AuditLink): AuditLinkRow {
  const { kind, event_id, run_id, client_id, decided_at_ms } = chosenBy.parse(link.record);
  const { partition, sequence, source_offset, record_sha256, run_tag, client_tag, previous_hash, hash } = link;
  return {
    partition,
    sequence,
    version: firstByOffset(place.offset),
    kind,
    event_id,
    run_id,
    client_id,
    decided_at: timeText(decided_at_ms),
    source_offset,
    record: canonicalJson(link.record),
    record_sha256,
    run_tag,
    client_tag,
    previous_hash,
    hash,
  };
}
