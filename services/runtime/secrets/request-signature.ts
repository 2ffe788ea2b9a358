/**
 * Signs the bytes of a request with its client's key, and checks such a
 * signature: HMAC-SHA256 over the record's value exactly as it is on the topic,
 * in hex, in the header `breakwater-signature`. Compared in constant time.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

export const signatureHeader = "breakwater-signature";

/** 64 hex digits. The key is used as its UTF-8 bytes. */
export function signRequest(key: string, value: string | Buffer): string {
  return createHmac("sha256", key).update(value).digest("hex");
}

/** Several keys: while one is being replaced, the old and the new hold. */
export function isSignedBy(keys: readonly string[], value: Buffer, signature: string): boolean {
  const given = Buffer.from(signature.trim().toLowerCase());
  return keys.some((key) => {
    const expected = Buffer.from(signRequest(key, value));
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
