import assert from "node:assert/strict";
import { test } from "node:test";
import { collectedMetrics } from "../../../test/support/collected-metrics.ts";
import { createStageMetrics, observeConsumer, type ConsumerGauges, type LogPlace } from "./metrics.ts";

interface Situation {
  low: number;
  position: number;
  high: number;
  nowMs: number;
}

/** One partition as it stands at each collection. */
function watched(situation: Situation, ends?: LogPlace["ends"]["offsets"]): () => Promise<readonly string[]> {
  const collect = collectedMetrics();
  const consumer: ConsumerGauges = {
    inFlight: 2,
    waiting: 3,
    get partitions() {
      return [
        { topic: "harness-scanned", partition: 5, tracker: { low: situation.low, position: situation.position } },
      ];
    },
  };
  const offsets = ends ?? (() => Promise.resolve(new Map([[5, { high: BigInt(situation.high) }]])));
  observeConsumer("model-invoke", consumer, { ends: { offsets }, nowMs: () => situation.nowMs });
  return async () => (await collect()).map((line) => line.replace(/^breakwater\.(\S+)\{.*\} /, "$1 "));
}

test("lag is to the log's end, the span to what was delivered, and a record that holds up its partition grows old", async () => {
  const situation = { low: 10, position: 14, high: 20, nowMs: 0 };
  const collect = watched(situation);
  const oldest = async (): Promise<string | undefined> =>
    (await collect()).find((line) => line.startsWith("partition.oldest_incomplete"));
  assert.deepEqual(await collect(), [
    "records.in_flight 2",
    "records.waiting 3",
    "partition.span 4",
    "partition.lag 10",
    "partition.oldest_incomplete 0",
  ]);
  situation.nowMs = 7000;
  assert.equal(await oldest(), "partition.oldest_incomplete 7");
  situation.low = 11;
  assert.equal(await oldest(), "partition.oldest_incomplete 0");
  Object.assign(situation, { nowMs: 9000, low: 20, position: 20 });
  assert.equal(await oldest(), "partition.oldest_incomplete 0");
  situation.nowMs = 99_000;
  assert.equal(await oldest(), "partition.oldest_incomplete 0");
});

test("where the broker does not answer, no lag is told and the rest is", async () => {
  const situation = { low: 10, position: 14, high: 20, nowMs: 0 };
  const collect = watched(situation, () => Promise.reject(new Error("away")));
  const seen = await collect();
  assert.ok(!seen.some((line) => line.startsWith("partition.lag")));
  assert.ok(seen.includes("partition.span 4"));
  situation.nowMs = 5000;
  assert.ok((await collect()).includes("partition.oldest_incomplete 5"));
});

test("records done and dead letters are counted by stage, topic and outcome or code", async () => {
  const collect = collectedMetrics();
  const stage = createStageMetrics("input-scan");
  stage.processed("harness-requests", "emitted", 250);
  stage.deadLettered("harness-requests", "not_json");
  const place = "breakwater.stage=input-scan messaging.destination.name=harness-requests";
  assert.deepEqual(await collect(), [
    `messaging.process.duration{${place} breakwater.outcome=emitted} 1 of 0.25`,
    `messaging.client.consumed.messages{${place} breakwater.outcome=emitted} 1`,
    `breakwater.dead_letters{${place} error.type=not_json} 1`,
  ]);
});
