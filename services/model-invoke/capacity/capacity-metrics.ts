/** Per model: how many calls it may have in flight, how many it has, and how many wait for a slot. */
import { metrics } from "@opentelemetry/api";
import { attributes as names, metricNames, tracerName } from "../../runtime/telemetry/names.ts";
import type { Capacity } from "./capacity.ts";

/** Read when metrics are collected. */
export function observeCapacity(capacity: Pick<Capacity, "gates">): void {
  const meter = metrics.getMeter(tracerName);
  for (const [name, value] of [
    [metricNames.callLimit, "limit"],
    [metricNames.callsInFlight, "inFlight"],
    [metricNames.callsWaiting, "waiting"],
  ] as const) {
    meter.createObservableGauge(name).addCallback((result) => {
      for (const { target, gate } of capacity.gates()) {
        const { provider, model } = target;
        result.observe(gate[value], { [names.genAiProvider]: provider, [names.genAiRequestModel]: model });
      }
    });
  }
}
