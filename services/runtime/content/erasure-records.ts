/**
 * What is written when a key is erased, whoever erases it: the audit's records,
 * and what makes the broker compact. It compacts no segment that it still
 * writes to, and ends one only when a record comes: so a record that says
 * nothing is written when the segment is old enough.
 */
import { auditErasure, type AuditErasure } from "../../../schemas/audit/erasure.ts";
import { keyCompactionMs } from "../../../topics/retention.ts";
import type { Emission } from "../stage.ts";
import { tombstoneOf } from "./content-keys.ts";

/** The segment with the last record is ended by one that comes so long after it. */
export const compactsAfterMs = keyCompactionMs + 1000;

/** A file that was compacted away is unlinked this long after: twice the topic's file.delete.delay.ms, and some. */
export const unlinkMs = 3000;

/** A tombstone of no key. */
export function nudgeOf(nowMs: number): Emission {
  return { ...tombstoneOf("compaction"), id: `compaction/${nowMs}` };
}

/** Its id follows from key and state: a repeat is recognised. */
export function erasureRecord(erasure: Omit<AuditErasure, "kind" | "event_id">): Emission {
  const { key_id: key, state } = erasure;
  const value = auditErasure.parse({ kind: "erasure", event_id: `${key}/${state}`, ...erasure });
  return { topic: "harness-audit", key, id: value.event_id, type: "breakwater.erasure", value };
}
