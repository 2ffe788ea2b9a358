import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { openControlTable, type ControlTable } from "./control-table.ts";
import { MemoryTopic } from "../../test/support/memory-topic.ts";
import type { LogReader } from "./kafka/log-reader.ts";

interface Logged {
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

async function open(topic: MemoryTopic): Promise<{ table: ControlTable<number>; errors: Logged[] }> {
  const errors: Logged[] = [];
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object, message: string) => void errors.push({ fields: { ...fields }, message }),
  };
  const table = await openControlTable({
    reader: topic,
    topic: "harness-budgets",
    parse: (value) => z.number().parse(value),
    logger,
  });
  return { table, errors };
}

test("a table is read whole before it is ready: the last record of a key counts, a tombstone deletes", async () => {
  const topic = new MemoryTopic([
    ["a", "1"],
    ["b", "2"],
    ["a", "3"],
    ["b", null],
  ]);
  const { table } = await open(topic);
  assert.deepEqual([...table.entries()], [["a", 3]]);
  assert.equal(table.get("b"), undefined);
});

test("later records change it and are told", async () => {
  const topic = new MemoryTopic();
  const { table } = await open(topic);
  const changes: unknown[] = [];
  table.onChange((key, value) => changes.push([key, value]));
  topic.append("a", "1");
  topic.append("a", null);
  assert.deepEqual(changes, [
    ["a", 1],
    ["a", undefined],
  ]);
  assert.equal(table.entries().size, 0);
});

for (const [name, key, value, reason] of [
  ["not JSON", "a", "{nonsense secret", "not JSON"],
  ["of the wrong shape", "a", '"text"', "expected number"],
  ["without a key", null, "7", "needs a key"],
] as const) {
  test(`a record ${name} is logged as an error without its content, and the last good one stays`, async () => {
    const topic = new MemoryTopic([["a", "1"]]);
    const { table, errors } = await open(topic);
    topic.append(key, value);
    assert.equal(table.get("a"), 1);
    assert.equal(errors.length, 1);
    assert.ok(String(errors[0]?.fields["reason"]).includes(reason), String(errors[0]?.fields["reason"]));
    assert.equal(errors[0]?.fields["offset"], "1");
    assert.ok(!JSON.stringify(errors).includes("nonsense"));
    topic.append("a", "5");
    assert.equal(table.get("a"), 5);
  });
}

test("catching up waits for what was on the topic at the call, and for nothing later", async () => {
  const topic = new MemoryTopic();
  const { table } = await open(topic);
  await table.catchUp();
  topic.isHeldBack = true;
  topic.append("a", "1");
  let isThere = false;
  const caughtUp = table.catchUp().then(() => (isThere = true));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isThere, false);
  topic.show();
  await caughtUp;
  assert.equal(table.get("a"), 1);
});

test("an error while it is read at the start is the opener's", async () => {
  const failing: Pick<LogReader, "offsets" | "follow"> = {
    offsets: () => new MemoryTopic().offsets(),
    follow: () => Promise.reject(new Error("no such topic")),
  };
  const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  await assert.rejects(openControlTable({ reader: failing, topic: "t", parse: String, logger }), /no such topic/);
});

test("when following fails later the process ends: a table must not grow old in silence", async (t) => {
  const topic = new MemoryTopic();
  await open(topic);
  const thrown: unknown[] = [];
  t.mock.method(globalThis, "queueMicrotask", (task: () => void) => {
    try {
      task();
    } catch (error) {
      thrown.push(error);
    }
  });
  topic.fail(new Error("gone for good"));
  await new Promise((resolve) => setImmediate(resolve));
  assert.match(String(thrown[0]), /gone for good/);
});

test("closing ends the following", async () => {
  const { table } = await open(new MemoryTopic());
  await table.close();
});
