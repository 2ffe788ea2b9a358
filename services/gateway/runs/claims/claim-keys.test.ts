import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { idempotencyClaim, type IdempotencyClaim } from "../../../../schemas/records/idempotency.ts";
import { deskRun } from "../../../../test/support/desk-bench.ts";
import { openClaimKeys, type ClaimKeys, type KeyedRun } from "./claim-keys.ts";

const oldSecret = "11".repeat(32);
const newSecret = "22".repeat(32);
const keyed: KeyedRun = { run: deskRun, idempotencyKey: "order-4711" };

function claimOf(keys: ClaimKeys, given = keyed): IdempotencyClaim {
  return idempotencyClaim.parse({
    kind: "claim",
    client_id: given.run.client_id,
    key_sha256: keys.keySha256(given),
    run_id: "0199d000-0000-7000-8000-000000000001",
    body_hmac: keys.bodyHmac(given),
    claimed_at_ms: 1,
  });
}

const changed: readonly (readonly [string, Partial<KeyedRun["run"]>, boolean])[] = [
  ["itself", {}, true],
  ["itself with its fields in another order", { input: { text: "Rope sales rose." }, harness: "summarise" }, true],
  ["itself with a later deadline", { deadline_at_ms: 1_795_167_061_180 }, true],
  ["itself under another correlation id", { correlation_id: "second try" }, true],
  ["another input", { input: { text: "Rope sales fell." } }, false],
  ["another harness", { harness: "support-chat" }, false],
  ["other options", { options: { temperature: 0.5 } }, false],
  ["another feature", { feature: "digest" }, false],
];
for (const secretKey of [undefined, newSecret]) {
  describe(`a claim made ${secretKey === undefined ? "without" : "with"} a secret key`, () => {
    const keys = openClaimKeys(secretKey);
    const claim = claimOf(keys);
    for (const [what, change, same] of changed)
      test(`${same ? "is for" : "is not for"} ${what}`, () =>
        assert.equal(keys.isFor(claim, { ...keyed, run: { ...deskRun, ...change } }), same));

    test("is for no other client's request under the same key, and for none under another key", () => {
      assert.equal(keys.isFor(claim, { ...keyed, run: { ...deskRun, client_id: "globex" } }), false);
      assert.equal(keys.isFor(claim, { ...keyed, idempotencyKey: "order-4712" }), false);
    });

    test("says nothing of the key, and equal requests under two keys look different", () => {
      assert.doesNotMatch(JSON.stringify(claim), /4711|Rope/);
      const other = claimOf(keys, { ...keyed, idempotencyKey: "order-4712" });
      assert.notEqual(claim.key_sha256, other.key_sha256);
      assert.notEqual(claim.body_hmac, other.body_hmac);
    });
  });
}

test("client and key are told apart whatever they hold", () => {
  const keys = openClaimKeys(undefined);
  const of = (client: string, idempotencyKey: string) =>
    keys.keySha256({ run: { ...deskRun, client_id: client }, idempotencyKey });
  assert.notEqual(of("ab", "c"), of("a", "bc"));
  assert.notEqual(of('a","b', "c"), of("a", 'b","c'));
});

test("while the secret key is replaced, claims under the old one hold; under one that is gone they do not", () => {
  const claim = claimOf(openClaimKeys(oldSecret));
  assert.equal(openClaimKeys(`${newSecret},${oldSecret}`).isFor(claim, keyed), true);
  assert.equal(openClaimKeys(newSecret).isFor(claim, keyed), false);
  assert.notEqual(claim.body_hmac, openClaimKeys(newSecret).bodyHmac(keyed));
});
