/** Headers that carry a key, and keys that change while a gateway follows them. */
import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { test } from "node:test";
import type { ClientKey } from "../../../schemas/control/client.ts";
import { MemoryTopic } from "../../../test/support/memory-topic.ts";
import { silentLogger } from "../../../test/support/silent-logger.ts";
import { keyIn, openClientKeys } from "./authenticate.ts";
import { makeKey } from "./keys.ts";

const headers: readonly [what: string, headers: IncomingHttpHeaders, key: string | undefined][] = [
  ["none", {}, undefined],
  ["a bearer token", { authorization: "Bearer bw_1" }, "bw_1"],
  ["a bearer token in small letters", { authorization: "bearer bw_1" }, "bw_1"],
  ["x-api-key", { "x-api-key": "bw_1" }, "bw_1"],
  ["x-api-key beside another service's token", { "x-api-key": "bw_1", authorization: "Bearer other" }, "bw_1"],
  ["x-api-key twice", { "x-api-key": ["bw_1", "bw_2"] }, undefined],
  ["another scheme", { authorization: "Basic YTpi" }, undefined],
  ["a bearer of nothing", { authorization: "Bearer " }, undefined],
  ["two bearer tokens", { authorization: "Bearer bw_1 bw_2" }, undefined],
];
for (const [what, given, key] of headers) {
  test(`${what}: ${key === undefined ? "no key" : "the key"}`, () => assert.equal(keyIn(given), key));
}

const key = makeKey();
const record: ClientKey = {
  kind: "key",
  key_id: key.keyId,
  client_id: "acme",
  secret_sha256: key.secretSha256,
  scopes: { harnesses: null, admin: false, review: false },
  limits: {},
  created_at_ms: 0,
};
const sent = { authorization: `Bearer ${key.text}` };

test("a key counts from its record on, and no more once it is revoked or deleted", async () => {
  const topic = new MemoryTopic();
  const keys = await openClientKeys({ reader: topic, logger: silentLogger });
  assert.equal(keys.clientOf(sent), null);
  topic.append(key.keyId, JSON.stringify(record));
  assert.equal(keys.clientOf(sent)?.clientId, "acme");
  topic.append(key.keyId, JSON.stringify({ ...record, revoked_at_ms: 1 }));
  assert.equal(keys.clientOf(sent), null);
  topic.append(key.keyId, JSON.stringify(record));
  topic.append(key.keyId, null);
  assert.equal(keys.clientOf(sent), null);
  await keys.close();
});

test("a grace ends by the clock, without a record", async () => {
  const topic = new MemoryTopic([[key.keyId, JSON.stringify({ ...record, valid_until_ms: 1000 })]]);
  let nowMs = 999;
  const keys = await openClientKeys({ reader: topic, logger: silentLogger }, () => nowMs);
  assert.notEqual(keys.clientOf(sent), null);
  nowMs = 1000;
  assert.equal(keys.clientOf(sent), null);
  await keys.close();
});

test("a record that is no key, or another's, changes nothing", async () => {
  const topic = new MemoryTopic([[key.keyId, JSON.stringify(record)]]);
  const keys = await openClientKeys({ reader: topic, logger: silentLogger });
  topic.append(key.keyId, JSON.stringify({ ...record, revoked_at_ms: 1, key_id: "0".repeat(16) }));
  topic.append(key.keyId, "not JSON");
  assert.equal(keys.clientOf(sent)?.keyId, key.keyId);
  await keys.close();
});
