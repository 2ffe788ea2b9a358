/**
 * The embedded Kafka: one KRaft node on this machine, for development and
 * tests. Ready means that a Kafka request was answered by a node that takes
 * records. Its ports are free ones chosen at each start; its data is found
 * again under new ports. Needs Java 17+, and Maven the first time.
 */
import { mkdir, readFile } from "node:fs/promises";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createKafka, type KafkaLogger } from "../../services/runtime/kafka/client.ts";
import { plainKafkaSettings } from "../../services/runtime/kafka/settings.ts";
import { prepareBrokerFiles } from "./broker-files.ts";
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
  const client = options.port ?? (await freePort());
  const settingsFile = await prepareBrokerFiles(dataDir, jars, { client, controller: await freePort() });
  const running = spawnBroker({ dataDir, jars, settingsFile, logFile });
  const brokers = `127.0.0.1:${client}`;
  await becomeReady(running, brokers, logFile);
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

async function becomeReady(running: BrokerProcess, brokers: string, logFile: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (running.isRunning() && Date.now() < deadline) {
    if (await answers(brokers)) return;
    await sleep(100);
  }
  running.signal("SIGKILL");
  await running.exited;
  const log = await readFile(logFile, "utf8").catch(() => "");
  throw new Error(`The embedded Kafka did not start; the end of ${logFile}:\n${log.split("\n").slice(-15).join("\n")}`);
}

/** True once the node is listed in the cluster's metadata, which it is from when it takes records. */
async function answers(brokers: string): Promise<boolean> {
  if (!(await accepts(brokers))) return false;
  const admin = createKafka(plainKafkaSettings(brokers), "breakwater-embedded", silent).admin({
    retry: { retries: 0 },
  });
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
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

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
