/**
 * Runs one service as a process: reads settings, opens telemetry, Kafka and
 * what the service needs, and closes in reverse order when told to stop. Tells
 * a parent process `{ kind: "ready", ... }` once it works. Bad settings end it
 * with status 2 and one line a problem.
 */
import { randomUUID } from "node:crypto";
import type { Kafka } from "kafkajs";
import { describeConfig, readConfig, type Config } from "../config.ts";
import { ConfigError } from "../errors.ts";
import type { Contents } from "../content/contents.ts";
import { openContents } from "../content/open-contents.ts";
import { createKafka } from "../kafka/client.ts";
import { openLogReader, type LogReader } from "../kafka/log-reader.ts";
import { openProducer, type RecordProducer } from "../kafka/producer.ts";
import { kafkaSettings, kafkaVariables } from "../kafka/settings.ts";
import { createLogger, type Logger } from "../logger.ts";
import { startTelemetry, type Telemetry } from "../telemetry/telemetry.ts";
import type { Emission } from "../stage.ts";
import type { VariableName } from "../variables.ts";
import { keepHealthFile } from "./health-file.ts";
import { exitStatus, Lifecycle, type Close } from "./lifecycle.ts";

/** What every service reads beside its own settings. */
export const serviceVariables = [
  ...kafkaVariables,
  "BREAKWATER_LOG_LEVEL",
  "BREAKWATER_DRAIN_TIMEOUT_MS",
  "BREAKWATER_TRACE_FILE",
  "BREAKWATER_HEALTH_FILE",
] as const satisfies readonly VariableName[];
export type ServiceVariable = (typeof serviceVariables)[number];
type ServiceConfig = Pick<Config, ServiceVariable>;

export interface ServiceRuntime<Settings = ServiceConfig> {
  readonly config: Settings;
  readonly kafka: Kafka;
  readonly reader: LogReader;
  readonly producer: RecordProducer;
  /** Reader and producer open and seal by it; null for a service that sees no content. */
  readonly contents: Contents | null;
  readonly logger: Logger;
  /** Kafka client id of this process, unique to it. */
  readonly worker: string;
  readonly clusterId: string;
  readonly nowMs: () => number;
  /** Closed in reverse order, after the last record is done. */
  readonly onClose: (name: string, close: Close) => void;
  readonly telemetry: Telemetry;
  readonly lifecycle: Lifecycle;
}

export interface ServiceProgram<Name extends VariableName> {
  readonly name: string;
  readonly variables: readonly Name[];
  /** It opens content of data subjects, and seals what it writes of it, under BREAKWATER_SECRET_KEY. */
  readonly seesContent?: boolean;
  /** Resolves when the service works, with what its parent is told beside that. */
  readonly open: (runtime: ServiceRuntime<Pick<Config, Name | ServiceVariable>>) => Promise<object>;
}

export async function runService<Name extends VariableName>(program: ServiceProgram<Name>): Promise<void> {
  try {
    await run(program);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${program.name} cannot start:\n${error.message}\n`);
    process.exit(exitStatus.badConfig);
  }
}

async function run<Name extends VariableName>({
  name,
  variables,
  seesContent = false,
  open,
}: ServiceProgram<Name>): Promise<void> {
  const config = readConfig<Name | ServiceVariable>([...serviceVariables, ...variables]);
  const logger = createLogger(name, config.BREAKWATER_LOG_LEVEL);
  const lifecycle = new Lifecycle(logger);
  lifecycle.listen();
  logger.info({ config: describeConfig(config) }, "starting");
  const telemetry = await startTelemetry({ service: `breakwater-${name}`, traceFile: config.BREAKWATER_TRACE_FILE });
  lifecycle.onClose("telemetry", () => telemetry.close());
  const told = await open({
    ...(await openKafka({ name, config, seesContent, logger, lifecycle })),
    config,
    telemetry,
    lifecycle,
  });
  const { BREAKWATER_HEALTH_FILE: healthFile } = config;
  // Opened last and so closed first: who looks at it knows of the end before it comes.
  if (healthFile !== undefined) lifecycle.onClose("health file", keepHealthFile(healthFile));
  process.send?.({ kind: "ready", ...told });
}

async function openKafka(given: {
  readonly name: string;
  readonly config: ServiceConfig;
  readonly seesContent: boolean;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}): Promise<Omit<ServiceRuntime, "config" | "telemetry" | "lifecycle">> {
  const { name, config, seesContent, logger, lifecycle } = given;
  const worker = `${name}-${randomUUID().slice(0, 8)}`;
  const settings = kafkaSettings(config);
  const kafka = createKafka(settings, worker, logger);
  const clusterId = await clusterIdOf(kafka);
  const reader = await openLogReader(settings, worker, logger, (record) => contents?.open(record) ?? record);
  lifecycle.onClose("log reader", () => reader.close());
  const seal = (emission: Emission) => contents?.seal(emission) ?? emission;
  const producer = await openProducer({ kafka, source: `breakwater/${name}`, logger, seal });
  lifecycle.onClose("producer", () => producer.close());
  const contents = seesContent ? openContents({ reader, producer, logger, env: process.env }) : null;
  lifecycle.onClose("content keys", async () => contents?.close());
  const onClose = (part: string, close: Close): void => lifecycle.onClose(part, close);
  return { kafka, reader, producer, contents, logger, worker, clusterId, nowMs: Date.now, onClose };
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
