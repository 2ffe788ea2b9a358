import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { recordedSpans } from "../../../test/support/recorded-spans.ts";
import type { ConsumedRecord } from "../stage.ts";
import { noteResults } from "./in-span.ts";
import { createRecordTracer } from "./record-tracer.ts";
import { inSendSpan } from "./send-span.ts";
import { linkedTo, linkHeader, linksIn, spanHere } from "./span-links.ts";

const recorded = recordedSpans();
beforeEach(() => recorded.forget());
after(() => recorded.close());

const one = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
const other = `00-${"c".repeat(32)}-${"d".repeat(16)}-00`;
const tracer = createRecordTracer({ stage: "input-scan", groupId: "g", worker: "w" }, true);

function record(topic: ConsumedRecord["topic"], headers: Record<string, string>): ConsumedRecord {
  return { topic, partition: 0, offset: 0n, timestampMs: 0, key: null, value: null, headers };
}

test("links go there and back through their header, those that are not there or cannot be read left out", () => {
  assert.deepEqual(linkedTo(), {});
  assert.deepEqual(linkedTo(undefined), {});
  const idsIn = (headers: Record<string, string>) => linksIn(headers).map(({ context }) => context.traceId);
  assert.deepEqual(idsIn(linkedTo(one, undefined, other)), ["a".repeat(32), "c".repeat(32)]);
  assert.deepEqual(idsIn({}), []);
  for (const broken of ["", "x", ",", "00-0-0-01", `${one}0`, `00-${"0".repeat(32)}-${"b".repeat(16)}-01`])
    assert.deepEqual(idsIn({ [linkHeader]: broken }), [], broken);
  assert.deepEqual(idsIn({ [linkHeader]: `broken,${one}` }), ["a".repeat(32)]);
  assert.equal(idsIn({ [linkHeader]: Array.from({ length: 1000 }, () => one).join(",") }).length, 8);
});

test("a run of a batch begins a trace of its own, whose first span links to the upload's", async () => {
  assert.equal(spanHere(), undefined);
  const here = await recorded.within("POST /v1/batches", () => spanHere());
  const upload = recorded.named("POST /v1/batches").spanContext();
  await tracer.inRecordSpan(record("harness-requests-batch", linkedTo(here)), () => Promise.resolve());
  const run = recorded.named("process harness-requests-batch");
  assert.notEqual(run.spanContext().traceId, upload.traceId);
  assert.deepEqual(
    run.links.map(({ context }) => [context.traceId, context.spanId]),
    [[upload.traceId, upload.spanId]],
  );
});

test("a trace begins with a request and nowhere else", async () => {
  for (const topic of ["harness-calls", "harness-reviews", "harness-audit-chain"] as const)
    await tracer.inRecordSpan(record(topic, {}), (headers) => Promise.resolve(assert.deepEqual(headers, {})));
  assert.deepEqual(recorded.all(), []);
  await tracer.inRecordSpan(record("harness-calls", { traceparent: one }), () => Promise.resolve());
  assert.equal(recorded.named("process harness-calls").parentSpanContext?.spanId, "b".repeat(16));
});

test("what is sent goes on from its own span, below that which sends it", async () => {
  const sent = await recorded.within("POST /v1/runs", () =>
    inSendSpan("harness-requests", { "breakwater.run_id": "r" }, (headers) => Promise.resolve(headers["traceparent"])),
  );
  const request = recorded.named("POST /v1/runs").spanContext();
  const send = recorded.named("send harness-requests");
  assert.equal(sent, `00-${request.traceId}-${send.spanContext().spanId}-01`);
  assert.equal(send.parentSpanContext?.spanId, request.spanId);
  assert.equal(send.attributes["messaging.operation.type"], "send");
  assert.equal(send.attributes["messaging.destination.name"], "harness-requests");
});

test("a result that is about to be written leaves its status and its cost on the span, and nothing else does", async () => {
  const emission = { topic: "harness-results", key: "r", id: "r", type: "t" } as const;
  const value = { status: "refused", spent: { cost_usd: "0.00012" }, output: { plain: "SECRET" } };
  await recorded.within("a", () =>
    noteResults([
      { ...emission, topic: "harness-audit", value: { status: "ok", spent: { cost_usd: "7" } } },
      { ...emission, value },
    ]),
  );
  await recorded.within("b", () => noteResults([{ ...emission, value: { status: "no such", spent: {} } }]));
  assert.deepEqual(recorded.named("a").attributes, { "breakwater.status": "refused", "breakwater.cost.usd": 0.00012 });
  assert.deepEqual(recorded.named("b").attributes, {});
});
