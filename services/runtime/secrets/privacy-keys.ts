/**
 * What the stages get for the key that is configured: a tokeniser and a sealer
 * for input-scan, an opener for output-validate. Without a key, nulls, and
 * whatever needs one says so.
 */
import type { Opener, Sealer, Tokeniser } from "../../guards/privacy/cryptography.ts";
import { openOpener, openSealer } from "./sealer.ts";
import { secretKeysOf } from "./secret-key.ts";
import { openTokeniser } from "./tokeniser.ts";

export interface PrivacyKeys {
  readonly tokeniser: Tokeniser | null;
  readonly sealer: Sealer | null;
  readonly opener: Opener | null;
}

export const noPrivacyKeys: PrivacyKeys = { tokeniser: null, sealer: null, opener: null };

/** `setting`: the value of BREAKWATER_SECRET_KEY. */
export function openPrivacyKeys(setting: string | undefined): PrivacyKeys {
  if (setting === undefined) return noPrivacyKeys;
  const keys = secretKeysOf(setting);
  const [current] = keys;
  return { tokeniser: openTokeniser(current), sealer: openSealer(current), opener: openOpener(keys) };
}
