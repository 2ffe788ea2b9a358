/**
 * The embedded Kafka: one KRaft node on this machine, for development and
 * tests; or one of several, for tests of what only a cluster does. Ready means that a Kafka request was answered by a node that takes
 * records. Its ports are free ones chosen at each start; its data is found
 * again under new ports. Needs Java 17+, and Maven the first time.
 */
import { readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createKafka, type KafkaLogger } from "../../services/runtime/kafka/client.ts";
import { plainKafkaSettings, type KafkaSettings } from "../../services/runtime/kafka/settings.ts";
import { prepareBrokerFiles, type BrokerAccess, type ClusterPlace } from "./broker-files.ts";
import { brokerJars, requireJava } from "./broker-jars.ts";
import { endStaleBroker, spawnBroker, type BrokerProcess } from "./broker-process.ts";

const startTimeoutMs = 90_000;
const stopTimeoutMs = 20_000;
const silent: KafkaLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export interface EmbeddedBroker {
  /** host:port */
  readonly brokers: string;
  readonly pid: number;
  /** Resolves when the process ends, for whatever reason. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
  kill(): void;
}

export interface BrokerOptions {
  readonly dataDir: string;
  readonly logFile: string;
  readonly port?: number;
  /** Alone when absent. */
  readonly cluster?: ClusterPlace & { readonly controllerPort: number };
  /** Open to everybody on this machine when absent. */
  readonly access?: BrokerAccess;
  /** Largest heap of its process, MiB. */
  readonly heapMiB?: number;
  /** Lives for minutes: starts with a third less CPU time, and is slower under load. */
  readonly shortLived?: boolean;
}

/** Errors: ConfigError with a remedy; an Error with the end of the broker's log when it does not start. */
export async function startBroker(options: BrokerOptions): Promise<EmbeddedBroker> {
  const dataDir = resolve(options.dataDir);
  const logFile = resolve(options.logFile);
  await mkdir(dataDir, { recursive: true });
  await mkdir(dirname(logFile), { recursive: true });
  await requireJava();
  const jars = await brokerJars();
  await endStaleBroker(dataDir);
  const launch = { ...options, dataDir, jars, logFile };
  return (
    (await launchBroker({ ...launch, port: options.port ?? (await freePort()) })) ??
    (await secondTry(launch, options.port))
  );
}

interface Launch extends BrokerOptions {
  readonly jars: string;
}

/** A port that was free a moment ago may be taken now; one that the caller chose is not changed. */
async function secondTry(launch: Launch, port: number | undefined): Promise<EmbeddedBroker> {
  const broker = port === undefined ? await launchBroker({ ...launch, port: await freePort() }) : null;
  if (broker !== null) return broker;
  throw new Error(`The embedded Kafka did not start; the end of ${launch.logFile}:\n${await endOfLog(launch.logFile)}`);
}

async function endOfLog(file: string): Promise<string> {
  const log = await readFile(file, "utf8").catch(() => "");
  const withoutFrames = log.split("\n").filter((line) => line !== "" && !/^\s+(at|\.\.\.) /.test(line));
  return withoutFrames.slice(-8).join("\n");
}

/** null when it did not start. */
async function launchBroker({
  dataDir,
  jars,
  logFile,
  port,
  cluster,
  access,
  heapMiB,
  shortLived,
}: Launch & { readonly port: number }): Promise<EmbeddedBroker | null> {
  const controller = cluster?.controllerPort ?? (await freePort());
  const ports = { client: port, controller };
  const { settingsFile, clusterId } = await prepareBrokerFiles({ dataDir, jars, ports, place: cluster, access });
  const running = spawnBroker({ dataDir, jars, settingsFile, logFile, heapMiB, shortLived });
  const brokers = `127.0.0.1:${port}`;
  if (!(await becomesReady(running, settingsFor(brokers, access), clusterId))) return null;
  return {
    brokers,
    pid: running.pid,
    exited: running.exited,
    stop: () => stop(running),
    kill: () => running.signal("SIGKILL"),
  };
}

async function stop(running: BrokerProcess): Promise<void> {
  running.signal("SIGTERM");
  const timer = setTimeout(() => running.signal("SIGKILL"), stopTimeoutMs);
  await running.exited;
  clearTimeout(timer);
}

function settingsFor(brokers: string, access: BrokerAccess | undefined): KafkaSettings {
  const open = plainKafkaSettings(brokers);
  if (access === undefined) return open;
  const { admin: username, passwords, certificateFile } = access;
  const tls = { ca: readFileSync(certificateFile, "utf8") };
  return { ...open, tls, sasl: { mechanism: "scram-sha-512", username, password: passwords[username] ?? "" } };
}

async function becomesReady(running: BrokerProcess, settings: KafkaSettings, clusterId: string): Promise<boolean> {
  const deadline = Date.now() + startTimeoutMs;
  while (running.isRunning() && Date.now() < deadline) {
    if (await answers(settings, clusterId)) return true;
    await sleep(100);
  }
  running.signal("SIGKILL");
  await running.exited;
  return false;
}

/** True once the node is listed in its cluster's metadata, which it is from when it takes records. */
async function answers(settings: KafkaSettings, clusterId: string): Promise<boolean> {
  if (!(await accepts(settings.brokers[0] ?? ""))) return false;
  const kafka = createKafka(settings, "breakwater-embedded", silent);
  const admin = kafka.admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    // Another broker may hold the port.
    return cluster.clusterId === clusterId && cluster.brokers.length > 0;
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function accepts(brokers: string): Promise<boolean> {
  const [host = "", port = ""] = brokers.split(":");
  const socket = connect({ host, port: Number(port) });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
