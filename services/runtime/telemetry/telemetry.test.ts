import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { z } from "zod";
import type { ConsumedRecord } from "../stage.ts";
import { inSpan, noteOnSpan } from "./in-span.ts";
import { attributes, guardSpan } from "./names.ts";
import { untraced } from "./record-tracer.ts";
import { startTelemetry, type Telemetry } from "./telemetry.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-telemetry-"));
const file = path.join(folder, "traces.jsonl");
let telemetry: Telemetry;
before(
  async () =>
    void (telemetry = await startTelemetry({ service: "breakwater-input-scan", traceFile: file, environment: {} })),
);
after(() => rmSync(folder, { recursive: true, force: true }));

const consumer = { stage: "input-scan", groupId: "g", worker: "w-1" } as const;
const record = (headers: Record<string, string>): ConsumedRecord => ({
  topic: "harness-requests",
  partition: 3,
  offset: 12n,
  timestampMs: 0,
  key: null,
  value: Buffer.from("canary-content"),
  headers,
});

const spansIn = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(z.object({ key: z.string(), value: z.json() })) }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              kind: z.number(),
              attributes: z.array(z.object({ key: z.string(), value: z.json() })),
              status: z.object({ code: z.number().optional(), message: z.string().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

test("without an endpoint or a file nothing is started, and the headers are passed on as they came", async () => {
  const off = await startTelemetry({ service: "x", environment: {} });
  assert.equal(off.enabled, false);
  assert.equal(off.recordTracer(consumer), untraced);
  const headers = { traceparent: "00-a-b-01", tracestate: "v=1", other: "x" };
  await untraced.inRecordSpan(record(headers), (passed) => {
    assert.deepEqual(passed, { traceparent: "00-a-b-01", tracestate: "v=1" });
    return Promise.resolve();
  });
  await off.close();
});

test("one record is one span, its steps are children, what it causes carries it on, and nothing holds content", async () => {
  assert.equal(telemetry.enabled, true);
  const tracer = telemetry.recordTracer(consumer);
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const sampled = { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, ce_id: "r/1" };
  const sent = await tracer.inRecordSpan(record(sampled), async (headers) => {
    noteOnSpan({ [attributes.runId]: "run-1" });
    await inSpan(guardSpan("injection"), { attributes: { [attributes.verdict]: "passed" } }, () => Promise.resolve());
    await assert.rejects(inSpan("step", {}, () => Promise.reject(new TypeError("canary-message"))));
    return headers["traceparent"];
  });
  const unsampled = { traceparent: `00-${"b".repeat(32)}-00f067aa0ba902b7-00` };
  const passed = await tracer.inRecordSpan(record(unsampled), async (headers) => {
    await inSpan("step", {}, () => Promise.resolve());
    return headers["traceparent"];
  });
  await assert.rejects(tracer.inRecordSpan(record({}), () => Promise.reject(new RangeError("canary-message"))));
  await telemetry.close();

  const text = readFileSync(file, "utf8");
  assert.doesNotMatch(text, /canary/);
  const exports = text
    .trim()
    .split("\n")
    .map((line) => spansIn.parse(JSON.parse(line)));
  const spans = exports.flatMap((each) =>
    each.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
  const mine = spans.filter((span) => span.traceId === traceId);
  const [root] = mine.filter((span) => span.name === "process harness-requests");
  assert.equal(root?.parentSpanId, "00f067aa0ba902b7");
  assert.equal(sent, `00-${traceId}-${root?.spanId}-01`);
  const steps = mine.filter((span) => span !== root);
  assert.deepEqual(
    steps.map((span) => [span.name, span.parentSpanId]),
    [
      ["guard injection", root?.spanId],
      ["step", root?.spanId],
    ],
  );
  const found = Object.fromEntries(
    root?.attributes.map(({ key, value }) => [key, Object.values(Object(value))[0]]) ?? [],
  );
  assert.equal(found["messaging.destination.partition.id"], "3");
  assert.equal(found["messaging.message.id"], "r/1");
  assert.equal(found["breakwater.run_id"], "run-1");
  assert.equal(found["messaging.consumer.group.name"], "g");
  assert.match(passed ?? "", /^00-b{32}-[0-9a-f]{16}-00$/, "not sampled here, not sampled downstream");
  assert.ok(!spans.some((span) => span.traceId === "b".repeat(32)));
  assert.ok(spans.some((span) => span.status.code === 2 && span.name === "process harness-requests"));
  assert.match(text, /breakwater-input-scan/);
});
