/**
 * Sessions of the console: who logged in with a key holds, instead of the key,
 * a token that names the key's id and an end, signed with a key derived from
 * BREAKWATER_SECRET_KEY. Nothing is kept, so every gateway with the same secret
 * takes the token, and whether its key is still in force is asked at each
 * request. Without the setting each process signs with a key of its own: a
 * session then holds at one gateway until it stops.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { secretKeysOf } from "../../runtime/secrets/secret-key.ts";

export interface Session {
  readonly keyId: string;
  readonly expiresAtMs: number;
}

export interface Sessions {
  readonly begin: (keyId: string, nowMs: number) => Session & { readonly token: string };
  /** Null for a token that was altered, is another secret's, or is over. */
  readonly read: (token: string, nowMs: number) => Session | null;
}

export const sessionMs = 12 * 3_600_000;

const tokenPattern = /^(?<keyId>[\w-]{1,64})\.(?<end>[0-9a-z]{1,12})\.(?<signature>[\w-]{43})$/;

export function openSessions(secretKey: string | undefined): Sessions {
  const derived = secretKey === undefined ? [] : secretKeysOf(secretKey).map((key) => key.derive("console-sessions"));
  const [first = randomBytes(32), ...before] = derived;
  return {
    begin: (keyId, nowMs) => {
      const expiresAtMs = nowMs + sessionMs;
      const body = `${keyId}.${expiresAtMs.toString(36)}`;
      return { keyId, expiresAtMs, token: `${body}.${signatureOf(first, body).toString("base64url")}` };
    },
    read: (token, nowMs) => {
      const { keyId, end, signature } = tokenPattern.exec(token)?.groups ?? {};
      if (keyId === undefined || end === undefined || signature === undefined) return null;
      const given = Buffer.from(signature, "base64url");
      const isOurs = [first, ...before].some((key) => timingSafeEqual(signatureOf(key, `${keyId}.${end}`), given));
      const expiresAtMs = Number.parseInt(end, 36);
      return isOurs && nowMs < expiresAtMs ? { keyId, expiresAtMs } : null;
    },
  };
}

function signatureOf(key: Buffer, body: string): Buffer {
  return createHmac("sha256", key).update(`breakwater/session/v1/${body}`).digest();
}
