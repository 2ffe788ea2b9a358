import assert from "node:assert/strict";
import { test } from "node:test";
import { SpanStatusCode } from "@opentelemetry/api";
import fc from "fast-check";
import { recordedSpans } from "../../../test/support/recorded-spans.ts";
import {
  deadLetterRecord,
  inDeadLetterSpan,
  readDeadLetter,
  replayCountHeader,
  type DeadLetterSource,
} from "./dead-letter.ts";

const reporter = {
  stage: "input-scan",
  groupId: "breakwater-input-scan",
  appVersion: "0.1.0",
  nowMs: 1_795_000_000_000,
} as const;
const reason = { code: "not_json", message: "value is not JSON", disposition: "poison" } as const;
const source: DeadLetterSource = {
  topic: "harness-requests",
  partition: 5,
  offset: 42n,
  key: Buffer.from("k"),
  value: Buffer.from("{"),
  headers: { traceparent: "00-1-2-01", ce_id: "x" },
};
const asText = (headers: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
const readBack = (letter: ReturnType<typeof deadLetterRecord>) =>
  readDeadLetter({ key: letter.key, value: letter.value, headers: asText(letter.headers) });

test("a dead letter says where the record was, who gave it up and why, in the broker's own header family", () => {
  const { topic, partition, headers } = deadLetterRecord(source, reason, reporter, 3);
  assert.deepEqual([topic, partition], ["harness-requests-dlq", 5]);
  assert.deepEqual(headers, {
    ...source.headers,
    "__dlq.errors.topic": "harness-requests",
    "__dlq.errors.partition": "5",
    "__dlq.errors.offset": "42",
    "__dlq.errors.group": "breakwater-input-scan",
    "__dlq.errors.delivery.count": "3",
    "__dlq.errors.message": "value is not JSON",
    "__dlq.errors.stage": "input-scan",
    "__dlq.errors.exception": "PoisonRecordError",
    "__dlq.errors.code": "not_json",
    "__dlq.errors.disposition": "poison",
    "__dlq.errors.retriable": "false",
    "__dlq.errors.timestamp": "2026-11-18T11:06:40.000Z",
    "__dlq.errors.replay.count": "0",
    "__dlq.errors.app.version": "0.1.0",
  });
});

test("whatever the record held comes back byte for byte", () => {
  const bytes = fc.option(fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)));
  const headers = fc.dictionary(
    fc.string().filter((name) => name !== "__proto__" && !name.startsWith("__dlq.")),
    fc.string(),
  );
  fc.assert(
    fc.property(bytes, bytes, headers, (key, value, given) => {
      const read = readBack(deadLetterRecord({ ...source, key, value, headers: given }, reason, reporter));
      assert.deepEqual([read?.key, read?.value], [key, value]);
      assert.deepEqual(read?.headers, { ...given });
      assert.deepEqual(read?.source, { topic: "harness-requests", partition: 5, offset: 42n });
    }),
  );
});

test("headers that are not text go out as their bytes, twice given ones twice", () => {
  const rawHeaders = {
    traceparent: Buffer.from("00-1-2-01"),
    sig: Buffer.from([255, 0]),
    tag: [Buffer.from("a"), Buffer.from("b")],
  };
  const { headers } = deadLetterRecord({ ...source, rawHeaders }, reason, reporter);
  assert.deepEqual(headers["sig"], Buffer.from([255, 0]));
  assert.deepEqual(headers["tag"], [Buffer.from("a"), Buffer.from("b")]);
});

test("a replay's count is kept, so that its loop can be seen", () => {
  const replayed = { ...source, headers: { ...source.headers, [replayCountHeader]: "2" } };
  assert.equal(readBack(deadLetterRecord(replayed, reason, reporter))?.replayCount, 2);
});

test("a dead letter that was itself published again carries the new reason, not the old", () => {
  const first = deadLetterRecord(source, reason, reporter);
  const again = deadLetterRecord(
    { ...source, offset: 77n, headers: asText(first.headers) },
    { ...reason, code: "envelope_invalid" },
    reporter,
  );
  assert.deepEqual([readBack(again)?.code, readBack(again)?.source.offset], ["envelope_invalid", 77n]);
});

const foreign: readonly (readonly [string, Record<string, string>])[] = [
  ["without our headers", {}],
  ["of another program", { "__dlq.errors.topic": "orders", "__dlq.errors.offset": "1" }],
  [
    "with an unknown code",
    { ...asText(deadLetterRecord(source, reason, reporter).headers), "__dlq.errors.code": "sunspots" },
  ],
];

for (const [name, headers] of foreign) {
  test(`a record ${name} is not read as a dead letter`, () => {
    assert.equal(readDeadLetter({ key: null, value: null, headers }), null);
  });
}

test("the writing of a dead letter is an error of its trace, named by its code", async () => {
  const recorded = recordedSpans();
  const reason = { code: "not_json", message: "SECRET", disposition: "poison" } as const;
  await inDeadLetterSpan("harness-requests", reason, () => Promise.resolve());
  const { attributes, status } = recorded.named("send harness-requests-dlq");
  assert.equal(status.code, SpanStatusCode.ERROR);
  assert.deepEqual([attributes["error.type"], attributes["breakwater.disposition"]], ["not_json", "poison"]);
  assert.doesNotMatch(recorded.text(), /SECRET/);
  recorded.close();
});
