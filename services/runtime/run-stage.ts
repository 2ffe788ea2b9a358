/**
 * Runs one stage as a process: a service that consumes its topics until told
 * to stop. It is ready once records flow.
 */
import packageJson from "../../package.json" with { type: "json" };
import type { ConsumerName } from "../../schemas/parts/codes.ts";
import type { Config } from "./config.ts";
import { ParallelConsumer, type ConsumerOptions } from "./consumer/parallel-consumer.ts";
import { createRecordHandler, type RecordHandler } from "./delivery/record-handler.ts";
import { takeOverPartitions } from "./delivery/take-over.ts";
import { openProducer, type RecordProducer } from "./kafka/producer.ts";
import { exitStatus } from "./process/lifecycle.ts";
import { runService, serviceVariables, type ServiceRuntime } from "./process/run-service.ts";
import type { Stage, StageContext } from "./stage.ts";
import { createStageMetrics, observeConsumer } from "./telemetry/metrics.ts";
import type { VariableName } from "./variables.ts";

/** What every stage reads beside its own settings. */
export const runtimeVariables = [
  ...serviceVariables,
  "BREAKWATER_SESSION_TIMEOUT_MS",
  "BREAKWATER_MAX_IN_FLIGHT",
  "BREAKWATER_MAX_IN_FLIGHT_BYTES",
  "BREAKWATER_COMMIT_INTERVAL_MS",
  "BREAKWATER_STALL_TIMEOUT_MS",
  "BREAKWATER_MAX_DEAD_LETTERS_IN_ROW",
  "BREAKWATER_INSTANCE",
] as const satisfies readonly VariableName[];
type RuntimeVariable = (typeof runtimeVariables)[number];
type RuntimeConfig = Pick<Config, RuntimeVariable>;

/** What a stage may use to open its own resources. */
export interface StageRuntime<Settings = RuntimeConfig> extends ServiceRuntime<Settings> {
  readonly groupId: string;
}

export interface StageProgram<Name extends VariableName> {
  readonly name: ConsumerName;
  /** Settings of its own. */
  readonly variables?: readonly Name[];
  /** It sees content: opened on its way in, sealed on its way out. */
  readonly seesContent?: boolean;
  readonly open: (runtime: StageRuntime<Pick<Config, Name | RuntimeVariable>>) => Promise<Stage> | Stage;
}

/** Then the shell tries again itself, with the partition held. */
const deadLetterRetryForMs = 5000;

export function consumerGroupOf(stage: ConsumerName): string {
  return `breakwater-${stage}`;
}

export function runStage<Name extends VariableName = never>(program: StageProgram<Name>): Promise<void> {
  const { name, variables = [], seesContent = false, open } = program;
  return runService<Name | RuntimeVariable>({
    name,
    variables: [...runtimeVariables, ...variables],
    seesContent,
    open: async (service) => {
      const runtime = { ...service, groupId: consumerGroupOf(name) };
      await consume(await open(runtime), runtime);
      return { stage: name };
    },
  });
}

/** Resolves when records flow. */
async function consume(stage: Stage, runtime: StageRuntime): Promise<void> {
  const { logger, worker, onClose } = runtime;
  const source = `breakwater/${stage.name}`;
  const deadLetters = await openProducer({ ...runtime, source, retryForMs: deadLetterRetryForMs });
  onClose("dead letters", () => deadLetters.close());
  const consumer = createConsumer({ stage, runtime, deadLetters });
  onClose("consumer", () => consumer.stop());
  await consumer.start();
  await consumer.ready;
  logger.info({ worker, partitions: consumer.partitions.length }, "ready");
}

interface StageProcess {
  readonly stage: Stage;
  readonly runtime: StageRuntime;
  readonly deadLetters: RecordProducer;
}

function createConsumer(parts: StageProcess): ParallelConsumer {
  const { stage, runtime } = parts;
  const { producer, reader, logger, worker, clusterId, nowMs, lifecycle } = runtime;
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
  observeConsumer(stage.name, consumer, { ends: reader, nowMs });
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
    unhurried: stage.unhurried ?? false,
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

function createHandler({ stage, runtime, deadLetters }: StageProcess): RecordHandler {
  const { config, producer, contents, logger, worker, groupId, clusterId, nowMs, telemetry, lifecycle } = runtime;
  const maxDeadLettersInRow = config.BREAKWATER_MAX_DEAD_LETTERS_IN_ROW;
  return createRecordHandler({
    stage,
    producer,
    deadLetters,
    contents,
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
