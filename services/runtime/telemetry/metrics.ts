/**
 * What the shell counts: records done, how long they took, dead letters by
 * code, and how full it is. Through the OpenTelemetry API: without an exporter
 * it costs nothing.
 */
import { metrics, type Attributes } from "@opentelemetry/api";
import type { DeadLetterCode, ConsumerName } from "../../../schemas/parts/codes.ts";
import { attributes as names, metricNames, tracerName } from "./names.ts";

export type RecordOutcome = "emitted" | "dead_lettered";

export interface StageMetrics {
  processed(topic: string, outcome: RecordOutcome, tookMs: number): void;
  deadLettered(topic: string, code: DeadLetterCode): void;
}

export function createStageMetrics(stage: ConsumerName): StageMetrics {
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

export interface LogPlace {
  readonly ends: { offsets(topic: string): Promise<ReadonlyMap<number, { readonly high: bigint }>> };
  readonly nowMs: () => number;
}

/** Read when metrics are collected. */
export function observeConsumer(stage: ConsumerName, consumer: ConsumerGauges, log: LogPlace): void {
  const meter = metrics.getMeter(tracerName);
  const label = { [names.stage]: stage };
  meter.createObservableGauge(metricNames.inFlight).addCallback((result) => result.observe(consumer.inFlight, label));
  meter.createObservableGauge(metricNames.waiting).addCallback((result) => result.observe(consumer.waiting, label));
  const placeOf = (topic: string, partition: number): Attributes => ({
    ...label,
    [names.destination]: topic,
    [names.partition]: String(partition),
  });
  meter.createObservableGauge(metricNames.span).addCallback((result) => {
    for (const { topic, partition, tracker } of consumer.partitions)
      result.observe(tracker.position - tracker.low, placeOf(topic, partition));
  });
  const lag = meter.createObservableGauge(metricNames.lag);
  const oldest = meter.createObservableGauge(metricNames.oldestIncomplete, { unit: "s" });
  const standstill = createStandstill(log.nowMs);
  meter.addBatchObservableCallback(
    async (result) => {
      for (const [topic, works] of Map.groupBy(consumer.partitions, (work) => work.topic)) {
        // A broker that is away is told by other means; what is not known is not said.
        const ends = await log.ends.offsets(topic).catch(() => null);
        for (const { partition, tracker } of works) {
          const behind = Number(ends?.get(partition)?.high ?? tracker.position) - tracker.low;
          if (ends !== null) result.observe(lag, Math.max(0, behind), placeOf(topic, partition));
          result.observe(
            oldest,
            standstill(`${topic}/${partition}`, tracker.low, behind > 0),
            placeOf(topic, partition),
          );
        }
      }
    },
    [lag, oldest],
  );
}

/** Seconds since a partition was first seen with this lowest incomplete record; 0 when nothing is open. */
function createStandstill(nowMs: () => number): (key: string, low: number, isOpen: boolean) => number {
  const seen = new Map<string, { readonly low: number; readonly sinceMs: number }>();
  return (key, low, isOpen) => {
    const before = seen.get(key);
    const sinceMs = isOpen && before?.low === low ? before.sinceMs : nowMs();
    seen.set(key, { low: isOpen ? low : -1, sinceMs });
    return (nowMs() - sinceMs) / 1000;
  };
}
