/**
 * Brings a value to the one form that its hash is made of, so that a card with
 * spaces and the same card without are one. Where case or marks are a part of
 * the value (secrets, addresses of crypto-currencies), they stay. A value that
 * was written in a code is what it decodes to.
 */
import { decode } from "../text/decode/decoded.ts";
import { fold } from "../text/fold.ts";

const exact: ReadonlySet<string> = new Set(["secret", "cryptoAddress"]);
/** Points, dashes and slashes belong to these; only the case and the spaces do not. */
const worded: ReadonlySet<string> = new Set(["email", "ip", "coordinates", "birthDate"]);

/** The value as it reads, where it was found encoded. */
export function decodedValue(value: string): string {
  return decode(fold(value))?.folded ?? value;
}

export function normaliseValue(entity: string, value: string): string {
  if (exact.has(entity)) return value.trim();
  const folded = fold(value).folded.trim();
  if (worded.has(entity)) return folded.replace(/\s/g, "");
  const bare = folded.replace(/[\s.\-_/()]/g, "");
  return bare === "" ? folded : bare;
}
