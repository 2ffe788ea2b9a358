/**
 * A time as people write it in a question: a day (its start, UTC) or an RFC 3339
 * time, as Unix milliseconds. From 1970 to 2099, which is what the ledger's
 * columns can hold: an hour is 32 bits of seconds there.
 */
import { z } from "zod";

export const writtenTimeMeaning =
  "a day (2026-11-01) or a time with its zone (2026-11-01T12:00:00Z), from 1970 to 2099";

const endMs = Date.UTC(2100, 0);
const inLedger = z.number().min(0).lt(endMs);

const day = z.iso.date().transform((text) => Date.parse(`${text}T00:00:00Z`));
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

export const writtenTime = z.union([day.pipe(inLedger), time.pipe(inLedger)], writtenTimeMeaning);
