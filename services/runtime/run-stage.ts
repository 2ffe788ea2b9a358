/**
 * Runs one stage as a process: reads settings, opens Kafka, telemetry and what
 * the stage needs, consumes its topics until told to stop, and closes in
 * reverse order. Tells a parent process `{ kind: "ready", stage }` once records
 * flow. Bad settings end it with status 2 and one line a problem.
 */
import { randomUUID } from "node:crypto";
import type { Kafka } from "kafkajs";
import packageJson from "../../package.json" with { type: "json" };
import type { StageName } from "../../schemas/parts/codes.ts";
import { describeConfig, readConfig, type Config } from "./config.ts";
import { ParallelConsumer, type ConsumerOptions } from "./consumer/parallel-consumer.ts";
import { createRecordHandler, type RecordHandler } from "./delivery/record-handler.ts";
import { takeOverPartitions } from "./delivery/take-over.ts";
import { ConfigError } from "./errors.ts";
import { createKafka } from "./kafka/client.ts";
import { openLogReader, type LogReader } from "./kafka/log-reader.ts";
import { openProducer, type RecordProducer } from "./kafka/producer.ts";
import { kafkaSettings, kafkaVariables } from "./kafka/settings.ts";
import { createLogger, type Logger } from "./logger.ts";
import { exitStatus, Lifecycle, type Close } from "./process/lifecycle.ts";
import type { Stage, StageContext } from "./stage.ts";
import { createStageMetrics, observeConsumer } from "./telemetry/metrics.ts";
import { startTelemetry, type Telemetry } from "./telemetry/telemetry.ts";
import type { VariableName } from "./variables.ts";

/** What every stage reads beside its own settings. */
export const runtimeVariables = [
  ...kafkaVariables,
  "BREAKWATER_LOG_LEVEL",
  "BREAKWATER_SESSION_TIMEOUT_MS",
  "BREAKWATER_MAX_IN_FLIGHT",
  "BREAKWATER_MAX_IN_FLIGHT_BYTES",
  "BREAKWATER_COMMIT_INTERVAL_MS",
  "BREAKWATER_DRAIN_TIMEOUT_MS",
  "BREAKWATER_STALL_TIMEOUT_MS",
  "BREAKWATER_MAX_DEAD_LETTERS_IN_ROW",
  "BREAKWATER_INSTANCE",
  "BREAKWATER_TRACE_FILE",
] as const satisfies readonly VariableName[];
type RuntimeVariable = (typeof runtimeVariables)[number];
type RuntimeConfig = Pick<Config, RuntimeVariable>;

/** What a stage may use to open its own resources. */
export interface StageRuntime<Settings = RuntimeConfig> {
  readonly config: Settings;
  readonly kafka: Kafka;
  readonly reader: LogReader;
  readonly producer: RecordProducer;
  readonly logger: Logger;
  /** Kafka client id of this process, unique to it. */
  readonly worker: string;
  readonly groupId: string;
  readonly clusterId: string;
  readonly nowMs: () => number;
  /** Closed in reverse order, after the last record is done. */
  readonly onClose: (name: string, close: Close) => void;
}

export interface StageProgram<Name extends VariableName> {
  readonly name: StageName;
  /** Settings of its own. */
  readonly variables?: readonly Name[];
  readonly open: (runtime: StageRuntime<Pick<Config, Name | RuntimeVariable>>) => Promise<Stage> | Stage;
}

export interface ReadyMessage {
  readonly kind: "ready";
  readonly stage: StageName;
}

/** Then the shell tries again itself, with the partition held. */
const deadLetterRetryForMs = 5000;

export function consumerGroupOf(stage: StageName): string {
  return `breakwater-${stage}`;
}

