/**
 * Where the commands connect to: what the environment names, else the embedded
 * system that runs in BREAKWATER_HOME, else a sentence that says how to start
 * one.
 */
import { once } from "node:events";
import { connect } from "node:net";
import path from "node:path";
import { v7 } from "uuid";
import { connectStore, StoreError, type Store } from "../ledger/clickhouse.ts";
import { ledgerSettings, ledgerVariables } from "../ledger/settings.ts";
import { readConfig, type Environment } from "../runtime/config.ts";
import { createKafka, type KafkaLogger } from "../runtime/kafka/client.ts";
import { openLogReader, type LogReader } from "../runtime/kafka/log-reader.ts";
import { openProducer, type RecordProducer } from "../runtime/kafka/producer.ts";
import { kafkaSettings, kafkaVariables, type KafkaSettings } from "../runtime/kafka/settings.ts";
import { liveEmbeddedState } from "../runtime/process/embedded-state.ts";
import type { Emission, Publish } from "../runtime/stage.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import type { Contents } from "../runtime/content/contents.ts";
import { openContents } from "../runtime/content/open-contents.ts";
import { readKeyFile } from "../runtime/secrets/key-file.ts";
import { signingRequests } from "../runtime/requests/request-record.ts";
import { withEmbedded } from "./up/surroundings.ts";

/** Absolute path of BREAKWATER_HOME. */
export function homeOf(env: Environment): string {
  return path.resolve(readConfig(["BREAKWATER_HOME"], env).BREAKWATER_HOME);
}

/** The environment, with the embedded system's addresses where it names none. */
export function reachable(env: Environment, needed: "KAFKA_BROKERS" | "CLICKHOUSE_URL"): Environment {
  const home = homeOf(env);
  const live = liveEmbeddedState(home);
  const all = live === null ? env : withEmbedded(env, live.addresses);
  if (all[needed] !== undefined && all[needed] !== "") return all;
  throw new CommandError(
    exitCodes.unreachable,
    `No Breakwater runs in ${home}, and ${needed} is not set: start one with \`npm start\` or \`npx breakwater up\` and leave it running, or set ${needed}.`,
  );
}

export interface KafkaConnection {
  readonly settings: KafkaSettings;
  /** Opens content of data subjects where the environment, or the embedded system's home, has the key. */
  readonly reader: LogReader;
  readonly contents: Contents;
  /** Opened when first asked for. Requests are signed when BREAKWATER_CLIENT_KEY is set. */
  producer(): Promise<{ readonly publish: Publish }>;
  close(): Promise<void>;
}

/** kafkajs's retries say nothing to a person; what does not recover comes as an error. */
export const silentLogger: KafkaLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export async function openKafka(env: Environment): Promise<KafkaConnection> {
  const settings = kafkaSettings(readConfig(kafkaVariables, reachable(env, "KAFKA_BROKERS")));
  if (!(await anyAnswers(settings.brokers)))
    throw new CommandError(exitCodes.unreachable, `No Kafka broker answers at ${settings.brokers.join(", ")}.`);
  const { BREAKWATER_CLIENT_KEY: key } = readConfig(["BREAKWATER_CLIENT_KEY"], env);
  const clientId = `breakwater-cli-${v7()}`;
  const reader = await openLogReader(settings, clientId, silentLogger, (record) => contents.open(record));
  let producer: Promise<RecordProducer> | null = null;
  const opened = (): Promise<RecordProducer> => {
    const kafka = createKafka(settings, clientId, silentLogger);
    const seal = (emission: Emission) => contents.seal(emission);
    return (producer ??= openProducer({ kafka, source: "breakwater/cli", seal }));
  };
  const publish: Publish = async (emissions) => (await opened()).publish(emissions);
  const contents = openContents({ reader, producer: { publish }, logger: silentLogger, env: withSecretKey(env) });
  return {
    settings,
    reader,
    contents,
    producer: async () => {
      await opened();
      return { publish: signingRequests(publish, key) };
    },
    close: async () => {
      await contents.close();
      await (await producer)?.close();
      await reader.close();
    },
  };
}

/** The key of the embedded system, for who runs beside it and names neither another cluster nor another key. */
export function withSecretKey(env: Environment): Environment {
  const names = ["BREAKWATER_SECRET_KEY", "BREAKWATER_SECRET_KEY_FILE", "KAFKA_BROKERS"];
  if (names.some((name) => (env[name] ?? "") !== "")) return env;
  const key = readKeyFile(homeOf(env), "secret-key");
  return key === null ? env : { ...env, BREAKWATER_SECRET_KEY: key };
}

const probeMs = 5000;

/** The clients wait a minute for a broker; a person at a terminal hears at once when there is none. */
async function anyAnswers(brokers: readonly string[]): Promise<boolean> {
  const probes = brokers.map(async (broker) => {
    const socket = connect({
      host: broker.slice(0, broker.lastIndexOf(":")),
      port: Number(broker.slice(broker.lastIndexOf(":") + 1)),
    });
    try {
      await once(socket, "connect", { signal: AbortSignal.timeout(probeMs) });
    } finally {
      socket.destroy();
    }
  });
  return Promise.any(probes).then(
    () => true,
    () => false,
  );
}

/** Runs `work` with a connection that is closed after it. */
export async function withKafka<T>(env: Environment, work: (kafka: KafkaConnection) => Promise<T>): Promise<T> {
  const kafka = await openKafka(env);
  try {
    return await work(kafka);
  } finally {
    await kafka.close();
  }
}

/** Runs `work` with a connection to the ledger that is closed after it. */
export async function withLedger<T>(env: Environment, work: (store: Store) => Promise<T>): Promise<T> {
  const config = readConfig(ledgerVariables, reachable(env, "CLICKHOUSE_URL"));
  const store = connectStore(ledgerSettings(config));
  try {
    return await work(store);
  } catch (error) {
    if (!(error instanceof StoreError) || error.number !== null) throw error;
    const { host } = new URL(config.CLICKHOUSE_URL);
    throw new CommandError(exitCodes.unreachable, `No ClickHouse answers at ${host}.`);
  } finally {
    await store.close();
  }
}
