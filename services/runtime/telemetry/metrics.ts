/**
 * What the shell counts: records done, how long they took, dead letters by
 * code, and how full it is. Through the OpenTelemetry API: without an exporter
 * it costs nothing.
 */
import { metrics, type Attributes } from "@opentelemetry/api";
import type { DeadLetterCode, StageName } from "../../../schemas/parts/codes.ts";
import { attributes as names, metricNames, tracerName } from "./names.ts";

export type RecordOutcome = "emitted" | "dead_lettered";

export interface StageMetrics {
  processed(topic: string, outcome: RecordOutcome, tookMs: number): void;
  deadLettered(topic: string, code: DeadLetterCode): void;
}

export function createStageMetrics(stage: StageName): StageMetrics {
  const meter = metrics.getMeter(tracerName);
  const duration = meter.createHistogram(metricNames.processDuration, {
    unit: "s",
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] },
  });
  const consumed = meter.createCounter(metricNames.consumed);
  const deadLetters = meter.createCounter(metricNames.deadLetters);
  const labels = new Map<string, Attributes>();
  const labelsOf = (topic: string, outcome: RecordOutcome): Attributes => {
    const known = labels.get(topic + outcome);
    if (known !== undefined) return known;
    const made = { [names.stage]: stage, [names.destination]: topic, [names.outcome]: outcome };
    labels.set(topic + outcome, made);
    return made;
  };
  return {
    processed: (topic, outcome, tookMs) => {
      consumed.add(1, labelsOf(topic, outcome));
      duration.record(tookMs / 1000, labelsOf(topic, outcome));
    },
    deadLettered: (topic, code) =>
      deadLetters.add(1, { [names.stage]: stage, [names.destination]: topic, [names.errorType]: code }),
  };
}

export interface ConsumerGauges {
  readonly inFlight: number;
  readonly waiting: number;
  readonly partitions: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly tracker: { readonly low: number; readonly position: number };
  }[];
}

/** Read when metrics are collected. */
export function observeConsumer(stage: StageName, consumer: ConsumerGauges): void {
  const meter = metrics.getMeter(tracerName);
  const label = { [names.stage]: stage };
  meter.createObservableGauge(metricNames.inFlight).addCallback((result) => result.observe(consumer.inFlight, label));
  meter.createObservableGauge(metricNames.waiting).addCallback((result) => result.observe(consumer.waiting, label));
  meter.createObservableGauge(metricNames.span).addCallback((result) => {
    for (const { topic, partition, tracker } of consumer.partitions) {
      const place = { ...label, [names.destination]: topic, [names.partition]: String(partition) };
      result.observe(tracker.position - tracker.low, place);
    }
  });
}
