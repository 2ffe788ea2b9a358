/** Whose key it is: what is made is found again, and everything else is nobody's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { clientKey, type ClientKey } from "../../../schemas/control/client.ts";
import { clientOfKey, isInForce, makeKey, type NewKey } from "./keys.ts";

const nowMs = Date.UTC(2026, 10, 23);

function recordOf({ keyId, secretSha256 }: NewKey, more: Partial<ClientKey> = {}): ClientKey {
  return clientKey.parse({
    kind: "key",
    key_id: keyId,
    client_id: "acme",
    secret_sha256: secretSha256,
    scopes: { harnesses: ["summarise"], admin: false, review: true },
    limits: { requests_per_minute: 60, prompt_tokens: 5 },
    created_at_ms: nowMs,
    ...more,
  });
}

const key = makeKey();
const other = makeKey();
const kept = [recordOf(key), recordOf(other, { client_id: "beta" })];
const find = (keyId: string) => kept.find(({ key_id }) => key_id === keyId);

test("a key is its record's client, with its scopes and limits", () => {
  assert.deepEqual(clientOfKey(key.text, find, nowMs), {
    clientId: "acme",
    keyId: key.keyId,
    scopes: { harnesses: ["summarise"], admin: false, review: true },
    limits: {
      requestsPerMinute: 60,
      tokensPerMinute: undefined,
      concurrency: undefined,
      bodyBytes: undefined,
      promptTokens: 5,
    },
  });
});

test("a key reads bw_, its id, its secret; the record holds no part of the secret", () => {
  assert.match(key.text, /^bw_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
  assert.notEqual(key.text, other.text);
  const secret = key.text.slice(20);
  assert.ok(!JSON.stringify(recordOf(key)).includes(secret));
});

const secretOf = ({ text }: NewKey): string => text.slice(20);
const nobodys: readonly [what: string, presented: string | undefined][] = [
  ["no key", undefined],
  ["an empty one", ""],
  ["the key id alone", key.keyId],
  ["no secret", `bw_${key.keyId}_`],
  ["another key's secret", `bw_${key.keyId}_${secretOf(other)}`],
  ["an unknown id with a secret there is", `bw_${"0".repeat(16)}_${secretOf(key)}`],
  ["the hash in place of the secret", `bw_${key.keyId}_${key.secretSha256}`],
  ["the key with a letter more", `${key.text}A`],
  ["the key after a space", ` ${key.text}`],
  ["the key with its id in capitals", key.text.replace(key.keyId, key.keyId.toUpperCase())],
  ["the key with two lines", `${key.text}\n${key.text}`],
  ["a provider's key", "sk-proj-0123456789abcdef0123456789abcdef"],
];
for (const [what, presented] of nobodys) {
  test(`${what} is nobody's key`, () => assert.equal(clientOfKey(presented, find, nowMs), null));
}

test("the last letter counts whole: another that stands for the same bytes is another key", () => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const right = Array.from(letters, (letter) => key.text.slice(0, -1) + letter).filter(
    (text) => clientOfKey(text, find, nowMs) !== null,
  );
  assert.deepEqual(right, [key.text]);
});

test("whatever is presented, one record is looked up", () => {
  for (const presented of [key.text, ...nobodys.map(([, text]) => text)]) {
    let asked = 0;
    clientOfKey(presented, (keyId) => (asked++, find(keyId)), nowMs);
    assert.equal(asked, 1);
  }
});

const times: readonly [what: string, more: Partial<ClientKey>, inForce: boolean][] = [
  ["that was never touched", {}, true],
  ["in its grace", { valid_until_ms: nowMs + 1 }, true],
  ["out of its grace", { valid_until_ms: nowMs }, false],
  ["that was revoked", { revoked_at_ms: nowMs - 1 }, false],
  ["that was revoked by a clock ahead of ours", { revoked_at_ms: nowMs + 60_000 }, false],
  ["that was revoked in its grace", { valid_until_ms: nowMs + 1, revoked_at_ms: nowMs }, false],
];
for (const [what, more, inForce] of times) {
  test(`a key ${what} is ${inForce ? "in force" : "not in force"}`, () => {
    const record = recordOf(key, more);
    assert.equal(isInForce(record, nowMs), inForce);
    assert.equal(clientOfKey(key.text, () => record, nowMs) !== null, inForce);
  });
}

test("law: no text but the key is the key", () => {
  const near = fc.tuple(fc.nat(key.text.length - 1), fc.string({ maxLength: 3 }));
  fc.assert(
    fc.property(fc.oneof(fc.string(), near), (given) => {
      const text =
        typeof given === "string" ? given : key.text.slice(0, given[0]) + given[1] + key.text.slice(given[0] + 1);
      assert.equal(clientOfKey(text, find, nowMs) !== null, text === key.text);
    }),
  );
});
