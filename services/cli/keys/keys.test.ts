/** What the commands on keys publish and show, and the first key of a system, on a topic in memory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clientKey, type ClientKey } from "../../../schemas/control/client.ts";
import { MemoryLog } from "../../../test/pipeline/memory-log.ts";
import { clientOfKey, makeKey } from "../../gateway/clients/keys.ts";
import type { Emission } from "../../runtime/stage.ts";
import { ensureFirstKey, firstClient } from "./first-key.ts";
import { createdKey, createOptions, rotatedKey, rotateOptions } from "./key-options.ts";
import { keyDocument, keyTable } from "./key-table.ts";
import { readKeys, writeKeys } from "./key-topic.ts";

const noon = Date.UTC(2026, 10, 23, 12);
const hour = 3_600_000;

function made(more: Partial<ClientKey> = {}): ClientKey {
  return { ...createdKey(createOptions.parse({ client: "acme" }), makeKey(), noon), ...more };
}

function openTopic() {
  const log = new MemoryLog(1);
  const publish = async (emissions: readonly Emission[]) =>
    emissions.map(({ topic, key, value }) =>
      log.append({ topic, key, value: value === null ? null : Buffer.from(JSON.stringify(value)), headers: {} }),
    );
  return { log, reader: log, producer: () => Promise.resolve({ publish }) };
}

test("a key without options opens every harness, within the gateway's own limits", () => {
  const key = makeKey();
  assert.deepEqual(createdKey(createOptions.parse({ client: "acme" }), key, noon), {
    kind: "key",
    key_id: key.keyId,
    client_id: "acme",
    secret_sha256: key.secretSha256,
    scopes: { harnesses: null, admin: false, review: false },
    limits: {},
    created_at_ms: noon,
  });
});

test("every option is on the record, which the schema takes", () => {
  const given = createOptions.parse({
    client: "acme",
    harness: ["summarise", "assistant"],
    admin: true,
    review: true,
    label: "the web shop",
    requestsPerMinute: "60",
    tokensPerMinute: "9000",
    concurrency: "4",
    bodyBytes: "1000",
    promptTokens: "500",
  });
  const { scopes, limits, label } = clientKey.parse(createdKey(given, makeKey(), noon));
  assert.deepEqual(scopes, { harnesses: ["summarise", "assistant"], admin: true, review: true });
  assert.deepEqual(limits, {
    requests_per_minute: 60,
    tokens_per_minute: 9000,
    concurrency: 4,
    body_bytes: 1000,
    prompt_tokens: 500,
  });
  assert.equal(label, "the web shop");
});

test("a rotated key goes on for its grace; the new one has its client, scopes, limits and label", () => {
  const old = made({ label: "the web shop", limits: { concurrency: 3 } });
  const key = makeKey();
  const { fresh, ending } = rotatedKey(old, key, { atMs: noon + hour, graceMs: hour });
  assert.deepEqual(ending, { ...old, valid_until_ms: noon + 2 * hour });
  assert.deepEqual(fresh, {
    ...old,
    key_id: key.keyId,
    secret_sha256: key.secretSha256,
    created_at_ms: noon + hour,
  });
});

test("a key in its grace may be rotated again: its grace grows no longer, and the newest has no end", () => {
  const old = made({ valid_until_ms: noon + hour });
  const { fresh, ending } = rotatedKey(old, makeKey(), { atMs: noon, graceMs: 2 * hour });
  assert.equal("valid_until_ms" in fresh, false);
  assert.equal(ending.valid_until_ms, noon + hour);
});

const graces: readonly [text: string, ms: number | null][] = [
  ["0", 0],
  ["90m", 90 * 60_000],
  ["24h", 24 * hour],
  ["7d", 7 * 24 * hour],
  ["0h", null],
  ["24", null],
  ["1w", null],
  ["-1h", null],
  ["", null],
];
for (const [text, ms] of graces) {
  test(`a grace of "${text}" is ${ms === null ? "no time" : `${ms} ms`}`, () => {
    const parsed = rotateOptions.safeParse({ grace: text });
    assert.equal(parsed.success ? parsed.data.grace : null, ms);
  });
}

const states: readonly [key: ClientKey, state: string, inForce: boolean][] = [
  [made(), "in force", true],
  [made({ valid_until_ms: noon + 1 }), "until 2026-11-23 12:00", true],
  [made({ valid_until_ms: noon }), "over since 2026-11-23 12:00", false],
  [made({ valid_until_ms: noon + hour, revoked_at_ms: noon }), "revoked 2026-11-23 12:00", false],
];
for (const [key, state, inForce] of states) {
  test(`a key's state reads "${state}"`, () => {
    assert.equal(keyTable([key], noon).rows[0]?.[2], state);
    assert.partialDeepStrictEqual(keyDocument(key, noon), { in_force: inForce });
  });
}

test("a list shows what a key opens and is limited to, and nothing of its secret", () => {
  const scopes = { harnesses: ["summarise", "assistant"], admin: true, review: true };
  const keys = [made(), made({ scopes, limits: { requests_per_minute: 60, prompt_tokens: 500 }, label: "a laptop" })];
  assert.deepEqual(
    keyTable(keys, noon).rows.map((row) => row.slice(3)),
    [
      ["all", "-", "the gateway's", "2026-11-23 12:00", "-"],
      [
        "summarise, assistant",
        "admin, review",
        "60 requests per minute, 500 prompt tokens",
        "2026-11-23 12:00",
        "a laptop",
      ],
    ],
  );
  const shown = JSON.stringify([keyTable(keys, noon), keys.map((key) => keyDocument(key, noon))]);
  for (const { secret_sha256: hash } of keys) assert.ok(!shown.includes(hash));
});

test("the first key opens everything, and is made once", async () => {
  const topic = openTopic();
  const first = await ensureFirstKey(topic);
  assert.equal(await ensureFirstKey(topic), null);
  const keys = await readKeys(topic.reader);
  assert.equal(keys.size, 1);
  const client = clientOfKey(first?.key, (keyId) => keys.get(keyId), Date.now());
  assert.deepEqual(client?.scopes, { harnesses: null, admin: true, review: true });
  assert.equal(client?.clientId, firstClient);
});

test("a system whose keys are all revoked gets no new first key", async () => {
  const topic = openTopic();
  await writeKeys(topic, [made({ revoked_at_ms: noon })]);
  assert.equal(await ensureFirstKey(topic), null);
});

test("what is no key, or stands under another's id, is left out; the last record of a key counts", async () => {
  const topic = openTopic();
  const [one, other] = [made(), made()];
  await writeKeys(topic, [one, other, { ...one, revoked_at_ms: noon }]);
  for (const [key, value] of [
    ["strange", { kind: "drain" }],
    ["0".repeat(16), other],
  ] as const)
    topic.log.append({ topic: "harness-clients", key, value: Buffer.from(JSON.stringify(value)), headers: {} });
  assert.deepEqual([...(await readKeys(topic.reader)).values()], [{ ...one, revoked_at_ms: noon }, other]);
});
