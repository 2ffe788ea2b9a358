import assert from "node:assert/strict";
import { test } from "node:test";
import { catalog, consumedTopics } from "../../../topics/catalog.ts";
import { wantedTopics } from "./create-topics.ts";

const wanted = wantedTopics(24, 3);
const byName = new Map(wanted.map((topic) => [topic.topic, topic]));
const settingsOf = (name: string): Record<string, string> =>
  Object.fromEntries((byName.get(name)?.configEntries ?? []).map((entry) => [entry.name, entry.value]));

test("every topic of the catalog is created, and a dead-letter topic for each that a stage consumes", () => {
  const names = [...catalog.map(({ name }) => name), ...consumedTopics.map((topic) => `${topic}-dlq`)];
  assert.deepEqual([...byName.keys()].toSorted(), names.toSorted());
});

test("flow topics and dead letters have N partitions, control topics one", () => {
  for (const { name, role } of catalog)
    assert.equal(byName.get(name)?.numPartitions, role === "control" ? 1 : 24, name);
  for (const topic of consumedTopics) assert.equal(byName.get(`${topic}-dlq`)?.numPartitions, 24);
});

test("control topics are compacted, the others deleted after their time", () => {
  for (const { name, retentionMs } of catalog) {
    const settings = settingsOf(name);
    assert.equal(settings["cleanup.policy"], retentionMs === null ? "compact" : "delete", name);
    assert.equal(settings["retention.ms"], retentionMs === null ? undefined : String(retentionMs), name);
  }
  assert.equal(settingsOf("harness-requests-dlq")["retention.ms"], String(30 * 86_400_000));
});

test("an erased key does not lie on disk for long, and its tombstone stays as long as any", () => {
  const { "delete.retention.ms": tombstones, ...settings } = settingsOf("harness-subject-keys");
  assert.deepEqual(
    ["segment.ms", "max.compaction.lag.ms", "file.delete.delay.ms"].map((name) => Number(settings[name])),
    [30_000, 30_000, 1000],
  );
  assert.equal(tombstones, settingsOf("harness-definitions")["delete.retention.ms"]);
  assert.equal(settingsOf("harness-definitions")["max.compaction.lag.ms"], undefined);
});

for (const [replicas, least] of [
  [1, "1"],
  [2, "2"],
  [3, "2"],
] as const) {
  test(`of ${replicas} replicas ${least} must have a record before it is acknowledged`, () => {
    for (const { configEntries, replicationFactor } of wantedTopics(6, replicas)) {
      assert.equal(replicationFactor, replicas);
      assert.equal(configEntries?.find(({ name }) => name === "min.insync.replicas")?.value, least);
    }
  });
}

test("a dead letter topic takes a record of the largest size with its reason", () => {
  const source = Number(settingsOf("harness-requests")["max.message.bytes"]);
  assert.equal(source, 8 * 1024 * 1024);
  assert.ok(Number(settingsOf("harness-requests-dlq")["max.message.bytes"]) > source);
});
