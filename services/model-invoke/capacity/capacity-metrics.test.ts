import assert from "node:assert/strict";
import { test } from "node:test";
import { metrics as api } from "@opentelemetry/api";
import { metrics } from "@opentelemetry/sdk-node";
import { capacityOf } from "../../../test/support/capacity.ts";
import { observeCapacity } from "./capacity-metrics.ts";

test("each model's limit, calls in flight and calls that wait are told by provider and model", async () => {
  const exporter = new metrics.InMemoryMetricExporter(metrics.AggregationTemporality.CUMULATIVE);
  const reader = new metrics.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
  api.setGlobalMeterProvider(new metrics.MeterProvider({ readers: [reader] }));
  const capacity = capacityOf({ maxConcurrent: 1 });
  observeCapacity(capacity);
  const call = { provider: "openai", model: "gpt-4o", tokens: 10, client: "acme", batch: false };
  const leave = new AbortController();
  capacity.tryTake(call);
  void capacity.take(call, { untilMs: Date.now() + 60_000, signal: leave.signal });
  await reader.forceFlush();
  const [exported] = exporter.getMetrics();
  const told = (exported?.scopeMetrics ?? []).flatMap(({ metrics: all }) =>
    all.flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(
        ({ value, attributes }) => `${descriptor.name} ${JSON.stringify(attributes)} ${JSON.stringify(value)}`,
      ),
    ),
  );
  const labels = '{"gen_ai.provider.name":"openai","gen_ai.request.model":"gpt-4o"}';
  assert.deepEqual(told, [
    `breakwater.calls.limit ${labels} 1`,
    `breakwater.calls.in_flight ${labels} 1`,
    `breakwater.calls.waiting ${labels} 1`,
  ]);
  leave.abort();
  await reader.shutdown();
  api.disable();
});
