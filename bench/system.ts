/**
 * The system under test, as a user starts it: `breakwater up` in a folder of
 * its own with a stand-in that answers at once, everything on. Beside it the
 * identity pipeline on the same broker, its four processes and its topics.
 */
import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Kafka } from "kafkajs";
import { liveEmbeddedState } from "../services/runtime/process/embedded-state.ts";

export const identityTopics = ["identity-requests", "identity-scanned", "identity-calls", "identity-results"] as const;
const identityRoles = ["scan", "invoke", "validate", "sink"] as const;

export interface SystemUnderTest {
  readonly brokers: string;
  /** The stand-in's; empty where the bench brings its own provider. */
  readonly providerUrl: string;
  readonly clickHouseUrl: string;
  readonly gatewayUrl: string;
  /** Of BREAKWATER_HOME, for commands of the command line. */
  readonly home: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

export async function startSystem(environment: NodeJS.ProcessEnv): Promise<SystemUnderTest> {
  const home = await mkdtemp(path.join(tmpdir(), "breakwater-bench-"));
  const child = spawn(process.execPath, ["services/cli/breakwater.ts", "up", "--stand-in-latency", "0"], {
    env: { ...process.env, BREAKWATER_GATEWAY_PORT: "0", ...environment, BREAKWATER_HOME: home },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    await rm(home, { recursive: true, force: true });
  };
  const gatewayUrl = await systemReady(child.stderr);
  const state = liveEmbeddedState(home);
  const { kafka, clickhouse, "stand-in": standIn = "" } = state?.addresses ?? {};
  if (child.pid === undefined || kafka === undefined || clickhouse === undefined) {
    await stop();
    throw new Error("the system did not start");
  }
  return { brokers: kafka, providerUrl: standIn, clickHouseUrl: clickhouse, gatewayUrl, home, pid: child.pid, stop };
}

/** Passes the system's words on to stderr, a first key left out; resolves with the gateway's URL when all is ready, rejects when it ends before. */
function systemReady(output: Readable): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const lines = createInterface({ input: output });
  lines.on("line", (line) => {
    process.stderr.write(`${line.replace(/bw_\S+/, "bw_...")}\n`);
    const url = /^Gateway\s+(http\S+)/.exec(line)?.[1];
    if (url !== undefined) resolve(url);
  });
  lines.on("close", () => reject(new Error("the system ended before its gateway was ready")));
  return promise;
}

export async function startIdentity(
  kafka: Kafka,
  system: SystemUnderTest,
  partitions: number,
): Promise<ChildProcess[]> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: identityTopics.map((topic) => ({ topic, numPartitions: partitions })) });
  await admin.disconnect();
  const workers = identityRoles.map((role) =>
    fork("bench/identity/worker.ts", [role, system.brokers, system.providerUrl]),
  );
  await Promise.all(workers.map((worker) => once(worker, "message")));
  return workers;
}
