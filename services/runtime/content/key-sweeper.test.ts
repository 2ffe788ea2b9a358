/** When keys are erased whose time is over, in which order it is told, and that a kill anywhere loses nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { auditErasure } from "../../../schemas/audit/erasure.ts";
import { KeyTopic } from "../../../test/support/key-topic.ts";
import { silentLogger } from "../../../test/support/silent-logger.ts";
import { keyCompactionMs } from "../../../topics/retention.ts";
import type { LogReader } from "../kafka/log-reader.ts";
import type { Emission } from "../stage.ts";
import { openContentHasher } from "./content-hash.ts";
import { keyTopic } from "./content-keys.ts";
import { Contents } from "./contents.ts";
import { KeySweeper } from "./key-sweeper.ts";

const untilMs = 100_000;
const ending = { client_id: "acme", subject_id: "patient-4711", content_until_ms: untilMs };

/** A cluster whose log of keys is compacted when told; each sweeper is a process of its own. */
function cluster() {
  const topic = new KeyTopic();
  const audits: Emission[] = [];
  let dropped = 0;
  const state = { isAway: false };
  const onLog = () => topic.sent.slice(dropped);
  const reader: Pick<LogReader, "offsets" | "read"> = {
    offsets: async () => new Map([[0, { low: 0n, high: BigInt(onLog().length) }]]),
    read: async ({ onRecord }) => {
      for (const [index, { key, value }] of onLog().entries()) {
        const at = { topic: keyTopic, partition: 0, offset: BigInt(index), timestampMs: 0, headers: {} };
        const bytes = value === null ? null : Buffer.from(JSON.stringify(value));
        await onRecord({ ...at, key: Buffer.from(key), value: bytes });
      }
    },
  };
  const publish = async (emissions: readonly Emission[]) => {
    if (state.isAway) throw new Error("away");
    audits.push(...emissions.filter((emission) => emission.topic === "harness-audit"));
    return await topic.publish(emissions.filter((emission) => emission.topic === keyTopic));
  };
  const nowMs = () => topic.nowMs;
  const sweeper = () => {
    const contents = new Contents({ keys: topic.keys(), hasher: openContentHasher("44".repeat(32)), nowMs });
    return new KeySweeper({ reader, producer: { publish }, contents, logger: silentLogger, nowMs });
  };
  const told = () => audits.map(({ value }) => auditErasure.parse(value));
  const words = () => topic.sent.map(({ type }) => type.replace("breakwater.content_key", "key"));
  return { topic, state, sweeper, told, words, compact: () => (dropped = topic.sent.length) };
}

test("a key is erased when its time is over and not before, and is on record as asked, then as complete", async () => {
  const { topic, sweeper, told, words, compact } = cluster();
  const keys = topic.keys();
  const ended = await keys.keyFor(ending);
  const later = await keys.keyFor({ ...ending, content_until_ms: untilMs * 9 });
  const subjects = await keys.keyFor({ client_id: "acme", subject_id: "patient-4711" });
  const one = sweeper();
  topic.nowMs = untilMs - 1;
  await one.turn();
  assert.deepEqual(told(), []);
  topic.nowMs = untilMs;
  await one.turn();
  await one.turn();
  assert.deepEqual(
    told().map(({ state, key_id: of, by, why }) => [state, of, by.id, why]),
    [["asked", ended.keyId, "input-scan", "its retention was over at 1970-01-01T00:01:40.000Z"]],
  );
  assert.match(told()[0]?.subject_hmac ?? "", /^[0-9a-f]{16}:/);
  const kinds = [];
  for (const { keyId } of [ended, later, subjects]) kinds.push((await topic.keys().find(keyId)).kind);
  assert.deepEqual(kinds, ["erased", "key", "key"]);
  compact();
  for (const waitedMs of [0, 2000, 2000]) {
    topic.nowMs += waitedMs;
    await one.turn();
  }
  assert.deepEqual(
    told().map(({ state }) => state),
    ["asked", "complete"],
  );
  assert.deepEqual(words().slice(3), ["key.ended", "key.erased"]);
  await one.turn();
  assert.equal(told().length, 2);
});

test("while the wrapped key is on the disk it is not complete, and a record that says nothing is written now and then", async () => {
  const { topic, sweeper, told, words } = cluster();
  await topic.keys().keyFor(ending);
  const one = sweeper();
  topic.nowMs = untilMs;
  for (let turn = 0; turn < 8; turn += 1) {
    await one.turn();
    topic.nowMs += keyCompactionMs / 2;
  }
  assert.deepEqual(
    told().map(({ state }) => state),
    ["asked"],
  );
  assert.deepEqual(words().slice(2), ["key.erased", "key.erased"]);
  assert.ok(topic.sent.slice(2).every(({ key }) => key === "compaction"));
});

test("a process that was killed at any turn is followed by another: asked and complete are told, and the key is gone", async () => {
  const { topic, sweeper, told, compact } = cluster();
  const { keyId } = await topic.keys().keyFor(ending);
  topic.nowMs = untilMs;
  await sweeper().turn();
  compact();
  topic.nowMs += 60_000;
  await sweeper().turn();
  const third = sweeper();
  await third.turn();
  topic.nowMs += 5000;
  await third.turn();
  assert.deepEqual([...new Set(told().map(({ event_id: id }) => id))], [`${keyId}/asked`, `${keyId}/complete`]);
  assert.deepEqual(await topic.keys().all(), []);
});

test("a Kafka that is away costs a turn and no more", async () => {
  const { topic, state, sweeper, told } = cluster();
  await topic.keys().keyFor(ending);
  topic.nowMs = untilMs;
  const one = sweeper();
  state.isAway = true;
  await one.turn();
  assert.deepEqual(told(), []);
  state.isAway = false;
  await one.turn();
  assert.equal(told().length, 1);
});

test("the key of a day's unreadable dead letters is erased a week after the day, subjects' keys are not", async () => {
  const { topic, sweeper, told } = cluster();
  topic.nowMs = Date.UTC(2026, 10, 23, 12);
  const keys = topic.keys();
  const owners = [
    ...["2026-11-15", "2026-11-16"].map((day) => ({ topic: "harness-requests", day })),
    { client_id: "acme", subject_id: "ann" },
  ];
  const made = [];
  for (const owner of owners) made.push(await keys.keyFor(owner));
  await sweeper().turn();
  const kinds = [];
  for (const { keyId } of made) kinds.push((await keys.find(keyId)).kind);
  assert.deepEqual([kinds, told()], [["erased", "key", "key"], []]);
});
