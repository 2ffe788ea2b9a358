/**
 * The one place where kafkajs is created: time limits that notice a dead broker
 * in seconds, its logs passed on to ours, its idle timer and its way to a
 * group's coordinator corrected.
 * kafkajs logs each of its own retries as an error; here they are warnings, as
 * nothing is lost by them: whoever called gets the error when retries end.
 */
import { Kafka, logLevel, type KafkaConfig, type LogEntry, type SASLOptions } from "kafkajs";
import { correctCoordinatorSearch } from "./corrections/coordinator-search.ts";
import { correctRequestQueueTimer } from "./corrections/request-queue-timer.ts";
import type { KafkaSettings, SaslSettings } from "./settings.ts";

/** What pino's logger offers and this folder needs. */
export interface KafkaLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const connectionTimeoutMs = 3000;
export const requestTimeoutMs = 15_000;
/** Delays grow from 100 ms to 2 s; six tries end after about five seconds. */
export const kafkaRetry = { initialRetryTime: 100, maxRetryTime: 2000, retries: 6 } as const;

export function createKafka(settings: KafkaSettings, clientId: string, logger: KafkaLogger): Kafka {
  correctRequestQueueTimer();
  correctCoordinatorSearch();
  return new Kafka(kafkajsOptions(settings, clientId, logger));
}

export function kafkajsOptions(settings: KafkaSettings, clientId: string, logger: KafkaLogger): KafkaConfig {
  const secured: Pick<KafkaConfig, "ssl" | "sasl"> = {};
  if (settings.tls !== null) secured.ssl = settings.tls.ca === null ? true : { ca: settings.tls.ca };
  if (settings.sasl !== null) secured.sasl = saslOptions(settings.sasl);
  return {
    ...secured,
    clientId,
    brokers: [...settings.brokers],
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    retry: kafkaRetry,
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => passOn(entry, logger),
  };
}

function saslOptions({ mechanism, username, password }: SaslSettings): SASLOptions {
  switch (mechanism) {
    case "plain":
      return { mechanism, username, password };
    case "scram-sha-256":
      return { mechanism, username, password };
    case "scram-sha-512":
      return { mechanism, username, password };
  }
}

/** Fields of kafkajs' log entries that help an operator; the rest may hold records. */
const keptFields = ["broker", "error", "groupId", "memberId", "topic", "partition", "retryCount", "retryTime"] as const;

function passOn(entry: LogEntry, logger: KafkaLogger): void {
  const fields: Record<string, unknown> = { kafkajs: entry.namespace };
  for (const name of keptFields) if (entry.log[name] !== undefined) fields[name] = entry.log[name];
  if (entry.level <= logLevel.WARN) logger.warn(fields, entry.log.message);
  else logger.debug(fields, entry.log.message);
}
