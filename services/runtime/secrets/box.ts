/**
 * AES-256-GCM over bytes: a box is nonce, ciphertext and tag. `bound` is not in
 * the box but must be the same to open it. Nonces are random, so a key must
 * seal fewer than 2^32 boxes: keys of runs and of wraps stay far below.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const cipherName = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

export function sealBox(key: Buffer, content: Buffer, bound = ""): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(cipherName, key, nonce).setAAD(Buffer.from(bound));
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

/** Null for a box that was altered, is not of this key or is bound to something else. */
export function openBox(key: Buffer, box: Buffer, bound = ""): Buffer | null {
  if (box.length < nonceBytes + tagBytes) return null;
  const decipher = createDecipheriv(cipherName, key, box.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(bound)).setAuthTag(box.subarray(box.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(box.subarray(nonceBytes, box.length - tagBytes)), decipher.final()]);
  } catch {
    return null;
  }
}
