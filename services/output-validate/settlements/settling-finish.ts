/**
 * Reads a record of the journal as far as this stage needs it: most records are
 * not for it, and a settling finish carries the whole envelope, so the type in
 * the header is looked at before the body is.
 */
import { z } from "zod";
import { callRecord } from "../../../schemas/records/call.ts";
import { PoisonRecordError } from "../../runtime/errors.ts";
import type { ConsumedRecord } from "../../runtime/stage.ts";
import type { SettlingFinish } from "../decide.ts";

const journalRecord = z.compile(callRecord);

/**
 * Null for what settles nothing.
 * @throws PoisonRecordError `internal_record_invalid` when it is no journal record.
 */
export function settlingFinishOf(record: ConsumedRecord): SettlingFinish | null {
  if (record.headers["ce_type"] === "breakwater.call.started") return null;
  const parsed = journalRecord.safeParse(parseBody(record.value));
  if (!parsed.success) throw new PoisonRecordError("internal_record_invalid", "not a record of the journal");
  const call = parsed.data;
  if (call.kind === "call.started" || !call.settles) return null;
  const { settlement } = call;
  if (settlement === undefined)
    throw new PoisonRecordError("internal_record_invalid", "a settling finish without settlement");
  return { ...call, settlement };
}

function parseBody(value: Buffer | null): unknown {
  if (value === null) return null;
  try {
    return JSON.parse(value.toString("utf8"));
  } catch (cause) {
    throw new PoisonRecordError("internal_record_invalid", "not JSON", cause);
  }
}
