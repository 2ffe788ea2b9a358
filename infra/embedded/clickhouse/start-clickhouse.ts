/**
 * Starts the embedded ClickHouse as a child process and waits until it answers
 * a ping. It ends with `stop`, and by itself when the process that started it
 * dies. One process per data folder: a second start is refused with its reason.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

export interface EmbeddedClickHouse {
  /** HTTP interface, for CLICKHOUSE_URL. */
  readonly url: string;
  readonly pid: number;
  /** Resolves when the process is gone, whoever ended it. */
  readonly exited: Promise<void>;
  /** Finishes the queries in progress and closes the data; kills after 20 s. */
  stop(): Promise<void>;
  /** SIGKILL, as a machine that loses power. */
  kill(): void;
}

export interface ClickHouseOptions {
  readonly dataDir: string;
  /** Any free one when absent. */
  readonly port?: number;
  /** Where the engine's own words go; nowhere when absent. */
  readonly logFile?: string;
}

const startTimeoutMs = 60_000;
const stopTimeoutMs = 20_000;

const report = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready"), port: z.int() }),
  z.object({ kind: z.literal("failed"), reason: z.string() }),
]);

/** @throws Error with the reason when it cannot start: folder in use, port taken, engine missing. */
export async function startClickHouse(options: ClickHouseOptions): Promise<EmbeddedClickHouse> {
  const child = spawnEngine(options);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  try {
    const url = `http://127.0.0.1:${await readyPort(child)}`;
    await ping(url);
    return {
      url,
      pid: child.pid ?? 0,
      exited,
      stop: async () => {
        child.kill("SIGTERM");
        const late = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
        await exited;
        clearTimeout(late);
      },
      kill: () => {
        child.kill("SIGKILL");
      },
    };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

function spawnEngine({ dataDir, port = 0, logFile }: ClickHouseOptions): ChildProcess {
  const folder = path.resolve(dataDir);
  mkdirSync(folder, { recursive: true });
  const output = logFile === undefined ? "ignore" : openSync(logFile, "a");
  const { PATH = "", HOME = "", TMPDIR = "/tmp" } = process.env;
  const child = fork(fileURLToPath(new URL("main.ts", import.meta.url)), [folder, String(port)], {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    // Native calls and compression wait in this pool; eight queries run at once.
    env: { PATH, HOME, TMPDIR, TZ: "UTC", UV_THREADPOOL_SIZE: "16" },
    stdio: ["ignore", output, output, "ipc"],
  });
  if (typeof output === "number") closeSync(output);
  return child;
}

async function readyPort(child: ChildProcess): Promise<number> {
  const gaveUp = new AbortController();
  const timer = setTimeout(() => gaveUp.abort(), startTimeoutMs);
  try {
    const [message] = await Promise.race([
      once(child, "message", { signal: gaveUp.signal }),
      once(child, "exit", { signal: gaveUp.signal }).then(() => [
        { kind: "failed", reason: "its process ended at once" },
      ]),
    ]);
    const said = report.parse(message);
    if (said.kind === "ready") return said.port;
    throw new Error(`the embedded ClickHouse cannot start: ${said.reason}`);
  } finally {
    clearTimeout(timer);
    gaveUp.abort();
  }
}

async function ping(url: string): Promise<void> {
  const response = await fetch(`${url}/ping`);
  if (!response.ok) throw new Error(`the embedded ClickHouse answers its ping with ${response.status}`);
}
