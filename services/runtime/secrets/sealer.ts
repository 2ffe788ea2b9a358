/**
 * Seals a run's pseudonyms with AES-256-GCM under a key of that run alone,
 * derived from the master key: a box moved to another run does not open, and
 * random nonces never come near their limit. A box is nonce, ciphertext and tag.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Opener, PseudonymMap, Sealer } from "../../guards/privacy/cryptography.ts";
import type { SecretKey } from "./secret-key.ts";

const cipherName = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;
const entries = z.array(z.tuple([z.string(), z.string()]));

export function openSealer(key: SecretKey): Sealer {
  return {
    seal(runId, pseudonyms) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(cipherName, runKey(key, runId), nonce);
      const text = JSON.stringify([...pseudonyms]);
      const box = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return { key_id: key.id, sealed: box.toString("base64") };
    },
  };
}

/** Opens what any of the keys has sealed. */
export function openOpener(keys: readonly SecretKey[]): Opener {
  return {
    open(runId, { key_id, sealed }) {
      const key = keys.find(({ id }) => id === key_id);
      return key === undefined ? null : unsealed(runKey(key, runId), Buffer.from(sealed, "base64"));
    },
  };
}

function runKey(key: SecretKey, runId: string): Buffer {
  return key.derive(`pseudonyms/${runId}`);
}

/** Null for a box that was altered or is not of this key. */
function unsealed(key: Buffer, box: Buffer): PseudonymMap | null {
  if (box.length < nonceBytes + tagBytes) return null;
  const decipher = createDecipheriv(cipherName, key, box.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAuthTag(box.subarray(box.length - tagBytes));
  try {
    const text = Buffer.concat([decipher.update(box.subarray(nonceBytes, box.length - tagBytes)), decipher.final()]);
    return new Map(entries.parse(JSON.parse(text.toString("utf8"))));
  } catch {
    return null;
  }
}
