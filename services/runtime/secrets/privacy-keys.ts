/**
 * What the stages get for the key that is configured: a tokeniser, a sealer and
 * the keys of answers for input-scan, an opener for output-validate. Without a key, nulls, and
 * whatever needs one says so.
 */
import type { AnswerKeys, Opener, Sealer, Tokeniser } from "../../guards/privacy/cryptography.ts";
import { openAnswerKeys } from "./answer-keys.ts";
import { openOpener, openSealer } from "./sealer.ts";
import { secretKeysOf } from "./secret-key.ts";
import { openTokeniser } from "./tokeniser.ts";

export interface PrivacyKeys {
  readonly tokeniser: Tokeniser | null;
  readonly sealer: Sealer | null;
  readonly opener: Opener | null;
  readonly answerKeys: AnswerKeys | null;
}

export const noPrivacyKeys: PrivacyKeys = { tokeniser: null, sealer: null, opener: null, answerKeys: null };

/** `setting`: the value of BREAKWATER_SECRET_KEY. */
export function openPrivacyKeys(setting: string | undefined): PrivacyKeys {
  if (setting === undefined) return noPrivacyKeys;
  const keys = secretKeysOf(setting);
  const [current] = keys;
  return {
    tokeniser: openTokeniser(current),
    sealer: openSealer(current),
    opener: openOpener(keys),
    answerKeys: openAnswerKeys(current),
  };
}
