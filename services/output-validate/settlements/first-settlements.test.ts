import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleFinish, sampleMs, sampleRunId, sampleSettlement } from "../../../test/contract/sample-records.ts";
import type { LogRecord } from "../../runtime/kafka/log-reader.ts";
import type { Takeover } from "../../runtime/stage.ts";
import { maxAttemptsHeld, openFirstSettlements, repeatsWithinMs } from "./first-settlements.ts";

const windowMs = 60_000;
const firstAttempt = sampleFinish(sampleSettlement("x"));
const secondAttempt = sampleFinish(sampleSettlement("x", { attempt: 2 }));
const at = (offset: bigint, partition = 3) => ({ partition, offset });

interface Marked {
  readonly atMs: number;
  readonly callsOffset: string | null;
}

/** Records of harness-settled, partition 3, as a log. */
function logOf(values: readonly { readonly atMs: number; readonly value: string | null }[]) {
  const records: LogRecord[] = values.map(({ atMs, value }, index) => ({
    topic: "harness-settled",
    partition: 3,
    offset: BigInt(index),
    timestampMs: atMs,
    key: null,
    value: value === null ? null : Buffer.from(value),
    headers: {},
  }));
  const end = BigInt(records.length);
  return {
    offsets: async () => new Map([[3, { low: 0n, high: end }]]),
    offsetAt: async (_topic: string, _partition: number, ms: number) =>
      records.find(({ timestampMs }) => timestampMs >= ms)?.offset ?? end,
    read: async ({
      topic,
      ranges,
      onRecord,
    }: {
      topic: string;
      ranges: readonly { from: bigint; to: bigint }[];
      onRecord: (record: LogRecord) => unknown;
    }) => {
      assert.equal(topic, "harness-settled");
      for (const { from, to } of ranges)
        for (const record of records.slice(Number(from), Number(to))) await onRecord(record);
    },
  };
}

function marksOf(marks: readonly Marked[]) {
  const mark = { kind: "settled", run_id: sampleRunId, attempt: 1, body_sha256: "0" };
  return logOf(
    marks.map(({ atMs, callsOffset }) => ({ atMs, value: JSON.stringify({ ...mark, calls_offset: callsOffset }) })),
  );
}

function takeover(oldestTimestampMs: number | null): Takeover {
  const source = { topic: "harness-calls", fromOffset: 50n, endOffset: 90n, committedAtMs: sampleMs } as const;
  return { partition: 3, sources: [{ ...source, oldestTimestampMs }] };
}

test("the first finish of an attempt is acted on, a later one is not", () => {
  const settlements = openFirstSettlements(marksOf([]), windowMs);
  assert.equal(settlements.claim(at(10n), firstAttempt), true);
  assert.equal(settlements.claim(at(20n), firstAttempt), false);
});

test("the same record may come again: after a failed write, for example", () => {
  const settlements = openFirstSettlements(marksOf([]), windowMs);
  assert.equal(settlements.claim(at(10n), firstAttempt), true);
  assert.equal(settlements.claim(at(10n), firstAttempt), true);
});

test("attempts and partitions do not mix", () => {
  const settlements = openFirstSettlements(marksOf([]), windowMs);
  assert.equal(settlements.claim(at(10n), firstAttempt), true);
  assert.equal(settlements.claim(at(20n), secondAttempt), true);
  assert.equal(settlements.claim(at(20n, 4), firstAttempt), true);
});

test("a new owner knows what settled an attempt before it", async () => {
  const settlements = openFirstSettlements(marksOf([{ atMs: sampleMs, callsOffset: "10" }]), windowMs);
  await settlements.learn(takeover(sampleMs + 1000), sampleMs + 2000);
  assert.equal(settlements.claim(at(60n), firstAttempt), false);
  assert.equal(settlements.claim(at(10n), firstAttempt), true, "the record itself may be redelivered");
});

test("of two workers that settled it, the lower offset counts, whoever wrote its mark first", async () => {
  const marks = ["20", "10"].map((callsOffset) => ({ atMs: sampleMs, callsOffset }));
  const settlements = openFirstSettlements(marksOf(marks), windowMs);
  await settlements.learn(takeover(sampleMs), sampleMs);
  assert.equal(settlements.claim(at(20n), firstAttempt), false);
  assert.equal(settlements.claim(at(10n), firstAttempt), true);
});

test("the window reaches back from the oldest record that is not done, however late it is now", async () => {
  const log = marksOf([{ atMs: sampleMs, callsOffset: "10" }]);
  const settlements = openFirstSettlements(log, windowMs);
  await settlements.learn(takeover(sampleMs + 1000), sampleMs + 10 * windowMs);
  assert.equal(settlements.claim(at(60n), firstAttempt), false);
  const idle = openFirstSettlements(log, windowMs);
  await idle.learn(takeover(null), sampleMs + 10 * windowMs);
  assert.equal(idle.claim(at(60n), firstAttempt), true, "out of the window it is forgotten");
});

test("it reads no further back than a second finish can come, however long attempts are remembered", async () => {
  const log = marksOf([
    { atMs: sampleMs - repeatsWithinMs - 1, callsOffset: "10" },
    { atMs: sampleMs - repeatsWithinMs, callsOffset: "20" },
  ]);
  const settlements = openFirstSettlements(log, 24 * 3_600_000);
  await settlements.learn(takeover(sampleMs), sampleMs);
  assert.equal(settlements.claim(at(15n), firstAttempt), true, "offset 10 was not read");
  assert.ok(repeatsWithinMs > 600_000, "longer than the longest call");
});

test("what says nothing about a finish, or cannot be read, is passed over", async () => {
  const mark = { kind: "settled", run_id: sampleRunId, attempt: 1, body_sha256: "0" };
  const values = [null, "{", "{}", JSON.stringify({ ...mark, calls_offset: null })];
  const odd = JSON.stringify({ ...mark, calls_offset: "the first" });
  const log = logOf([...values, odd].map((value) => ({ atMs: sampleMs, value })));
  const settlements = openFirstSettlements(log, windowMs);
  await settlements.learn(takeover(sampleMs), sampleMs);
  assert.equal(settlements.claim(at(60n), firstAttempt), true);
});

test("a partition that is gone is forgotten", () => {
  const settlements = openFirstSettlements(marksOf([]), windowMs);
  settlements.claim(at(10n), firstAttempt);
  settlements.release(3);
  assert.equal(settlements.claim(at(20n), firstAttempt), true);
});

test("it holds the newest attempts and no more than it says", () => {
  const settlements = openFirstSettlements(marksOf([]), windowMs);
  const finishOf = (index: number) => ({ ...firstAttempt, run_id: `run-${index}` });
  for (let index = 0; index <= maxAttemptsHeld; index++) settlements.claim(at(BigInt(index)), finishOf(index));
  const end = BigInt(maxAttemptsHeld + 1);
  assert.equal(settlements.claim(at(end), finishOf(1)), false, "the oldest but one is held");
  assert.equal(settlements.claim(at(end), finishOf(0)), true, "the oldest made room");
});