export async function runStage<Name extends VariableName = never>(program: StageProgram<Name>): Promise<void> {
  try {
    await run(program);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${program.name} cannot start:\n${error.message}\n`);
    process.exit(exitStatus.badConfig);
  }
}

async function run<Name extends VariableName>({ name, variables = [], open }: StageProgram<Name>): Promise<void> {
  const config = readConfig<Name | RuntimeVariable>([...runtimeVariables, ...variables]);
  const logger = createLogger(name, config.BREAKWATER_LOG_LEVEL);
  const lifecycle = new Lifecycle(logger);
  lifecycle.listen();
  logger.info({ config: describeConfig(config) }, "starting");
  const telemetry = await startTelemetry({ service: `breakwater-${name}`, traceFile: config.BREAKWATER_TRACE_FILE });
  lifecycle.onClose("telemetry", () => telemetry.close());
  const runtime = await openRuntime({ name, config, logger, lifecycle });
  const stage = await open(runtime);
  const deadLetters = await openProducer({
    ...runtime,
    source: `breakwater/${name}`,
    retryForMs: deadLetterRetryForMs,
  });
  lifecycle.onClose("dead letters", () => deadLetters.close());
  const consumer = createConsumer({ stage, runtime, deadLetters, telemetry, lifecycle });
  lifecycle.onClose("consumer", () => consumer.stop());
  await consumer.start();
  await consumer.ready;
  logger.info({ worker: runtime.worker, partitions: consumer.partitions.length }, "ready");
  const message: ReadyMessage = { kind: "ready", stage: name };
  process.send?.(message);
}

async function openRuntime<Settings extends RuntimeConfig>(given: {
  readonly name: StageName;
  readonly config: Settings;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}): Promise<StageRuntime<Settings>> {
  const { name, config, logger, lifecycle } = given;
  const worker = `${name}-${randomUUID().slice(0, 8)}`;
  const settings = kafkaSettings(config);
  const kafka = createKafka(settings, worker, logger);
  const clusterId = await clusterIdOf(kafka);
  const reader = await openLogReader(settings, worker, logger);
  lifecycle.onClose("log reader", () => reader.close());
  const producer = await openProducer({ kafka, source: `breakwater/${name}`, logger });
  lifecycle.onClose("producer", () => producer.close());
  const onClose = (part: string, close: Close): void => lifecycle.onClose(part, close);
  const groupId = consumerGroupOf(name);
  return { config, kafka, reader, producer, logger, worker, groupId, clusterId, nowMs: Date.now, onClose };
}

async function clusterIdOf(kafka: Kafka): Promise<string> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return (await admin.describeCluster()).clusterId;
  } finally {
    await admin.disconnect();
  }
}

interface StageProcess {
  readonly stage: Stage;
  readonly runtime: StageRuntime;
  readonly deadLetters: RecordProducer;
  readonly telemetry: Telemetry;
  readonly lifecycle: Lifecycle;
}

function createConsumer(parts: StageProcess): ParallelConsumer {
  const { stage, runtime, lifecycle } = parts;
  const { producer, reader, logger, worker, clusterId, nowMs } = runtime;
  const contextFor = (signal: AbortSignal): StageContext => ({
    publish: (emissions) => producer.publish(emissions),
    worker,
    clusterId,
    nowMs,
    signal,
  });
  const consumer = new ParallelConsumer(consumerOptions(stage, runtime), {
    process: createHandler(parts),
    takeOver: (loaded) => takeOverPartitions({ stage, reader, contextFor, logger }, loaded),
    release: (partition) => stage.release?.(partition),
    crash: (error) => lifecycle.crash(error),
  });
  observeConsumer(stage.name, consumer);
  return consumer;
}

function consumerOptions(
  stage: Stage,
  { config, kafka, reader, logger, worker, groupId, nowMs }: StageRuntime,
): ConsumerOptions {
  return {
    kafka,
    groupId,
    topics: stage.sources,
    weights: stage.weights ?? {},
    instance: config.BREAKWATER_INSTANCE ?? worker,
    maxInFlight: config.BREAKWATER_MAX_IN_FLIGHT,
    maxInFlightBytes: config.BREAKWATER_MAX_IN_FLIGHT_BYTES,
    commitIntervalMs: config.BREAKWATER_COMMIT_INTERVAL_MS,
    sessionTimeoutMs: config.BREAKWATER_SESSION_TIMEOUT_MS,
    drainTimeoutMs: config.BREAKWATER_DRAIN_TIMEOUT_MS,
    stallTimeoutMs: config.BREAKWATER_STALL_TIMEOUT_MS,
    ends: reader,
    logger,
    nowMs,
  };
}

function createHandler({ stage, runtime, deadLetters, telemetry, lifecycle }: StageProcess): RecordHandler {
  const { config, producer, logger, worker, groupId, clusterId, nowMs } = runtime;
  const maxDeadLettersInRow = config.BREAKWATER_MAX_DEAD_LETTERS_IN_ROW;
  return createRecordHandler({
    stage,
    producer,
    deadLetters,
    groupId,
    worker,
    clusterId,
    appVersion: packageJson.version,
    maxDeadLettersInRow,
    onDeadLetterStorm: (code) => {
      logger.error({ code, inRow: maxDeadLettersInRow }, "nothing but dead letters: stopping");
      void lifecycle.stop("too many dead letters in a row", exitStatus.tooManyDeadLetters);
    },
    tracer: telemetry.recordTracer({ stage: stage.name, groupId, worker }),
    metrics: createStageMetrics(stage.name),
    logger,
    nowMs,
  });
}
