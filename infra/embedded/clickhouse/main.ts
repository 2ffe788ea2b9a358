/**
 * The process of the embedded ClickHouse: `main.ts <data folder> <port, 0 = any>`.
 * Started by start-clickhouse.ts, which it tells over IPC that it is ready or
 * why not. Ends in order on SIGTERM and when the one that started it is gone;
 * SIGINT is left to that one, since a terminal sends it to both.
 */
import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { lockFolder } from "./folder-lock.ts";

function report(
  message: { readonly kind: "ready"; readonly port: number } | { readonly kind: "failed"; readonly reason: string },
) {
  process.send?.(message);
}

async function serve(folder: string, port: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const release = lockFolder(folder);
  if (release === null) throw new Error(`another process has the data folder ${folder} open`);
  // Loaded late: the engine's library is 546 MB, and absent from a production install.
  const { openEngine } = await import("./engine.ts").catch((cause: unknown) => {
    throw new Error("the ClickHouse engine (npm package chdb) cannot be loaded; install it, or set CLICKHOUSE_URL", {
      cause,
    });
  });
  const { createFront } = await import("./front.ts");
  const engine = await openEngine(join(folder, "engine"));
  const front = createFront(engine);
  await new Promise<void>((resolve, reject) => {
    front.server.once("error", reject);
    front.server.listen(port, "127.0.0.1", resolve);
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void front
      .drain()
      .then(() => engine.close())
      .finally(() => {
        release();
        process.exit(0);
      });
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", () => undefined);
  process.on("disconnect", stop);
  report({ kind: "ready", port: portOf(front.server.address()) });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the front has no TCP address");
  return address.port;
}

const [folder = "", port = "0"] = process.argv.slice(2);
try {
  await serve(folder, Number(port));
} catch (error) {
  report({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
