import assert from "node:assert/strict";
import { after, test } from "node:test";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { sampleDefinition, sampleFinish, sampleMs, sampleSettlement } from "../../test/contract/sample-records.ts";
import { decide } from "./decide.ts";
import { traceDecision } from "./guard-spans.ts";

const exporter = new InMemorySpanExporter();
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
after(() => {
  trace.disable();
  context.disable();
});

test("each guard is a span under the record's, and none of them holds content", () => {
  const finish = sampleFinish(sampleSettlement('{"count": "SECRET"}'));
  const decision = decide(finish, sampleDefinition, { nowMs: sampleMs, opener: null, cancelled: null });
  assert.ok(decision.kind !== "asking");
  trace.getTracer("test").startActiveSpan("process harness-calls", (span) => {
    traceDecision(finish, decision);
    span.end();
  });
  const spans = exporter.getFinishedSpans();
  const record = spans.find(({ name }) => name === "process harness-calls");
  assert.equal(record?.attributes["breakwater.outcome"], "retry");
  assert.equal(record?.attributes["breakwater.attempt"], 1);
  const guards = spans.filter(({ name }) => name.startsWith("guard "));
  const verdicts = new Map(guards.map(({ name, attributes }) => [name, attributes["breakwater.verdict"]]));
  assert.equal(verdicts.get("guard output_format"), "passed");
  assert.equal(verdicts.get("guard output_contract"), "failed");
  assert.equal(verdicts.size, decision.guards.length);
  for (const guard of guards) assert.equal(guard.parentSpanContext?.spanId, record?.spanContext().spanId);
  assert.doesNotMatch(JSON.stringify(spans.map(({ name, attributes }) => ({ name, attributes }))), /SECRET/);
});
