/**
 * Hashes that stand for content in the audit, by HMAC-SHA-256: whoever has the
 * key and the content can show that they belong together, and nobody else can
 * try out what a hash stands for. The key's id is written before it. Of
 * sealed content the key is the one that seals it, so that with it the proof is
 * erased, too.
 */
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { canonicalJson } from "../../definitions/canonical-json.ts";
import { secretKeysOf } from "../secrets/secret-key.ts";
import type { DataKey } from "./content-keys.ts";

export interface ContentHasher {
  /** Of any JSON value, by its canonical text (RFC 8785). */
  hashOf(content: unknown): string;
}

/** `setting`: the value of BREAKWATER_SECRET_KEY; null without one. */
export function openContentHasher(setting: string | undefined): ContentHasher | null {
  if (setting === undefined) return null;
  const [key] = secretKeysOf(setting);
  return hasherOf(key.id, key.keyFor("content-hash"));
}

/** Under the key that seals the content. */
export function hasherUnder({ keyId, key }: DataKey): ContentHasher {
  const secret = Buffer.from(hkdfSync("sha256", key, "breakwater", "breakwater/content-hash/v1", 32));
  return hasherOf(keyId, createSecretKey(secret));
}

function hasherOf(keyId: string, secret: KeyObject): ContentHasher {
  return {
    hashOf: (content) => `${keyId}:${createHmac("sha256", secret).update(canonicalJson(content)).digest("hex")}`,
  };
}
