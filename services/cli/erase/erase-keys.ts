/**
 * Erases keys for good: the audit that it was asked, then their tombstones, then
 * a wait until compaction has taken the wrapped keys from the broker's disk, and
 * the audit that it is complete. A command that was killed on the way goes on
 * where it was: every record has an id that follows from its key.
 *
 * The broker compacts no segment that it still writes to, and ends one only
 * when a record comes: so a record that says nothing is written when the
 * segment is old enough.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "../../../schemas/audit/change.ts";
import { auditErasure, type AuditErasure } from "../../../schemas/audit/erasure.ts";
import type { SubjectKey } from "../../../schemas/control/content-key.ts";
import { keyCompactionMs } from "../../../topics/retention.ts";
import { keyTopic, tombstoneOf } from "../../runtime/content/content-keys.ts";
import type { Emission, Publish } from "../../runtime/stage.ts";
import type { KeyOnDisk } from "./keys-on-disk.ts";

export interface Erasing {
  readonly publish: Publish;
  /** As they are on the topic now: empty when all are gone. */
  readonly look: () => Promise<readonly KeyOnDisk[]>;
  readonly by: Actor;
  readonly why: string | undefined;
  /** Of the data subject's id; undefined without a secret key. */
  readonly subjectHmac: string | undefined;
  readonly nowMs: () => number;
  readonly timeoutMs: number;
  readonly waitMs?: number;
}

const lookEveryMs = 1000;
/** A file that was compacted away is unlinked this long after: twice the topic's file.delete.delay.ms, and some. */
const unlinkMs = 3000;
const marginMs = 1000;

/** False: the keys are erased, and not gone from the disk in time. Errors: TransientError broker_unavailable. */
export async function eraseKeys(erasing: Erasing): Promise<boolean> {
  const { publish, look, nowMs, timeoutMs, waitMs = lookEveryMs } = erasing;
  const found = await look();
  const keys = found.map(({ key }) => key);
  await publish(keys.map((key) => auditOf(erasing, key, "asked")));
  await publish(found.flatMap(({ key, isErased }) => (isErased ? [] : [tombstoneOf(key.key_id)])));
  const startedMs = nowMs();
  for (let nudgedMs = startedMs; ; await sleep(waitMs)) {
    if ((await look()).length === 0) break;
    if (nowMs() - startedMs > timeoutMs) return false;
    if (nowMs() - nudgedMs <= keyCompactionMs + marginMs) continue;
    nudgedMs = nowMs();
    await publish([nudge(nudgedMs)]);
  }
  await sleep(Math.min(unlinkMs, waitMs * 3));
  await publish(keys.map((key) => auditOf(erasing, key, "complete")));
  return true;
}

/** A tombstone of no key. */
function nudge(nowMs: number): Emission {
  return { ...tombstoneOf("compaction"), topic: keyTopic, id: `compaction/${nowMs}` };
}

function auditOf(
  { by, why, subjectHmac, nowMs }: Erasing,
  { key_id, client_id }: SubjectKey,
  state: AuditErasure["state"],
): Emission {
  const value = auditErasure.parse({
    kind: "erasure",
    event_id: `${key_id}/${state}`,
    decided_at_ms: nowMs(),
    by,
    state,
    key_id,
    client_id,
    subject_hmac: subjectHmac,
    why,
  });
  return { topic: "harness-audit", key: key_id, id: value.event_id, type: "breakwater.erasure", value };
}
