import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { validate, version } from "uuid";
import { batchRunId, keyedBatchId, newRunId, replayRunId } from "./run-ids.ts";

test("a new run has a UUIDv7 of its own", () => {
  const ids = Array.from({ length: 100 }, newRunId);
  assert.ok(ids.every((id) => version(id) === 7));
  assert.equal(new Set(ids).size, 100);
});

test("a batch's run is a UUIDv8 that follows from batch, document and version alone", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (batch, sha256, definition) => {
      const id = batchRunId(batch, sha256, definition);
      assert.ok(validate(id));
      assert.equal(version(id), 8);
      assert.equal(batchRunId(batch, sha256, definition), id);
    }),
  );
});

test("parts are not run together: moving a character from one to the next gives another id", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), fc.string(), (batch, sha256, definition) => {
      const moved = batchRunId(batch.slice(0, -1), batch.slice(-1) + sha256, definition);
      assert.notEqual(moved, batchRunId(batch, sha256, definition));
    }),
  );
});

test("a key is a batch of its client's, and no other client's", () => {
  const ids = [
    keyedBatchId("acme", "k"),
    keyedBatchId("acm", "ek"),
    keyedBatchId("other", "k"),
    keyedBatchId("acme", "l"),
  ];
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(keyedBatchId("acme", "k"), ids[0]);
  assert.ok(ids.every((id) => version(id) === 8));
});

test("each place and each number of a replay has its own id", () => {
  const place = { topic: "harness-requests", partition: 1, offset: "7" };
  const ids = [
    replayRunId(place, 1),
    replayRunId(place, 2),
    replayRunId({ ...place, partition: 17, offset: "" }, 1),
    replayRunId({ ...place, offset: "8" }, 1),
    replayRunId({ ...place, topic: "harness-calls" }, 1),
    batchRunId("harness-requests", "1", "7"),
  ];
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(replayRunId({ ...place }, 1), ids[0]);
});

test("ids stay what they are from one release to the next: a resumed batch depends on it", () => {
  assert.equal(batchRunId("b", "0".repeat(64), "0123456789abcdef"), "7c49b594-22ab-811f-98d4-b691e192e77f");
});
