/**
 * Signed heads: a statement, by Ed25519, of what the last link of a partition
 * was at a time. Whoever keeps one elsewhere sees later that a tail was cut off
 * or everything before it written anew. A head names its public key; whether that
 * is the right one is for the reader to know. Needs Node alone: the evidence
 * pack carries this file.
 */
import { createHash, createPublicKey, verify } from "node:crypto";
import { headText, type HeadBody } from "./link.ts";

export interface SignedHead extends HeadBody {
  /** 32 bytes as base64url. */
  readonly public_key: string;
  /** 64 bytes as base64url. */
  readonly signature: string;
}

export interface ReadHead {
  readonly place: string;
  /** Null when what stands there is no head. */
  readonly head: SignedHead | null;
  /** Why it does not count; null when it does. */
  readonly defect: string | null;
}

/** The first 16 hex digits of the key's SHA-256: to compare by eye. */
export function keyIdOf(publicKey: string): string {
  return createHash("sha256").update(Buffer.from(publicKey, "base64url")).digest("hex").slice(0, 16);
}

/** `trusted`: public keys that may sign; any when it is null. */
export function readHead(value: unknown, place: string, trusted: ReadonlySet<string> | null): ReadHead {
  const head = headOf(value);
  if (head === null) return { place, head, defect: "it is not a signed head" };
  if (trusted !== null && !trusted.has(head.public_key))
    return { place, head, defect: `it is signed by a key that is not trusted, ${keyIdOf(head.public_key)}` };
  return { place, head, defect: isSigned(head) ? null : "its signature does not hold" };
}

function isSigned(head: SignedHead): boolean {
  try {
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: head.public_key }, format: "jwk" });
    const signature = Buffer.from(head.signature, "base64url");
    // Another text of the same bytes is not what was written.
    const isExact = signature.toString("base64url") === head.signature;
    return isExact && verify(null, Buffer.from(headText(head)), key, signature);
  } catch {
    return false;
  }
}

function headOf(value: unknown): SignedHead | null {
  if (typeof value !== "object" || value === null) return null;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { partition, sequence, hash, signed_at_ms, public_key, signature } = fields;
  if (typeof partition !== "number" || typeof sequence !== "number" || typeof signed_at_ms !== "number") return null;
  if (typeof hash !== "string" || typeof public_key !== "string" || typeof signature !== "string") return null;
  return { partition, sequence, hash, signed_at_ms, public_key, signature };
}
