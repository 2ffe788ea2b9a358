import assert from "node:assert/strict";
import { test } from "node:test";
import { alertRecord, type AlertRecord } from "../../../schemas/control/alert.ts";
import { exampleValue } from "../../../test/contract/examples.ts";
import { MemoryLog } from "../../../test/pipeline/memory-log.ts";
import { AlertBook, followAlerts } from "./alert-book.ts";

const [threshold, refusing, anomaly] = ["budget-threshold", "budget-refusing", "spend-anomaly"].map((name, index) => ({
  ...alertRecord.parse(exampleValue("harness-alerts", name)),
  raised_at_ms: 1000 + index,
}));
assert.ok(threshold !== undefined && refusing !== undefined && anomaly !== undefined);

const record = (value: unknown) => ({ value: Buffer.from(JSON.stringify(value)) });

function bookOf(...values: readonly unknown[]): AlertBook {
  const book = new AlertBook();
  for (const value of values) book.apply(record(value));
  return book;
}

test("the first record of an alert counts, whatever a later one says", () => {
  const book = bookOf(threshold, { ...threshold, raised_at_ms: 9000 });
  assert.deepEqual(book.list({}, 10), [threshold]);
});

test("what is no alert is passed over", () => {
  const book = bookOf("words", { ...threshold, spent: 3 }, refusing);
  assert.equal(book.apply({ value: null }), null);
  assert.equal(book.apply({ value: Buffer.from("{") }), null);
  assert.deepEqual(book.list({}, 10), [refusing]);
});

const all = bookOf(threshold, refusing, anomaly);
const filters: readonly (readonly [string, Parameters<AlertBook["list"]>, readonly AlertRecord[]])[] = [
  ["all of them, newest first", [{}, 10], [anomaly, refusing, threshold]],
  ["the newest alone", [{}, 1], [anomaly]],
  ["since a time, inclusive", [{ sinceMs: 1001 }, 10], [anomaly, refusing]],
  ["of a kind", [{ kind: "budget.refusing" }, 10], [refusing]],
  ["of a client: its budgets", [{ client: "acme" }, 10], [threshold]],
  ["of nobody", [{ client: "nobody" }, 10], []],
];
for (const [name, [filter, limit], wanted] of filters) {
  test(`listed: ${name}`, () => assert.deepEqual(all.list(filter, limit), wanted));
}

test("a client's surge is the client's", () => {
  const surge = { ...anomaly, of: { client_id: "acme" } };
  assert.deepEqual(bookOf(surge).list({ client: "acme" }, 10), [surge]);
});

test("who follows the topic hears of each alert once, those before included", async () => {
  const log = new MemoryLog(1);
  const write = (value: unknown): void =>
    void log.append({ topic: "harness-alerts", key: "k", value: Buffer.from(JSON.stringify(value)), headers: {} });
  write(threshold);
  const heard: AlertRecord[] = [];
  const followed = await followAlerts(log, (alert) => void heard.push(alert));
  assert.deepEqual(heard, [threshold]);
  write(threshold);
  write(anomaly);
  while (heard.length < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(heard, [threshold, anomaly]);
  assert.deepEqual(followed.book.list({}, 10), [anomaly, threshold]);
  await followed.close();
});
