/**
 * A Kafka of a test file's own, in a folder that goes with it. Start it in
 * `before`, stop it in `after`; it also ends when the test process dies.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBroker, type EmbeddedBroker } from "../../infra/embedded/broker.ts";
import { plainKafkaSettings, type KafkaSettings } from "../../services/runtime/kafka/settings.ts";

export interface TestBroker {
  /** host:port, of the latest start. */
  readonly brokers: string;
  readonly settings: KafkaSettings;
  readonly pid: number;
  readonly dataDir: string;
  /** SIGKILL, as a machine that loses power. */
  kill(): Promise<void>;
  /** Starts again on the same data, on the same port unless `onNewPort`. Ends the running one first. */
  restart(options?: { readonly onNewPort?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestBroker(): Promise<TestBroker> {
  const folder = await mkdtemp(join(tmpdir(), "breakwater-broker-"));
  const start = (port?: number) =>
    startBroker({
      dataDir: folder,
      logFile: join(folder, "broker.log"),
      shortLived: true,
      ...(port === undefined ? {} : { port }),
    });
  let running: EmbeddedBroker = await start();
  return {
    get brokers() {
      return running.brokers;
    },
    get settings() {
      return plainKafkaSettings(running.brokers);
    },
    get pid() {
      return running.pid;
    },
    dataDir: folder,
    kill: async () => {
      running.kill();
      await running.exited;
    },
    restart: async ({ onNewPort = false } = {}) => {
      await running.stop();
      running = await start(onNewPort ? undefined : Number(running.brokers.split(":")[1]));
    },
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs `work` with a broker that ends with it. */
export async function withBroker<T>(work: (broker: TestBroker) => Promise<T>): Promise<T> {
  const broker = await startTestBroker();
  try {
    return await work(broker);
  } finally {
    await broker.stop();
  }
}
