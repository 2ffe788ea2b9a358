/**
 * The OpenTelemetry metrics of what is made after this call: each collection
 * gives a line a series, `name{label=value ...} value`, and of a histogram
 * `count of sum`. Takes the place of the global meter provider until then.
 */
import { metrics } from "@opentelemetry/api";
import {
  DataPointType,
  MeterProvider,
  MetricReader,
  type CollectionResult,
  type MetricData,
} from "@opentelemetry/sdk-metrics";

class AskedReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Each collection's metrics as they are. */
export function collectedData(): () => Promise<readonly MetricData[]> {
  const reader = new AskedReader();
  metrics.disable();
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  return async () => {
    const { resourceMetrics, errors }: CollectionResult = await reader.collect();
    if (errors.length > 0) throw new Error(`metrics could not be collected: ${errors.map(String).join(", ")}`);
    return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  };
}

export function collectedMetrics(): () => Promise<readonly string[]> {
  const collect = collectedData();
  return async () => (await collect()).flatMap(linesOf);
}

function linesOf(metric: MetricData): readonly string[] {
  const line = (labels: object, value: string): string => {
    const named = Object.entries(labels).map(([name, label]) => `${name}=${String(label)}`);
    return `${metric.descriptor.name}{${named.join(" ")}} ${value}`;
  };
  switch (metric.dataPointType) {
    case DataPointType.HISTOGRAM:
      return metric.dataPoints.map(({ attributes, value }) => line(attributes, `${value.count} of ${value.sum}`));
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return [];
    case DataPointType.GAUGE:
    case DataPointType.SUM:
      return metric.dataPoints.map(({ attributes, value }) => line(attributes, String(value)));
  }
}
