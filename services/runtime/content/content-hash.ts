/**
 * Hashes that stand for content in the audit, by HMAC-SHA-256: whoever has the
 * key and the content can show that they belong together, and nobody else can
 * try out what a hash stands for. The key's id is written before it.
 */
import { createHmac } from "node:crypto";
import { canonicalJson } from "../../definitions/canonical-json.ts";
import { secretKeysOf } from "../secrets/secret-key.ts";

export interface ContentHasher {
  /** Of any JSON value, by its canonical text (RFC 8785). */
  hashOf(content: unknown): string;
}

/** `setting`: the value of BREAKWATER_SECRET_KEY; null without one. */
export function openContentHasher(setting: string | undefined): ContentHasher | null {
  if (setting === undefined) return null;
  const [key] = secretKeysOf(setting);
  const secret = key.derive("content-hash");
  return {
    hashOf: (content) => `${key.id}:${createHmac("sha256", secret).update(canonicalJson(content)).digest("hex")}`,
  };
}
