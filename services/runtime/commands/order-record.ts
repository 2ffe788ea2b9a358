/**
 * An order as a record on harness-commands. The record is for the target: the
 * same order twice is one, and null withdraws it.
 */
import { commandRecord, type CancelTarget, type CommandRecord } from "../../../schemas/control/command.ts";
import type { Emission } from "../stage.ts";

/** Topics keep a run's records for a week: nothing of it can be in the flow after that. */
export const cancelForMs = 7 * 24 * 3_600_000;

/** @throws ZodError when the target or the words are none that an order takes. */
export function cancellation(target: CancelTarget, why: string | undefined, nowMs: number): CommandRecord {
  return commandRecord.parse({ kind: "cancel", target, why, ordered_at_ms: nowMs, until_ms: nowMs + cancelForMs });
}

/** `key`: the target's (`commandKey`). */
export function orderEmission(key: string, value: CommandRecord | null, nowMs: number): Emission {
  return { topic: "harness-commands", key, id: `${key}/${nowMs}`, type: "breakwater.command", value };
}
