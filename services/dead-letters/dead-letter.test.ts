import assert from "node:assert/strict";
import { test } from "node:test";
import { countByCode, dlqNamed, parseRef, readDeadLetter, refOf, type DeadLetterRecord } from "./dead-letter.ts";

const headers = {
  "__dlq.errors.topic": "harness-requests",
  "__dlq.errors.partition": "3",
  "__dlq.errors.offset": "41",
  "__dlq.errors.code": "not_json",
  "__dlq.errors.message": "not JSON at position 0",
  "__dlq.errors.stage": "input-scan",
  "__dlq.errors.disposition": "poison",
  "__dlq.errors.timestamp": "2026-01-02T03:04:05.000Z",
};

function letter(change: Readonly<Record<string, string>> = {}): DeadLetterRecord {
  return {
    topic: "harness-requests-dlq",
    partition: 3,
    offset: 7n,
    timestampMs: 0,
    key: null,
    value: Buffer.from("oops"),
    headers: { ...headers, ...change },
  };
}

test("a dead letter tells what was rejected, where, by whom and why", () => {
  assert.deepEqual(readDeadLetter(letter()), {
    ref: "harness-requests-dlq/3/7",
    code: "not_json",
    message: "not JSON at position 0",
    stage: "input-scan",
    disposition: "poison",
    at: "2026-01-02T03:04:05.000Z",
    source: { topic: "harness-requests", partition: 3, offset: "41" },
    bytes: 4,
    harness: null,
    cause: "not JSON at position N",
  });
});

test("the harness is read where a request or a later record names it, and from nothing else", () => {
  const harnessOf = (value: unknown) =>
    readDeadLetter({ ...letter(), value: Buffer.from(JSON.stringify(value)) })?.harness;
  assert.equal(harnessOf({ harness: "summarise" }), "summarise");
  assert.equal(harnessOf({ harness: { name: "summarise", version: "0123456789abcdef" } }), "summarise");
  for (const none of [{}, { harness: "<script>" }, { harness: { name: 7 } }, null, "summarise"])
    assert.equal(harnessOf(none), null);
});

test("what another writer put into the topic is no dead letter", () => {
  assert.equal(readDeadLetter({ ...letter(), headers: {} }), null);
  assert.equal(readDeadLetter(letter({ "__dlq.errors.topic": "orders" })), null);
  assert.equal(readDeadLetter(letter({ "__dlq.errors.partition": "-1" })), null);
  assert.equal(readDeadLetter(letter({ "__dlq.errors.offset": "1e3" })), null);
});

test("a place is read in the form it is printed, and under the name of the topic itself", () => {
  const place = { topic: "harness-requests-dlq", partition: 3, offset: 7n };
  assert.deepEqual(parseRef(refOf(letter())), place);
  assert.deepEqual(parseRef("harness-requests/3/7"), place);
  for (const wrong of [
    "",
    "harness-requests-dlq",
    "orders/0/1",
    "harness-requests/0/x",
    "harness-requests/0/9999999999999999999",
    "harness-requests/0/1/2",
    "harness-settled/0/1",
  ]) {
    assert.equal(parseRef(wrong), null, wrong);
  }
});

test("only topics that a stage reads have dead letters beside them", () => {
  assert.equal(dlqNamed("harness-calls"), "harness-calls-dlq");
  assert.equal(dlqNamed("harness-calls-dlq"), "harness-calls-dlq");
  assert.equal(dlqNamed("harness-definitions"), null);
});

test("codes are counted, most frequent first", () => {
  const entries = ["not_json", "harness_unknown", "not_json"].flatMap(
    (code) => readDeadLetter(letter({ "__dlq.errors.code": code })) ?? [],
  );
  assert.deepEqual(countByCode(entries), [
    { code: "not_json", count: 2 },
    { code: "harness_unknown", count: 1 },
  ]);
});
