/**
 * What the gateway counts, for Prometheus to fetch: requests and their times by
 * route, method, status and access, what is in progress, and what admission
 * said by its code. Labels come from closed sets: no client, no key, no
 * address, no content.
 */
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import type { Access } from "../clients/client.ts";
import { gatewayAttributes as names, gatewayMetricNames, tracerName } from "../../runtime/telemetry/names.ts";

export interface AnsweredRequest {
  readonly method: string;
  /** The route's pattern, `none` for what met no route. */
  readonly route: string;
  readonly status: number;
  readonly access: Access | "none";
}

export interface GatewayMetrics {
  answered(request: AnsweredRequest, tookMs: number): void;
  /** A run was taken in, or those of a batch; `joined` when an earlier request had asked for it. */
  accepted(joined: boolean, runs?: number): void;
  refused(status: number, code: string): void;
  /** From now on tells whether limits are counted over all gateways. */
  observeLimits(isShared: () => boolean): void;
  /** In Prometheus' text format. */
  read(): Promise<string>;
  close(): Promise<void>;
}

const durationBoundsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Prometheus asks: nothing is sent and no port of its own is opened. */
export function openGatewayMetrics(inFlight: () => number): GatewayMetrics {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter] });
  const meter = provider.getMeter(tracerName);
  const duration = meter.createHistogram(gatewayMetricNames.requestDuration, {
    description: "Time from a request's head to its answer's end",
    unit: "s",
    advice: { explicitBucketBoundaries: durationBoundsSeconds },
  });
  const accepted = meter.createCounter(gatewayMetricNames.accepted, { description: "Runs that were taken in" });
  const refused = meter.createCounter(gatewayMetricNames.refused, { description: "Requests that were refused" });
  meter
    .createObservableGauge(gatewayMetricNames.inFlight, { description: "Requests in progress" })
    .addCallback((result) => result.observe(inFlight()));
  // Neither the process nor the scope as labels.
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    answered: ({ method, route, status, access }, tookMs) =>
      duration.record(tookMs / 1000, {
        [names.method]: knownMethods.has(method) ? method : "other",
        [names.route]: route,
        [names.status]: status,
        [names.access]: access,
      }),
    accepted: (joined, runs = 1) => accepted.add(runs, { [names.joined]: joined }),
    refused: (status, code) => refused.add(1, { [names.status]: status, [names.code]: code }),
    observeLimits: (isShared) =>
      meter
        .createObservableGauge(gatewayMetricNames.limitsShared, {
          description: "Whether gateways count limits together",
        })
        .addCallback((result) => result.observe(isShared() ? 1 : 0)),
    read: async () => serializer.serialize((await exporter.collect()).resourceMetrics),
    close: () => provider.shutdown(),
  };
}

const knownMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
