/**
 * Seals a run's pseudonyms under a key of that run alone, derived from the
 * master key: a box moved to another run does not open, and random nonces never
 * come near their limit.
 */
import { z } from "zod";
import type { Opener, PseudonymMap, Sealer } from "../../guards/privacy/cryptography.ts";
import { openBox, sealBox } from "./box.ts";
import type { SecretKey } from "./secret-key.ts";

const entries = z.array(z.tuple([z.string(), z.string()]));

export function openSealer(key: SecretKey): Sealer {
  return {
    seal(runId, pseudonyms) {
      const text = Buffer.from(JSON.stringify([...pseudonyms]));
      return { key_id: key.id, sealed: sealBox(runKey(key, runId), text).toString("base64") };
    },
  };
}

/** Opens what any of the keys has sealed. */
export function openOpener(keys: readonly SecretKey[]): Opener {
  return {
    open(runId, { key_id, sealed }) {
      const key = keys.find(({ id }) => id === key_id);
      return key === undefined ? null : readEntries(openBox(runKey(key, runId), Buffer.from(sealed, "base64")));
    },
  };
}

function runKey(key: SecretKey, runId: string): Buffer {
  return key.derive(`pseudonyms/${runId}`);
}

function readEntries(text: Buffer | null): PseudonymMap | null {
  if (text === null) return null;
  try {
    return new Map(entries.parse(JSON.parse(text.toString("utf8"))));
  } catch {
    return null;
  }
}
