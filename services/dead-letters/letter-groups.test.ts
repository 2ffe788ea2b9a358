import assert from "node:assert/strict";
import { test } from "node:test";
import { choose, groupIdOf, groupLetters } from "./letter-groups.ts";
import type { Listed } from "./letter-index.ts";

function listed(at: number, change: Partial<Listed["entry"]> = {}): Listed {
  return {
    timestampMs: at,
    entry: {
      ref: `harness-requests-dlq/0/${at}`,
      code: "harness_unknown",
      message: "",
      stage: "input-scan",
      disposition: "rejected",
      at: "",
      source: { topic: "harness-requests", partition: 0, offset: String(at) },
      bytes: 1,
      harness: "summarise",
      cause: "no harness of this name",
      ...change,
    },
  };
}

const entryOf = (at: number, change: Partial<Listed["entry"]> = {}) => listed(at, change).entry;

const letters = [
  listed(9),
  listed(8, { code: "not_json", harness: null }),
  listed(7, { message: "other words" }),
  listed(5),
  listed(3),
];

test("letters with one cause are one group, with its times and its newest examples", () => {
  const [first, second, ...others] = groupLetters(letters);
  assert.equal(others.length, 0);
  assert.deepEqual(first, {
    group: first?.group,
    code: "harness_unknown",
    stage: "input-scan",
    topic: "harness-requests",
    harness: "summarise",
    cause: "no harness of this name",
    letters: 4,
    firstAtMs: 3,
    lastAtMs: 9,
    examples: ["harness-requests-dlq/0/9", "harness-requests-dlq/0/7", "harness-requests-dlq/0/5"],
  });
  assert.deepEqual([second?.code, second?.letters], ["not_json", 1]);
});

test("a group's id follows from what it is grouped by, and from nothing else", () => {
  assert.match(groupIdOf(entryOf(1)), /^[0-9a-f]{16}$/);
  assert.equal(groupIdOf(entryOf(1)), groupIdOf(entryOf(2, { message: "other", bytes: 7 })));
  const source = { topic: "harness-calls", partition: 0, offset: "1" } as const;
  for (const change of [{ code: "x" }, { stage: "x" }, { harness: "x" }, { harness: null }, { cause: "x" }, { source }])
    assert.notEqual(groupIdOf(entryOf(1)), groupIdOf(entryOf(1, change)), JSON.stringify(change));
});

test("letters are chosen by topic, code, stage and harness together", () => {
  const offsets = (choice: Parameters<typeof choose>[1]) =>
    choose(letters, choice).map(({ timestampMs }) => timestampMs);
  assert.equal(offsets({}).length, 5);
  assert.deepEqual(offsets({ code: "not_json" }), [8]);
  assert.deepEqual(offsets({ topic: "harness-requests", harness: "summarise", stage: "input-scan" }), [9, 7, 5, 3]);
  assert.deepEqual(offsets({ topic: "harness-calls" }), []);
});
