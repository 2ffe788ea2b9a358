/**
 * Signs heads of the audit chain with Ed25519. The key of BREAKWATER_AUDIT_KEY
 * is the 32 bytes that Ed25519 begins from, as base64 or hex; it never leaves
 * the process that seals.
 */
import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { headText, type HeadBody } from "../../audit-chain/link.ts";
import type { SignedHead } from "../../audit-chain/signed-head.ts";
import type { TagKey } from "../../audit-chain/tags.ts";
import { keyBytesOf, secretKeysOf } from "./secret-key.ts";

export interface HeadSigner {
  /** 32 bytes as base64url. */
  readonly publicKey: string;
  /** For the clients' tags on links. */
  readonly tagKey: TagKey;
  sign(head: HeadBody): SignedHead;
}

/** RFC 8410: what stands before the 32 bytes in a PKCS #8 key. */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** @throws Error when the setting is no key: it is checked when settings are read. */
export function openHeadSigner(setting: string): HeadSigner {
  const seed = keyBytesOf(setting.trim());
  if (seed === null) throw new Error("an audit key must be 32 bytes as base64 or hex");
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: "der", type: "pkcs8" });
  const { x: publicKey = "" } = createPublicKey(key).export({ format: "jwk" });
  const [secret] = secretKeysOf(setting);
  return {
    publicKey,
    tagKey: { id: secret.derive("audit-tags-id").toString("hex", 0, 8), secret: secret.keyFor("audit-tags") },
    sign(head) {
      const signature = sign(null, Buffer.from(headText(head)), key).toString("base64url");
      return { ...head, public_key: publicKey, signature };
    },
  };
}
