/**
 * What becomes of one record: the stage decides, its dead letter is written if
 * there is one, then its emissions, each acknowledged by all in-sync replicas,
 * and only then is it done. In this order, as an emission that is out may count
 * as the whole on the next takeover (emitted-tail.ts): its dead letter must not
 * be missing then. A failed write is tried again without asking the stage again. When a stage does nothing but dead-letter for one reason, with no
 * emission beside, it is told to stop: its input or its settings must be wrong,
 * and an empty topic helps nobody. A dead letter whose sender got an answer does
 * not count: else anyone could stop a stage with a hundred bad requests.
 */
import type { ConsumerName } from "../../../schemas/parts/codes.ts";
import type { RecordPlace } from "../consumer/parallel-consumer.ts";
import type { ReceivedRecord } from "../consumer/received-record.ts";
import type { RunResult } from "../consumer/work-pool.ts";
import type { Contents } from "../content/contents.ts";
import { PoisonRecordError } from "../errors.ts";
import type { RecordProducer } from "../kafka/producer.ts";
import type { Logger } from "../logger.ts";
import type { DeadLetter, Outcome, Stage, StageContext } from "../stage.ts";
import { noteResults } from "../telemetry/in-span.ts";
import type { StageMetrics } from "../telemetry/metrics.ts";
import type { RecordTracer } from "../telemetry/record-tracer.ts";
import { deadLetterRecord, inDeadLetterSpan } from "./dead-letter.ts";
import { left, retryTransient, type RetryPolicy } from "./retry-transient.ts";

export interface HandlerOptions {
  readonly stage: Pick<Stage, "name" | "process">;
  readonly producer: Pick<RecordProducer, "publish">;
  /** A producer of its own: dead letters that cannot be written hold up nothing else. */
  readonly deadLetters: Pick<RecordProducer, "send">;
  /** Opens what the stage sees, and seals dead letters; null for a stage that sees no content. */
  readonly contents: Pick<Contents, "open" | "sealDeadLetter"> | null;
  readonly groupId: string;
  readonly worker: string;
  readonly clusterId: string;
  readonly appVersion: string;
  readonly maxDeadLettersInRow: number;
  readonly onDeadLetterStorm: (code: string) => void;
  readonly tracer: RecordTracer;
  readonly metrics: StageMetrics;
  readonly logger: Logger;
  readonly nowMs: () => number;
  readonly retry?: RetryPolicy;
}

export type RecordHandler = (record: ReceivedRecord, place: RecordPlace) => Promise<RunResult>;

export function originOf(record: {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}): string {
  return `${record.topic}/${record.partition}/${record.offset}`;
}

export function createRecordHandler(options: HandlerOptions): RecordHandler {
  const { stage, producer, tracer, metrics } = options;
  const retry = { logger: options.logger, ...(options.retry && { policy: options.retry }) };
  const writeDeadLetter = deadLetterWriter(options);
  const processOpened = async (record: ReceivedRecord, context: StageContext): Promise<Outcome> => {
    const opened = options.contents?.open(record) ?? record;
    return await stage.process(opened instanceof Promise ? await opened : opened, context);
  };

  return (record, place) =>
    tracer.inRecordSpan(record, async (traceHeaders) => {
      const startedMs = options.nowMs();
      const headers = { ...traceHeaders, origin: originOf(record) };
      const publish: StageContext["publish"] = (emissions) => {
        noteResults(emissions);
        return producer.publish(emissions, { headers });
      };
      const { worker, clusterId, nowMs } = options;
      const { signal, confirmed, lapsedSince } = place;
      const membership = { ...(confirmed && { confirmed }), ...(lapsedSince && { lapsedSince }) };
      const context = { publish, worker, clusterId, nowMs, signal, ...membership };
      let tries = 0;
      const decided = await retryTransient(
        () => ((tries += 1), orDeadLetter(processOpened(record, context))),
        place,
        retry,
      );
      if (decided === left) return "left";
      const refuse = (reason: DeadLetter) => retryTransient(() => writeDeadLetter(record, reason, tries), place, retry);
      if (decided.deadLetter !== undefined && (await refuse(decided.deadLetter)) === left) return "left";
      const unwritable = await retryTransient(() => publishOutcome(decided, publish), place, retry);
      if (unwritable === left) return "left";
      if (unwritable !== null && (await refuse(unwritable)) === left) return "left";
      const deadLetter = unwritable ?? decided.deadLetter;
      const answered = unwritable === null && decided.emissions.length > 0;
      metrics.processed(record.topic, deadLetter === undefined ? "emitted" : "dead_lettered", nowMs() - startedMs);
      if (deadLetter === undefined || !answered) writeDeadLetter.settled(deadLetter?.code);
      return "done";
    });
}

/** A poison record is an outcome like any other. */
async function orDeadLetter(processing: Promise<Outcome>): Promise<Outcome> {
  try {
    return await processing;
  } catch (error) {
    if (error instanceof PoisonRecordError) return { emissions: [], deadLetter: poison(error) };
    throw error;
  }
}

/** null: written. What can never be written (too large) takes the record with it, to its dead letters. */
async function publishOutcome(outcome: Outcome, publish: StageContext["publish"]): Promise<DeadLetter | null> {
  if (outcome.emissions.length === 0) return null;
  try {
    await publish(outcome.emissions);
    return null;
  } catch (error) {
    if (error instanceof PoisonRecordError) return poison(error);
    throw error;
  }
}

function poison(error: PoisonRecordError): DeadLetter {
  return { code: error.code, message: error.message, disposition: "poison" };
}

interface DeadLetterWriter {
  (record: ReceivedRecord, reason: DeadLetter, tries: number): Promise<void>;
  /** Counts dead letters in a row; undefined: the record was not one. */
  settled(code: string | undefined): void;
}

function deadLetterWriter(options: HandlerOptions): DeadLetterWriter {
  const { groupId, appVersion, nowMs, deadLetters, logger, metrics, maxDeadLettersInRow } = options;
  const stage: ConsumerName = options.stage.name;
  let row: { code: string; length: number } | null = null;
  const write = async (record: ReceivedRecord, reason: DeadLetter, tries: number): Promise<void> => {
    const reporter = { stage, groupId, appVersion, nowMs: nowMs() };
    const { value, headers } = (await options.contents?.sealDeadLetter(record, reason)) ?? record;
    const letter = deadLetterRecord({ ...record, value, headers }, reason, reporter, tries);
    await inDeadLetterSpan(record.topic, reason, () => deadLetters.send([letter]));
    metrics.deadLettered(record.topic, reason.code);
    logger.debug({ origin: originOf(record), code: reason.code }, "dead letter");
  };
  const settled = (code: string | undefined): void => {
    if (code === undefined) return void (row = null);
    row = row?.code === code ? { code, length: row.length + 1 } : { code, length: 1 };
    if (row.length === maxDeadLettersInRow) options.onDeadLetterStorm(code);
  };
  return Object.assign(write, { settled });
}
