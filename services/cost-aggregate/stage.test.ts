import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleValue } from "../../test/contract/examples.ts";
import { consumedTopics, type ConsumedTopic } from "../../topics/catalog.ts";
import { decisionOf, resultOf, startedCall } from "../../test/support/ledger-records.ts";
import type { LedgerRow } from "../ledger/rows.ts";
import { TransientError } from "../runtime/errors.ts";
import type { ConsumedRecord, StageContext } from "../runtime/stage.ts";
import { createLedgerMetrics } from "./ledger-metrics.ts";
import { costAggregate } from "./stage.ts";

const context: StageContext = {
  publish: () => Promise.reject(new Error("a sink publishes nothing")),
  worker: "cost-aggregate-1",
  clusterId: "cluster",
  nowMs: () => 0,
  signal: new AbortController().signal,
};

const recordOn = (topic: ConsumedTopic, value: Buffer | null): ConsumedRecord => ({
  topic,
  partition: 1,
  offset: 4n,
  timestampMs: 0,
  key: null,
  value,
  headers: {},
});

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

test("each source's record is stored in its table, and nothing is emitted", async () => {
  const inserted: LedgerRow[] = [];
  const stage = costAggregate({ insert: (entry) => Promise.resolve(void inserted.push(entry)) }, createLedgerMetrics());
  const records = [
    recordOn("harness-calls", json(startedCall(1))),
    recordOn("harness-results", json(resultOf(1))),
    recordOn("harness-audit", json(decisionOf(1))),
    recordOn("harness-reviews", json(exampleValue("harness-reviews", "held"))),
  ];
  for (const record of records) assert.deepEqual(await stage.process(record, context), { emissions: [] });
  assert.deepEqual(
    inserted.map(({ table }) => table),
    ["calls", "runs", "audit", "reviews"],
  );
});

test("every source is a topic that has a dead-letter topic", () => {
  const { sources } = costAggregate({ insert: () => Promise.resolve() }, createLedgerMetrics());
  assert.deepEqual(
    sources.filter((topic) => !consumedTopics.includes(topic)),
    [],
  );
});

test("a record is not done before its row is stored", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stage = costAggregate({ insert: () => promise }, createLedgerMetrics());
  let done = false;
  const processing = stage.process(recordOn("harness-calls", json(startedCall(1))), context).then(() => {
    done = true;
  });
  await new Promise((next) => {
    setImmediate(next);
  });
  assert.equal(done, false);
  resolve();
  await processing;
  assert.equal(done, true);
});

test("a record that does not fit its schema goes to the operator, not to the ledger", async () => {
  const stage = costAggregate({ insert: () => Promise.reject(new Error("not to be called")) }, createLedgerMetrics());
  for (const value of [null, Buffer.from("{"), json({ kind: "call.started" })]) {
    const { emissions, deadLetter } = await stage.process(recordOn("harness-calls", value), context);
    assert.deepEqual(emissions, []);
    assert.equal(deadLetter?.code, "internal_record_invalid");
    assert.equal(deadLetter.disposition, "poison");
  }
});

test("a ledger that cannot be reached leaves the record uncommitted", async () => {
  const stage = costAggregate(
    { insert: () => Promise.reject(new TransientError("clickhouse_unavailable", "down")) },
    createLedgerMetrics(),
  );
  await assert.rejects(stage.process(recordOn("harness-calls", json(startedCall(1))), context), TransientError);
});
