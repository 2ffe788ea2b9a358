/**
 * What dashboards see of the roll-ups: how long a build takes, and how long ago
 * the rows came that have waited longest to be in one. By kind. Late roll-ups
 * make questions slow, never wrong.
 */
import { metrics } from "@opentelemetry/api";
import { attributes, metricNames, tracerName } from "../../runtime/telemetry/names.ts";
import type { Behind } from "./behind.ts";
import type { RollUpKind } from "./roll-up-kinds.ts";

export interface RollUpMetrics {
  /** One step of bounded size. */
  built(kind: RollUpKind, tookMs: number): void;
  behind(behind: Behind): void;
}

const secondsBounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createRollUpMetrics(): RollUpMetrics {
  const meter = metrics.getMeter(tracerName);
  const took = meter.createHistogram(metricNames.rollUpBuild, {
    unit: "s",
    advice: { explicitBucketBoundaries: secondsBounds },
  });
  const waits = meter.createGauge(metricNames.rollUpBehind, { unit: "s" });
  return {
    built: (kind, tookMs) => took.record(tookMs / 1000, { [attributes.rollUpKind]: kind }),
    behind: (behind) => {
      for (const { kind, seconds } of behind) waits.record(seconds, { [attributes.rollUpKind]: kind });
    },
  };
}
