/**
 * Starts OpenTelemetry: to OTEL_EXPORTER_OTLP_ENDPOINT when it is set (the
 * standard OTEL_* variables decide protocol and headers), else traces to
 * BREAKWATER_TRACE_FILE, else nothing at all: then the SDK is not even loaded.
 * Which traces are recorded says OTEL_TRACES_SAMPLER, else head-sampler.ts. Of
 * what callers send along, their trace alone is taken on, not their baggage.
 */
import { createRecordTracer, untraced, type RecordTracer, type TracedConsumer } from "./record-tracer.ts";
import { traceFileExporter } from "./trace-file.ts";

export interface Telemetry {
  readonly enabled: boolean;
  recordTracer(consumer: TracedConsumer): RecordTracer;
  /** Sends what is left. */
  close(): Promise<void>;
}

export interface TelemetryOptions {
  /** service.name, for example `breakwater-input-scan`. */
  readonly service: string;
  readonly traceFile?: string | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const off: Telemetry = { enabled: false, recordTracer: () => untraced, close: () => Promise.resolve() };

export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { service, traceFile, environment = process.env } = options;
  const endpoint = environment["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? environment["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
  const toCollector = endpoint !== undefined && endpoint !== "";
  if (environment["OTEL_SDK_DISABLED"] === "true" || (!toCollector && traceFile === undefined)) return off;
  const { NodeSDK } = await import("@opentelemetry/sdk-node");
  const { W3CTraceContextPropagator } = await import("@opentelemetry/core");
  const { headSampler } = await import("./head-sampler.ts");
  const named = environment["OTEL_TRACES_SAMPLER"] ?? "";
  const common = {
    serviceName: service,
    instrumentations: [],
    logRecordProcessors: [],
    textMapPropagator: new W3CTraceContextPropagator(),
    ...(named === "" ? { sampler: headSampler() } : {}),
  };
  const sdk = new NodeSDK(
    toCollector || traceFile === undefined
      ? common
      : { ...common, traceExporter: traceFileExporter(traceFile), metricReaders: [] },
  );
  sdk.start();
  const followsParent = named === "" || named.startsWith("parentbased_");
  const recordTracer = (consumer: TracedConsumer): RecordTracer => createRecordTracer(consumer, followsParent);
  return { enabled: true, recordTracer, close: () => sdk.shutdown() };
}
