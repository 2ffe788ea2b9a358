/** Keys made, found, shared between processes and erased. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { contentKeyRecord } from "../../../schemas/control/content-key.ts";
import { KeyTopic, keySetting } from "../../../test/support/key-topic.ts";
import { PoisonRecordError } from "../errors.ts";

const ann = { client_id: "acme", subject_id: "ann" };
const owners = [
  ann,
  { client_id: "acme", subject_id: "bob" },
  { client_id: "globex", subject_id: "ann" },
  { topic: "harness-requests", day: "2026-11-23" },
  { topic: "harness-requests", day: "2026-11-24" },
];

test("each subject of each client, and each day of a topic, has a key of its own, and keeps it", async () => {
  const keys = new KeyTopic().keys();
  const made = await Promise.all(owners.map((owner) => keys.keyFor(owner)));
  assert.equal(new Set(made.map(({ keyId }) => keyId)).size, owners.length);
  assert.equal(new Set(made.map(({ key }) => key.toString("hex"))).size, owners.length);
  assert.deepEqual(await Promise.all(owners.map((owner) => keys.keyFor(owner))), made);
});

test("runs that ask at the same time share one key", async () => {
  const topic = new KeyTopic();
  const keys = topic.keys();
  const made = await Promise.all(Array.from({ length: 20 }, () => keys.keyFor(ann)));
  assert.equal(new Set(made.map(({ keyId }) => keyId)).size, 1);
  assert.equal(topic.sent.length, 1);
});

test("what is on the topic is a record of its schema, and does not hold the key", async () => {
  const topic = new KeyTopic();
  const made = await topic.keys().keyFor(ann);
  const [sent] = topic.sent;
  const record = contentKeyRecord.parse(sent?.value);
  assert.deepEqual([record.kind, record.key_id, sent?.key], ["subject_key", made.keyId, made.keyId]);
  for (const form of ["base64", "hex", "latin1"] as const)
    assert.equal(JSON.stringify(record).includes(made.key.toString(form)), false);
});

test("another process finds the key, one that began later too, and uses it for the subject", async () => {
  const topic = new KeyTopic();
  const early = topic.keys();
  assert.deepEqual(await early.all(), []);
  const made = await topic.keys().keyFor(ann);
  for (const other of [early, topic.keys()]) {
    assert.deepEqual(await other.find(made.keyId), { kind: "key", key: made.key });
    assert.deepEqual(await other.keyFor(ann), made);
  }
});

test("a key that this process has not read yet is waited for, and not taken for erased", async () => {
  const topic = new KeyTopic();
  const reader = topic.reader();
  const slow = topic.keys(keySetting, reader);
  await slow.all();
  reader.isHeldBack = true;
  const made = await topic.keys().keyFor(ann);
  const finding = slow.find(made.keyId);
  reader.isHeldBack = false;
  setImmediate(() => reader.show());
  assert.equal((await finding).kind, "key");
});

test("two processes that made a key each open both, and go on with the first", async () => {
  const topic = new KeyTopic();
  const [left, right] = [topic.keys(), topic.keys()];
  const both = await Promise.all([left.keyFor(ann), right.keyFor(ann)]);
  for (const keys of [left, right, topic.keys()]) {
    for (const { keyId, key } of both) assert.deepEqual(await keys.find(keyId), { kind: "key", key });
    assert.equal((await keys.keyFor(ann)).keyId, both[0].keyId);
  }
});

test("an erased key is gone from every process, those that held it too, and the subject's next run gets another", async () => {
  const topic = new KeyTopic();
  const [holder, other] = [topic.keys(), topic.keys()];
  const made = await holder.keyFor(ann);
  const kept = await holder.keyFor({ ...ann, subject_id: "bob" });
  await other.erase([made.keyId]);
  for (const keys of [holder, other, topic.keys()]) {
    assert.deepEqual(await keys.find(made.keyId), { kind: "erased" });
    assert.equal((await keys.find(kept.keyId)).kind, "key");
  }
  const next = await holder.keyFor(ann);
  assert.notEqual(next.keyId, made.keyId);
  assert.deepEqual(await holder.find(made.keyId), { kind: "erased" });
});

test("a key that a restored backup brings back opens again, until it is erased again", async () => {
  const topic = new KeyTopic();
  const keys = topic.keys();
  const made = await keys.keyFor(ann);
  const [record] = topic.sent;
  assert.ok(record);
  await keys.erase([made.keyId]);
  assert.equal((await keys.find(made.keyId)).kind, "erased");
  await topic.publish([record]);
  assert.equal((await keys.find(made.keyId)).kind, "key");
  await keys.erase([made.keyId]);
  assert.equal((await keys.find(made.keyId)).kind, "erased");
});

test("a process with another key, or with none, sees that there is a key, and that one is erased", async () => {
  const topic = new KeyTopic();
  const made = await topic.keys().keyFor(ann);
  const strangers = [topic.keys("11".repeat(32)), topic.keys(null)];
  for (const stranger of strangers) assert.deepEqual(await stranger.find(made.keyId), { kind: "locked" });
  await topic.keys().erase([made.keyId]);
  for (const stranger of strangers) assert.deepEqual(await stranger.find(made.keyId), { kind: "erased" });
});

test("a process whose key opens none of the subject's makes another; one without a key cannot", async () => {
  const topic = new KeyTopic();
  const made = await topic.keys().keyFor(ann);
  assert.notEqual((await topic.keys("11".repeat(32)).keyFor(ann)).keyId, made.keyId);
  const refused = await topic
    .keys(null)
    .keyFor(ann)
    .catch((error: unknown) => error);
  assert.ok(refused instanceof PoisonRecordError && refused.code === "content_sealed");
});

const ending = { client_id: "acme", content_until_ms: 5000 };

test("a key with an end opens until then, by each process's clock, though it is still on the topic", async () => {
  const topic = new KeyTopic();
  const [maker, other] = [topic.keys(), topic.keys()];
  const made = await maker.keyFor(ending);
  for (const keys of [maker, other]) {
    topic.nowMs = 4999;
    assert.deepEqual(await keys.find(made.keyId), { kind: "key", key: made.key });
    topic.nowMs = 5000;
    assert.deepEqual(await keys.find(made.keyId), { kind: "erased" });
    topic.nowMs = 1;
  }
  topic.nowMs = 5000;
  assert.deepEqual(await topic.keys().find(made.keyId), { kind: "erased" });
});

test("content that ends at another moment, of another client or of a subject has a key of its own; the same shares one", async () => {
  const keys = new KeyTopic().keys();
  const owners = [
    ending,
    { ...ending, content_until_ms: 6000 },
    { ...ending, client_id: "globex" },
    { ...ending, subject_id: "patient-4711" },
    { client_id: "acme", subject_id: "patient-4711" },
  ];
  const ids = [];
  for (const owner of owners) ids.push((await keys.keyFor(owner)).keyId);
  assert.equal(new Set(ids).size, owners.length);
  assert.equal((await keys.keyFor({ ...ending })).keyId, ids[0]);
});

test("what is sealed after its end is sealed under a key that nobody has", async () => {
  const topic = new KeyTopic();
  topic.nowMs = 5000;
  const keys = topic.keys();
  const { keyId } = await keys.keyFor(ending);
  assert.deepEqual([topic.sent, await keys.find(keyId)], [[], { kind: "erased" }]);
});
