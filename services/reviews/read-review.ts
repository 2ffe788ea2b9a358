/** Reads a record of harness-reviews. */
import { reviewRecord, type ReviewRecord } from "../../schemas/records/review.ts";
import { PoisonRecordError } from "../runtime/errors.ts";

/** @throws PoisonRecordError `internal_record_invalid` when it is none. */
export function readReview(value: Buffer | null): ReviewRecord {
  const parsed = reviewRecord.safeParse(jsonOf(value));
  if (!parsed.success) throw new PoisonRecordError("internal_record_invalid", "not a record of the reviews");
  return parsed.data;
}

function jsonOf(value: Buffer | null): unknown {
  try {
    return value === null ? null : JSON.parse(value.toString("utf8"));
  } catch (cause) {
    throw new PoisonRecordError("internal_record_invalid", "not JSON", cause);
  }
}
