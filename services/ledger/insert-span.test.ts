import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { SpanStatusCode } from "@opentelemetry/api";
import { ledgerRow } from "../cost-aggregate/rows.ts";
import { finishedCall } from "../../test/support/ledger-records.ts";
import { recordedSpans } from "../../test/support/recorded-spans.ts";
import { openBatchInserter } from "./batch-inserter.ts";
import { StoreError } from "./clickhouse.ts";
import type { LedgerRow } from "./rows.ts";

const recorded = recordedSpans();
beforeEach(() => recorded.forget());
after(() => recorded.close());

const limits = { maxRows: 1000, maxBytes: 1_000_000, waits: [{ fromRows: 0, ms: 5 }], retryPausesMs: [] };
const stores = { insert: () => Promise.resolve() };

function call(number: number): LedgerRow {
  const reading = ledgerRow({ topic: "harness-calls", partition: 0, offset: 0n }, JSON.stringify(finishedCall(number)));
  assert.equal(reading.kind, "row");
  return reading.entry;
}

test("a batch is a span of its own trace, and each record's span and it link to each other", async () => {
  const inserter = openBatchInserter(stores, limits);
  await Promise.all([
    ...[1, 2].map((number) => recorded.within(`record ${number}`, () => inserter.insert(call(number)))),
    inserter.insert(call(3)),
  ]);
  await inserter.close();
  const insert = recorded.named("INSERT calls");
  const records = [recorded.named("record 1"), recorded.named("record 2")];
  assert.equal(insert.parentSpanContext, undefined);
  assert.deepEqual(
    insert.links.map(({ context }) => context.spanId),
    records.map((record) => record.spanContext().spanId),
  );
  for (const { links } of records) assert.deepEqual(links[0]?.context.traceId, insert.spanContext().traceId);
  assert.deepEqual(insert.attributes, {
    "db.system.name": "clickhouse",
    "db.operation.name": "INSERT",
    "db.collection.name": "calls",
    "db.operation.batch.size": 3,
  });
});

test("a batch of records that are not traced has no span", async () => {
  const inserter = openBatchInserter(stores, limits);
  await inserter.insert(call(1));
  await inserter.close();
  assert.deepEqual(recorded.all(), []);
});

test("a large batch links to as many records as a span keeps, and every record still to it", async () => {
  const inserter = openBatchInserter(stores, limits);
  const numbers = Array.from({ length: 200 }, (_, at) => at + 1);
  await Promise.all(numbers.map((number) => recorded.within("record", () => inserter.insert(call(number)))));
  await inserter.close();
  assert.equal(recorded.named("INSERT calls").links.length, 128);
  const records = recorded.all().filter(({ name }) => name === "record");
  assert.equal(records.filter(({ links }) => links.length === 1).length, 200);
});

test("a batch that is not stored is an error", async () => {
  const refuses = { insert: () => Promise.reject(new StoreError("unavailable", 999, new Error("SECRET"))) };
  const inserter = openBatchInserter(refuses, limits);
  await assert.rejects(recorded.within("record", () => inserter.insert(call(1))));
  await inserter.close();
  const { status, attributes } = recorded.named("INSERT calls");
  assert.deepEqual([status.code, attributes["error.type"]], [SpanStatusCode.ERROR, "unavailable"]);
  assert.doesNotMatch(recorded.text(), /SECRET/);
});
