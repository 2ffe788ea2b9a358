/**
 * Erases keys for good: the audit that it was asked, then their tombstones, then
 * a wait until compaction has taken the wrapped keys from the broker's disk, and
 * the audit that it is complete. A command that was killed on the way goes on
 * where it was: every record has an id that follows from its key.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "../../../schemas/audit/change.ts";
import type { AuditErasure } from "../../../schemas/audit/erasure.ts";
import { tombstoneOf } from "../../runtime/content/content-keys.ts";
import { compactsAfterMs, erasureRecord, nudgeOf, unlinkMs } from "../../runtime/content/erasure-records.ts";
import type { KeyOnDisk, OwnedKey } from "../../runtime/content/keys-on-disk.ts";
import type { Emission, Publish } from "../../runtime/stage.ts";

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
    if (nowMs() - nudgedMs <= compactsAfterMs) continue;
    nudgedMs = nowMs();
    await publish([nudgeOf(nudgedMs)]);
  }
  await sleep(Math.min(unlinkMs, waitMs * 3));
  await publish(keys.map((key) => auditOf(erasing, key, "complete")));
  return true;
}

function auditOf(
  { by, why, subjectHmac, nowMs }: Erasing,
  { key_id, client_id }: OwnedKey,
  state: AuditErasure["state"],
): Emission {
  return erasureRecord({ decided_at_ms: nowMs(), by, state, key_id, client_id, subject_hmac: subjectHmac, why });
}
