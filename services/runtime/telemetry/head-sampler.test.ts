import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { ROOT_CONTEXT, SamplingDecision, SpanKind, trace, TraceFlags } from "@opentelemetry/api";
import { headSampler } from "./head-sampler.ts";

function deciding(sampling: { readonly perSecond: number; readonly share: number }) {
  let nowMs = 5000;
  const sampler = headSampler(sampling, () => nowMs);
  const isRecorded = (context = ROOT_CONTEXT, traceId = randomBytes(16).toString("hex")): boolean =>
    sampler.shouldSample(context, traceId, "process", SpanKind.CONSUMER, {}, []).decision ===
    SamplingDecision.RECORD_AND_SAMPLED;
  return { isRecorded, sampler, advance: (byMs: number) => void (nowMs += byMs) };
}

test("while few traces begin, all of them are recorded, second after second", () => {
  const { isRecorded, advance } = deciding({ perSecond: 3, share: 0 });
  for (let second = 0; second < 4; second += 1) {
    assert.deepEqual([isRecorded(), isRecorded(), isRecorded(), isRecorded()], [true, true, true, false]);
    advance(1000);
  }
});

test("above that, a share is recorded, the same traces by every process", () => {
  const one = deciding({ perSecond: 0, share: 0.5 });
  const other = deciding({ perSecond: 0, share: 0.5 });
  const ids = Array.from({ length: 1000 }, () => randomBytes(16).toString("hex"));
  const recorded = ids.filter((id) => one.isRecorded(ROOT_CONTEXT, id));
  assert.deepEqual(
    recorded,
    ids.filter((id) => other.isRecorded(ROOT_CONTEXT, id)),
  );
  assert.ok(recorded.length > 350 && recorded.length < 650, String(recorded.length));
});

test("a trace that began elsewhere is recorded as it was decided there, and takes no place of others", () => {
  const { isRecorded } = deciding({ perSecond: 1, share: 0 });
  const begun = (traceFlags: TraceFlags) =>
    trace.setSpanContext(ROOT_CONTEXT, { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags, isRemote: true });
  for (let run = 0; run < 5; run += 1) {
    assert.equal(isRecorded(begun(TraceFlags.SAMPLED)), true);
    assert.equal(isRecorded(begun(TraceFlags.NONE)), false);
  }
  assert.equal(isRecorded(), true);
  assert.equal(isRecorded(), false);
});

test("the sampler says what it does", () => {
  assert.match(deciding({ perSecond: 10, share: 0.1 }).sampler.toString(), /10 a second and 0.1 of the others/);
});
