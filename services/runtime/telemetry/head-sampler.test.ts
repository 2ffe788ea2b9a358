import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOT_CONTEXT, SamplingDecision, SpanKind, trace, TraceFlags } from "@opentelemetry/api";
import fc from "fast-check";
import { headSampler } from "./head-sampler.ts";

const anyId = "4bf92f3577b34da6a3ce929d0e0e4736";

function deciding(sampling: { readonly perSecond: number; readonly share: number }) {
  let nowMs = 5000;
  const sampler = headSampler(sampling, () => nowMs);
  const isRecorded = (context = ROOT_CONTEXT, traceId = anyId): boolean =>
    sampler.shouldSample(context, traceId, "process", SpanKind.CONSUMER, {}, []).decision ===
    SamplingDecision.RECORD_AND_SAMPLED;
  return { isRecorded, sampler, advance: (byMs: number) => void (nowMs += byMs) };
}

/** All zeros is no id. */
const traceIds = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString("hex"))
  .filter((id) => /[^0]/.test(id));

test("while few traces begin, all of them are recorded, second after second", () => {
  const { isRecorded, advance } = deciding({ perSecond: 3, share: 0 });
  for (let second = 0; second < 4; second += 1) {
    assert.deepEqual([isRecorded(), isRecorded(), isRecorded(), isRecorded()], [true, true, true, false]);
    advance(1000);
  }
});

test("above that, every process says the same of a trace, however many it has seen", () => {
  const one = deciding({ perSecond: 0, share: 0.1 });
  const other = deciding({ perSecond: 0, share: 0.1 });
  fc.assert(
    fc.property(traceIds, fc.nat(3), (id, more) => {
      const said = one.isRecorded(ROOT_CONTEXT, id);
      for (let seen = 0; seen < more; seen += 1) other.isRecorded(ROOT_CONTEXT, anyId);
      assert.equal(other.isRecorded(ROOT_CONTEXT, id), said);
    }),
  );
});

test("a larger share leaves out no trace that a smaller one records; none and all are just that", () => {
  const bySmaller = deciding({ perSecond: 0, share: 0.1 });
  const byLarger = deciding({ perSecond: 0, share: 0.5 });
  const all = deciding({ perSecond: 0, share: 1 });
  const none = deciding({ perSecond: 0, share: 0 });
  fc.assert(
    fc.property(traceIds, (id) => {
      assert.ok(!bySmaller.isRecorded(ROOT_CONTEXT, id) || byLarger.isRecorded(ROOT_CONTEXT, id));
      assert.deepEqual([all.isRecorded(ROOT_CONTEXT, id), none.isRecorded(ROOT_CONTEXT, id)], [true, false]);
    }),
  );
});

/** Every 2^32 / 1000th of all ids: what is recorded of them is the share itself, whatever bits decide. */
test("the share is that of all ids", () => {
  const { isRecorded } = deciding({ perSecond: 0, share: 0.1 });
  const ids = Array.from({ length: 1000 }, (_, at) => Math.floor((at * 2 ** 32) / 1000).toString(16));
  const recorded = ids.filter((id) => isRecorded(ROOT_CONTEXT, id.padStart(8, "0") + "0".repeat(24)));
  assert.ok(Math.abs(recorded.length - 100) <= 1, String(recorded.length));
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
