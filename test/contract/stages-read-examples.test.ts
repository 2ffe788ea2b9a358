/**
 * The contract between stages: every example record goes through every stage
 * that reads its topic, and what comes of it is compared with a committed file.
 * What a stage writes must be a record of the topic it writes to.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PoisonRecordError } from "../../services/runtime/errors.ts";
import { partitionOf } from "../../services/runtime/kafka/murmur2.ts";
import type { ConsumedRecord, Emission, StageContext } from "../../services/runtime/stage.ts";
import { topicSpec, type ConsumedTopic } from "../../topics/catalog.ts";
import { casesOf, exampleBytes } from "./examples.ts";
import { matchGolden, staleGoldens } from "./golden-files.ts";
import {
  contractMs,
  contractPartitions,
  contractWorker,
  stageMakers,
  type StageUnderTest,
} from "./stages-under-test.ts";

function recordOf(topic: ConsumedTopic, name: string): ConsumedRecord {
  const value = exampleBytes(topic, name);
  const key = /"run_id":"([^"]+)"/.exec(value.toString("utf8"))?.[1] ?? "any";
  const partition = partitionOf(key, contractPartitions);
  return { topic, partition, offset: 42n, timestampMs: contractMs - 1000, key: Buffer.from(key), value, headers: {} };
}

async function outcomeOf({ stage, stored }: StageUnderTest, record: ConsumedRecord) {
  const published: Emission[] = [];
  const context: StageContext = {
    publish: async (emissions) => {
      published.push(...emissions);
      return emissions.map(({ topic, key }) => ({
        topic,
        partition: partitionOf(key, contractPartitions),
        offset: BigInt(published.length),
      }));
    },
    worker: contractWorker,
    clusterId: "contract-cluster",
    nowMs: () => contractMs,
    signal: new AbortController().signal,
  };
  const place = { fromOffset: 0n, endOffset: 0n, committedAtMs: 0, oldestTimestampMs: null };
  const sources = stage.sources.map((topic) => ({ topic, ...place }));
  await stage.takeOver?.({ partition: record.partition, sources }, context);
  try {
    const { emissions, deadLetter } = await stage.process(record, context);
    return { published, emissions, ...(stored.length > 0 && { stored }), ...(deadLetter && { deadLetter }) };
  } catch (error) {
    if (!(error instanceof PoisonRecordError)) throw error;
    return { published, emissions: [], poison: { code: error.code, message: error.message } };
  }
}

const asked = new Set<string>();

for (const make of stageMakers) {
  const { name: stage, sources } = make().stage;
  for (const topic of sources) {
    for (const name of casesOf(topic)) {
      const golden = `${stage}/${sources.length > 1 ? `${topic}.` : ""}${name}`;
      asked.add(golden);
      test(`${stage} reads ${topic}: ${name}`, async () => {
        const outcome = await outcomeOf(make(), recordOf(topic, name));
        for (const { topic: target, value } of [...outcome.published, ...outcome.emissions]) {
          const parsed = topicSpec(target).schema.safeParse(value);
          assert.ok(parsed.success, `no record of ${target}: ${parsed.error?.message ?? ""}`);
        }
        matchGolden(golden, outcome);
      });
    }
  }
}

test("no golden file is left of an example that is gone", () => {
  assert.ok(asked.size > 60, `only ${asked.size} examples were read`);
  assert.deepEqual(staleGoldens(asked), []);
});

test("what a stage makes of a record does not depend on when or how often it is asked", async () => {
  for (const make of stageMakers) {
    for (const topic of make().stage.sources) {
      for (const name of casesOf(topic)) {
        const record = recordOf(topic, name);
        assert.deepEqual(await outcomeOf(make(), record), await outcomeOf(make(), record), `${topic} ${name}`);
      }
    }
  }
});
