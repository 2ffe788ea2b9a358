import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleFinish, sampleMs, sampleRunId, sampleSettlement } from "../../test/contract/sample-records.ts";
import type { LogRecord } from "../runtime/kafka/log-reader.ts";
import type { Takeover } from "../runtime/stage.ts";
import { maxAttemptsHeld, openFirstSettlements } from "./first-settlements.ts";

const windowMs = 60_000;
const firstAttempt = sampleFinish(sampleSettlement("x"));
const secondAttempt = sampleFinish(sampleSettlement("x", { attempt: 2 }));
const at = (offset: bigint, partition = 3) => ({ partition, offset });

interface Audited {
  readonly atMs: number;
  readonly origin: string;
  readonly source?: string;
}

/** harness-audit, partition 3, as a log. */
function auditLog(decisions: readonly Audited[]) {
  const records: LogRecord[] = decisions.map(({ atMs, origin, source = "breakwater/output-validate" }, index) => ({
    topic: "harness-audit",
    partition: 3,
    offset: BigInt(index),
    timestampMs: atMs,
    key: null,
    value: Buffer.from(JSON.stringify({ run_id: sampleRunId, attempt: 1 })),
    headers: { ce_source: source, origin },
  }));
  const end = BigInt(records.length);
  return {
    offsets: async () => new Map([[3, { low: 0n, high: end }]]),
    offsetAt: async (_topic: string, _partition: number, ms: number) =>
      records.find(({ timestampMs }) => timestampMs >= ms)?.offset ?? end,
    read: async ({
      ranges,
      onRecord,
    }: {
      ranges: readonly { from: bigint; to: bigint }[];
      onRecord: (record: LogRecord) => unknown;
    }) => {
      for (const { from, to } of ranges)
        for (const record of records.slice(Number(from), Number(to))) await onRecord(record);
    },
  };
}

function takeover(oldestTimestampMs: number | null): Takeover {
  const source = { topic: "harness-calls", fromOffset: 50n, endOffset: 90n, committedAtMs: sampleMs } as const;
  return { partition: 3, sources: [{ ...source, oldestTimestampMs }] };
}

test("the first finish of an attempt is acted on, a later one is not", () => {
  const settlements = openFirstSettlements(auditLog([]), windowMs);
  assert.equal(settlements.claim(at(10n), firstAttempt), true);
  assert.equal(settlements.claim(at(20n), firstAttempt), false);
});

test("the same record may come again: after a failed write, for example", () => {
  const settlements = openFirstSettlements(auditLog([]), windowMs);
  assert.equal(settlements.claim(at(10n), firstAttempt), true);
  assert.equal(settlements.claim(at(10n), firstAttempt), true);
});

test("attempts and partitions do not mix", () => {
  const settlements = openFirstSettlements(auditLog([]), windowMs);
  assert.equal(settlements.claim(at(10n), firstAttempt), true);
  assert.equal(settlements.claim(at(20n), secondAttempt), true);
  assert.equal(settlements.claim(at(20n, 4), firstAttempt), true);
});

test("a new owner knows what was decided before it", async () => {
  const settlements = openFirstSettlements(auditLog([{ atMs: sampleMs, origin: "harness-calls/3/10" }]), windowMs);
  await settlements.learn(takeover(sampleMs + 1000), sampleMs + 2000);
  assert.equal(settlements.claim(at(60n), firstAttempt), false);
  assert.equal(settlements.claim(at(10n), firstAttempt), true, "the record decided on may be redelivered");
});

test("the window reaches back from the oldest record that is not done, however late it is now", async () => {
  const log = auditLog([{ atMs: sampleMs, origin: "harness-calls/3/10" }]);
  const settlements = openFirstSettlements(log, windowMs);
  await settlements.learn(takeover(sampleMs + 1000), sampleMs + 10 * windowMs);
  assert.equal(settlements.claim(at(60n), firstAttempt), false);
  const idle = openFirstSettlements(log, windowMs);
  await idle.learn(takeover(null), sampleMs + 10 * windowMs);
  assert.equal(idle.claim(at(60n), firstAttempt), true, "out of the window it is forgotten");
});

test("decisions of other stages, and about other records, say nothing", async () => {
  const others = [
    { atMs: sampleMs, origin: "harness-calls/3/10", source: "breakwater/model-invoke" },
    { atMs: sampleMs, origin: "harness-scanned/3/10" },
    { atMs: sampleMs, origin: "harness-calls/4/10" },
  ];
  const settlements = openFirstSettlements(auditLog(others), windowMs);
  await settlements.learn(takeover(sampleMs), sampleMs);
  assert.equal(settlements.claim(at(60n), firstAttempt), true);
});

test("a partition that is gone is forgotten", () => {
  const settlements = openFirstSettlements(auditLog([]), windowMs);
  settlements.claim(at(10n), firstAttempt);
  settlements.release(3);
  assert.equal(settlements.claim(at(20n), firstAttempt), true);
});

test("it holds the newest attempts and no more than it says", () => {
  const settlements = openFirstSettlements(auditLog([]), windowMs);
  const finishOf = (index: number) => ({ ...firstAttempt, run_id: `run-${index}` });
  for (let index = 0; index <= maxAttemptsHeld; index++) settlements.claim(at(BigInt(index)), finishOf(index));
  const end = BigInt(maxAttemptsHeld + 1);
  assert.equal(settlements.claim(at(end), finishOf(1)), false, "the oldest but one is held");
  assert.equal(settlements.claim(at(end), finishOf(0)), true, "the oldest made room");
});
