/**
 * Reads a record of the journal as far as this stage needs it: most records are
 * not for it, and a settling finish carries the whole envelope, so the type in
 * the header is looked at before the body is.
 */
import { z } from "zod";
import { callRecord, type CallFinished } from "../../../schemas/records/call.ts";
import { PoisonRecordError } from "../../runtime/errors.ts";
import type { ConsumedRecord } from "../../runtime/stage.ts";
import type { SettlingFinish } from "../decide.ts";

const journalRecord = z.compile(callRecord);

/**
 * Null for a start.
 * @throws PoisonRecordError `internal_record_invalid` when it is no journal record.
 */
export function finishOf(record: ConsumedRecord): CallFinished | null {
  if (record.headers["ce_type"] === "breakwater.call.started") return null;
  const parsed = journalRecord.safeParse(parseBody(record.value));
  if (!parsed.success) throw new PoisonRecordError("internal_record_invalid", "not a record of the journal");
  const call = parsed.data;
  if (call.kind === "call.started") return null;
  if (call.settles && call.settlement === undefined)
    throw new PoisonRecordError("internal_record_invalid", "a settling finish without settlement");
  return call;
}

/** Null for what settles nothing. */
export function settlingFinishOf(finish: CallFinished): SettlingFinish | null {
  const { settles, settlement } = finish;
  return settles && settlement !== undefined ? { ...finish, settlement } : null;
}

function parseBody(value: Buffer | null): unknown {
  if (value === null) return null;
  try {
    return JSON.parse(value.toString("utf8"));
  } catch (cause) {
    throw new PoisonRecordError("internal_record_invalid", "not JSON", cause);
  }
}
