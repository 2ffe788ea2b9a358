/**
 * Keys of the gateway: `bw_<key id>_<secret>`. The key id is no secret and
 * finds the record; the secret is 32 random bytes, of which only the SHA-256 is
 * kept. Whatever is presented, one hash is made and one is compared, in a time
 * that does not depend on where they differ or whether there is such a key.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { ClientKey } from "../../../schemas/control/client.ts";
import type { Client } from "./client.ts";

const keyPattern = /^bw_(?<keyId>[0-9a-f]{16})_(?<secret>[A-Za-z0-9_-]{43})$/;

export interface NewKey {
  /** What its holder sends; shown once and kept nowhere. */
  readonly text: string;
  readonly keyId: string;
  readonly secretSha256: string;
}

export function makeKey(): NewKey {
  const keyId = randomBytes(8).toString("hex");
  const secret = randomBytes(32).toString("base64url");
  return { text: `bw_${keyId}_${secret}`, keyId, secretSha256: sha256(secret).toString("hex") };
}

/** Stands in for the secret of a key that does not exist; nobody knows a text with this hash. */
const nobodysHash = randomBytes(32);

/** Whose key it is; null for none, a wrong one, and one that is revoked or out of its grace. */
export function clientOfKey(
  presented: string | undefined,
  find: (keyId: string) => ClientKey | undefined,
  nowMs: number,
): Client | null {
  const { keyId = "", secret = "" } = keyPattern.exec(presented ?? "")?.groups ?? {};
  const key = find(keyId);
  const hash = key === undefined ? nobodysHash : Buffer.from(key.secret_sha256, "hex");
  const isIts = timingSafeEqual(sha256(secret), hash);
  return key !== undefined && isIts && isInForce(key, nowMs) ? clientOf(key) : null;
}

export function isInForce({ revoked_at_ms: revokedAtMs, valid_until_ms: untilMs }: ClientKey, nowMs: number): boolean {
  return revokedAtMs === undefined && (untilMs === undefined || nowMs < untilMs);
}

/** Whose the key of this id is, without asking for its secret; null when it is not in force. */
export function clientOfKeyId(key: ClientKey | undefined, nowMs: number): Client | null {
  return key !== undefined && isInForce(key, nowMs) ? clientOf(key) : null;
}

function clientOf({ client_id, key_id, label, scopes, limits }: ClientKey): Client {
  return {
    clientId: client_id,
    keyId: key_id,
    ...(label === undefined ? {} : { label }),
    scopes,
    limits: {
      requestsPerMinute: limits.requests_per_minute,
      tokensPerMinute: limits.tokens_per_minute,
      concurrency: limits.concurrency,
      bodyBytes: limits.body_bytes,
      promptTokens: limits.prompt_tokens,
    },
  };
}

function sha256(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
