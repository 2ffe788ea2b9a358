/**
 * Claims of Idempotency-Keys without what they are about: the key as a hash
 * with its client, the request as an HMAC. The HMAC's key comes from
 * BREAKWATER_SECRET_KEY, so who reads the topic can try out no request on it;
 * without that setting it comes from the Idempotency-Key alone, which holds as
 * far as the client's keys cannot be guessed. All gateways must have the same
 * setting: they would take each other's claims for conflicts.
 */
import { createHash, createHmac } from "node:crypto";
import type { IdempotencyClaim } from "../../../../schemas/records/idempotency.ts";
import { canonicalJson } from "../../../definitions/canonical-json.ts";
import { secretKeysOf } from "../../../runtime/secrets/secret-key.ts";
import type { NewRun } from "../run-desk.ts";

export interface KeyedRun {
  readonly run: NewRun;
  readonly idempotencyKey: string;
}

export interface ClaimKeys {
  /** 64 hex digits. */
  readonly keySha256: (keyed: KeyedRun) => string;
  readonly bodyHmac: (keyed: KeyedRun) => string;
  /** Whether the claim was made for this request. While the secret key is replaced, claims under the one before hold. */
  readonly isFor: (claim: Pick<IdempotencyClaim, "key_sha256" | "body_hmac">, keyed: KeyedRun) => boolean;
}

export function openClaimKeys(secretKey: string | undefined): ClaimKeys {
  const derived = secretKey === undefined ? [] : secretKeysOf(secretKey).map((key) => key.derive("idempotency"));
  const hmacs = (keyed: KeyedRun): readonly string[] => {
    const keys = derived.length === 0 ? [createHash("sha256").update(named("body", keyed)).digest()] : derived;
    const message = canonicalJson([named("body", keyed), bodyOf(keyed.run)]);
    return keys.map((key) => createHmac("sha256", key).update(message).digest("hex"));
  };
  const keySha256 = (keyed: KeyedRun): string => createHash("sha256").update(named("key", keyed)).digest("hex");
  return {
    keySha256,
    bodyHmac: (keyed) => hmacs(keyed)[0] ?? "",
    isFor: (claim, keyed) => claim.key_sha256 === keySha256(keyed) && hmacs(keyed).includes(claim.body_hmac),
  };
}

/** A JSON list, as client and key may hold any character. */
function named(purpose: string, { run, idempotencyKey }: KeyedRun): string {
  return JSON.stringify([`breakwater/idempotency/${purpose}/v1`, run.client_id, idempotencyKey]);
}

/** What a client means by the same request: when it must be done and how it is called differ from try to try. */
function bodyOf({ deadline_at_ms: _deadline, correlation_id: _correlation, ...body }: NewRun): object {
  return body;
}
