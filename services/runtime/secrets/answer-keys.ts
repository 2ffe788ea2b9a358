/**
 * Keys of answers by HMAC-SHA-256: the same input of the same client, harness
 * version and data subject has the same key for as long as the secret key
 * stays. Without it nobody can try out which input a key stands for: the input
 * is taken as it came in, before anything in it was masked.
 */
import { createHmac } from "node:crypto";
import { canonicalJson } from "../../definitions/canonical-json.ts";
import type { AnswerKeys } from "../../guards/privacy/cryptography.ts";
import type { SecretKey } from "./secret-key.ts";

const digits = 32;

export function openAnswerKeys(key: SecretKey): AnswerKeys {
  const answerKey = key.keyFor("answer-keys");
  return {
    keyOf({ clientId, harness, subjectId = null, input, options }) {
      const question = [clientId, harness.name, harness.version, subjectId, input];
      const message = canonicalJson(options === undefined ? question : [...question, options]);
      return createHmac("sha256", answerKey).update(message).digest("hex").slice(0, digits);
    },
  };
}
