/**
 * The audit's word of a change by an operator. It is written, and acknowledged,
 * before the change is: what fails in between was told and not done, and nothing
 * is done untold.
 */
import { createHash } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import type { Actor, AuditChange } from "../../../schemas/audit/change.ts";
import { canonicalJson } from "../../definitions/canonical-json.ts";
import type { Emission, Publish } from "../stage.ts";

export type Change = Omit<AuditChange, "kind" | "event_id" | "decided_at_ms" | "by">;

/** Resolves when all are acknowledged. Errors: TransientError broker_unavailable. */
export async function tellChanges(publish: Publish, by: Actor, changes: readonly Change[]): Promise<void> {
  if (changes.length > 0) await publish(changes.map((change) => changeEmission(change, by, Date.now())));
}

/** What is about a run stands with all else that is. */
function changeEmission(change: Change, by: Actor, nowMs: number): Emission {
  const value: AuditChange = { kind: "change", event_id: uuidv7(), decided_at_ms: nowMs, by, ...change };
  const key = change.run_id ?? change.target;
  return { topic: "harness-audit", key, id: value.event_id, type: "breakwater.change", value };
}

/** The version of what has none of its own: the first 16 hex digits of the SHA-256 of its canonical JSON. */
export function versionOfRecord(record: unknown): string {
  return createHash("sha256").update(canonicalJson(record)).digest("hex").slice(0, 16);
}

/** `previous` where there is one. */
export function versions(
  record: object | undefined,
  before: object | undefined,
): Pick<AuditChange, "version" | "previous"> {
  return {
    ...(record === undefined ? {} : { version: versionOfRecord(record) }),
    ...(before === undefined ? {} : { previous: versionOfRecord(before) }),
  };
}
