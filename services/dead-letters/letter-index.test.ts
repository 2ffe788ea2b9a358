import assert from "node:assert/strict";
import { test } from "node:test";
import { LetterLog } from "../../test/support/letter-log.ts";
import { LetterIndex } from "./letter-index.ts";

const refs = async (index: LetterIndex) => (await index.newest()).letters.map(({ entry }) => entry.ref);

test("letters of all topics come newest first, one for a record that was dead-lettered twice", async () => {
  const log = new LetterLog();
  const first = log.add({ value: "a", offset: 7, partition: 0 });
  log.append("harness-requests-dlq", 1, Buffer.from("somebody else's"));
  const second = log.add({ value: "b", topic: "harness-calls" });
  log.add({ value: "a", offset: 7, partition: 0 });
  assert.deepEqual(await refs(new LetterIndex(log.reader)), [second, first]);
});

test("asked again, only what came since is read", async () => {
  const log = new LetterLog();
  const index = new LetterIndex(log.reader);
  const first = log.add({ value: "a" });
  assert.deepEqual(await refs(index), [first]);
  const second = log.add({ value: "b" });
  assert.deepEqual(await refs(index), [second, first]);
  assert.deepEqual(await Promise.all([refs(index), refs(index)]), [
    [second, first],
    [second, first],
  ]);
  assert.equal(log.read, 2);
});

test("of a long topic the newest are kept, and it is said how many stand before them", async () => {
  const log = new LetterLog();
  const index = new LetterIndex(log.reader, 4);
  const all = Array.from({ length: 10 }, (_, at) => log.add({ value: at }));
  const { letters, older } = await index.newest();
  assert.equal(older, 6);
  assert.deepEqual(
    letters.map(({ entry }) => entry.ref),
    all.slice(6).toReversed(),
  );
  const later = [log.add({ value: "x" }), log.add({ value: "y" })];
  assert.deepEqual(await refs(index), [...later.toReversed(), ...all.slice(8).toReversed()]);
});

test("a broker that is away fails who asks, and nobody after", async () => {
  const log = new LetterLog();
  let isAway = true;
  const offsets = (topic: string) => (isAway ? Promise.reject(new Error("away")) : log.reader.offsets(topic));
  const index = new LetterIndex({ ...log.reader, offsets });
  await assert.rejects(index.newest(), /away/);
  isAway = false;
  const ref = log.add({ value: "a" });
  assert.deepEqual(await refs(index), [ref]);
});
