/**
 * What Prometheus sees of every figure that the code exports: names with their
 * suffixes, and labels. Each instrument is made and used by the code itself;
 * the stages' are named as the collector's Prometheus exporter names them (dots
 * are underscores, the unit and `_total` are appended), the gateway's as its
 * own page writes them.
 */
import { DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";
import { createLedgerMetrics } from "../../services/cost-aggregate/ledger-metrics.ts";
import { ledgerRow } from "../../services/cost-aggregate/rows.ts";
import { createRollUpMetrics } from "../../services/ledger/roll-ups/roll-up-metrics.ts";
import { openGatewayMetrics } from "../../services/gateway/http/gateway-metrics.ts";
import { observeBreakers } from "../../services/model-invoke/breakers/breaker-metrics.ts";
import { observeBudgets } from "../../services/model-invoke/budgets/standing/budget-metrics.ts";
import { observeCapacity } from "../../services/model-invoke/capacity/capacity-metrics.ts";
import { observeReviews } from "../../services/output-validate/reviews/review-metrics.ts";
import { createStageMetrics, observeConsumer } from "../../services/runtime/telemetry/metrics.ts";
import { exampleValue } from "../contract/examples.ts";
import { capacityOf } from "../support/capacity.ts";
import { collectedData } from "../support/collected-metrics.ts";
import { decisionOf, finishedCall, resultOf } from "../support/ledger-records.ts";

/** Name to labels. */
export type Exported = ReadonlyMap<string, ReadonlySet<string>>;

/** What Prometheus adds to every series it fetches. */
const scraped = ["job", "instance"];

export async function exportedMetrics(): Promise<Exported> {
  const exported = new Map<string, Set<string>>([["up", new Set(scraped)]]);
  const add = (name: string, labels: Iterable<string>): void => {
    const known = exported.get(name) ?? new Set(scraped);
    for (const label of labels) known.add(label);
    exported.set(name, known);
  };
  for (const metric of await ofStages()) for (const [name, labels] of asCollected(metric)) add(name, labels);
  for (const [name, labels] of await ofGateway()) add(name, labels);
  return exported;
}

/** Every instrument of the stages, each used at least once. */
async function ofStages(): Promise<readonly MetricData[]> {
  const collect = collectedData();
  const stage = createStageMetrics("input-scan");
  stage.processed("harness-requests", "emitted", 1);
  stage.deadLettered("harness-requests", "not_json");
  const partition = { topic: "harness-requests", partition: 0, tracker: { low: 0, position: 1 } };
  const ends = { offsets: () => Promise.resolve(new Map([[0, { high: 2n }]])) };
  observeConsumer("input-scan", { inFlight: 0, waiting: 0, partitions: [partition] }, { ends, nowMs: () => 0 });
  const target = { provider: "openai", model: "gpt-4o" };
  const key = { ...target, fingerprint: "0a1b2c3d", position: 1, state: "open" as const };
  observeBreakers({ states: () => [{ ...target, state: "closed" }] }, { states: () => [key] });
  const capacity = capacityOf({ maxConcurrent: 1 });
  capacity.tryTake({ ...target, tokens: 1, client: "acme", batch: false });
  observeCapacity(capacity);
  observeBudgets(() => []);
  observeReviews({ waiting: 0 });
  storeOneOfEach();
  const rollUps = createRollUpMetrics();
  rollUps.built("spend", 1);
  rollUps.behind([{ kind: "spend", seconds: 0 }]);
  return collect();
}

function storeOneOfEach(): void {
  const metrics = createLedgerMetrics();
  const records = [
    ["harness-calls", finishedCall(1)],
    ["harness-calls", finishedCall(2, { outcome: "timeout", usage: null, cost_usd: null })],
    ["harness-results", resultOf(1)],
    ["harness-audit", decisionOf(1)],
    ["harness-reviews", exampleValue("harness-reviews", "held")],
  ] as const;
  for (const [topic, record] of records) {
    const reading = ledgerRow({ topic, partition: 0, offset: 0n }, JSON.stringify(record));
    if (reading.kind === "row") metrics.stored(reading.entry, 1);
  }
}

/** Units in braces say what is counted and are part of no name. */
const unitSuffixes: Readonly<Record<string, string>> = { s: "_seconds", "": "" };

function asCollected(metric: MetricData): readonly (readonly [name: string, labels: readonly string[]])[] {
  const suffix = unitSuffixes[metric.descriptor.unit];
  if (suffix === undefined) throw new Error(`${metric.descriptor.name}: add the unit ${metric.descriptor.unit} here`);
  const name = `${metric.descriptor.name.replaceAll(/[^a-zA-Z0-9_]/g, "_")}${suffix}`;
  const labels = metric.dataPoints
    .flatMap(({ attributes }) => Object.keys(attributes))
    .map((label) => label.replaceAll(/[^a-zA-Z0-9_]/g, "_"));
  switch (metric.dataPointType) {
    case DataPointType.HISTOGRAM:
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return [
        [`${name}_bucket`, [...labels, "le"]],
        [`${name}_sum`, labels],
        [`${name}_count`, labels],
      ];
    case DataPointType.SUM:
      return [[metric.isMonotonic ? `${name}_total` : name, labels]];
    case DataPointType.GAUGE:
      return [[name, labels]];
  }
}

async function ofGateway(): Promise<readonly (readonly [name: string, labels: readonly string[]])[]> {
  const metrics = openGatewayMetrics(() => 1);
  metrics.answered({ method: "GET", route: "/healthz", status: 200, access: "none" }, 1);
  metrics.accepted(false);
  metrics.refused(429, "rate_limited");
  metrics.observeLimits(() => true);
  const page = await metrics.read();
  await metrics.close();
  return [...page.matchAll(/^(\w+)(?:\{([^}]*)\})? /gm)].map(([, name = "", labels = ""]) => [
    name,
    [...labels.matchAll(/(\w+)="/g)].map(([, label = ""]) => label),
  ]);
}
