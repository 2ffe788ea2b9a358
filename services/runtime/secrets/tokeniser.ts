/**
 * Hash tokens by HMAC-SHA-256: the same value of the same kind and client gives
 * the same token for as long as the key stays; without the key, trying out all
 * card numbers tells nothing. 48 bits: of a million values of one client, two
 * share a token with a chance of about 1 in 560.
 */
import { createHmac } from "node:crypto";
import type { Tokeniser } from "../../guards/privacy/cryptography.ts";
import type { SecretKey } from "./secret-key.ts";

const digits = 12;

export function openTokeniser(key: SecretKey): Tokeniser {
  const tokenKey = key.keyFor("hash-tokens");
  return {
    tokenOf({ clientId, entity }, value) {
      const message = JSON.stringify([clientId, entity, value]);
      const digest = createHmac("sha256", tokenKey).update(message).digest("hex");
      return withLetter(digest);
    },
  };
}

/** The first 12 digits that hold a letter, so that no token is a number. */
function withLetter(digest: string): string {
  for (let start = 0; start + digits <= digest.length; start += digits) {
    const token = digest.slice(start, start + digits);
    if (/[a-f]/.test(token)) return token;
  }
  return `a${digest.slice(1, digits)}`;
}
