/**
 * A ClickHouse of a test file's own, in a folder that goes with it. Start it in
 * `before`, stop it in `after`; it also ends when the test process dies.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startClickHouse, type EmbeddedClickHouse } from "../../infra/embedded/clickhouse/start-clickhouse.ts";

export interface TestClickHouse {
  /** Of the latest start; the port stays the same over restarts. */
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts again on the same data and port. Ends the running one in order first. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestClickHouse(): Promise<TestClickHouse> {
  const folder = await mkdtemp(join(tmpdir(), "breakwater-clickhouse-"));
  const dataDir = join(folder, "data");
  const start = (port?: number) =>
    startClickHouse({ dataDir, logFile: join(folder, "engine.log"), ...(port === undefined ? {} : { port }) });
  let running: EmbeddedClickHouse = await start();
  return {
    get url() {
      return running.url;
    },
    get pid() {
      return running.pid;
    },
    dataDir,
    kill: async () => {
      running.kill();
      await running.exited;
    },
    restart: async () => {
      await running.stop();
      running = await start(Number(new URL(running.url).port));
    },
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
