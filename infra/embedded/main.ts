/**
 * The embedded system as one process: starts the parts it is asked for, writes
 * where they answer to `embedded.json`, tells its parent, and keeps them running.
 * One at a time in a folder. Stops them in reverse on SIGTERM, SIGINT, or when
 * its parent is gone.
 * Arguments: --home <folder> --parts kafka,clickhouse,registry,stand-in [--port <part>=<number>]...
 *   [--stand-in-latency <ms>] [--stand-in-faults <file>]
 */
import { writeSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { embeddedParts, type EmbeddedMessage } from "../../services/runtime/process/embedded-state.ts";
import { acquireLock, type LockResult } from "../../services/runtime/process/file-lock.ts";
import { embeddedPlans, type EmbeddedOptions } from "./parts.ts";
import { endLeftovers, openStateFile } from "./state-file.ts";
import { Supervisor } from "./supervise.ts";

/** The broker and the ledger get 45 s to close their files. */
const orphanGraceMs = 60_000;
const exitStatus = { taken: 2, failed: 3 } as const;

const { values } = parseArgs({
  options: {
    home: { type: "string", default: process.env["BREAKWATER_HOME"] ?? ".breakwater" },
    parts: { type: "string", default: embeddedParts.join(",") },
    port: { type: "string", multiple: true, default: [] },
    "stand-in-latency": { type: "string" },
    "stand-in-faults": { type: "string" },
  },
});
const home = path.resolve(values.home);

function tell(message: EmbeddedMessage): void {
  writeSync(1, `${JSON.stringify({ at: new Date().toISOString(), ...message })}\n`);
  if (process.connected) process.send?.(message);
}

function options(): EmbeddedOptions {
  const names = values.parts.split(",");
  const { "stand-in-latency": latency, "stand-in-faults": faultsFile } = values;
  return {
    home,
    parts: embeddedParts.filter((part) => names.includes(part)),
    ports: Object.fromEntries(values.port.map((word) => [word.split("=")[0] ?? "", Number(word.split("=")[1])])),
    standIn: { latencyMs: latency === undefined ? undefined : Number(latency), faultsFile },
  };
}

interface Running {
  readonly started: Promise<void>;
  readonly stop: (status: number) => Promise<void>;
}

/** Returns what stops everything; the second call waits for the same end. */
function runParts(release: () => void): Running {
  const state = openStateFile(home);
  let stopping: Promise<void> | null = null;
  const stop = (status: number): Promise<void> => {
    stopping ??= supervisor.stop().then(() => {
      state.remove();
      release();
      process.exit(status);
    });
    return stopping;
  };
  const supervisor = new Supervisor({
    plans: embeddedPlans(options()),
    tell,
    note: (part, address, pid) => state.note(part, address, pid),
    giveUp: (part, reason) => {
      tell({ kind: "failed", part, message: `The embedded ${part} cannot be kept running: ${reason}` });
      void stop(exitStatus.failed);
    },
  });
  const started = supervisor.start().then((addresses) => {
    if (stopping !== null) return;
    state.ready();
    tell({ kind: "ready", addresses });
  });
  return { started, stop };
}

/** One whose parent is gone is ending: it is waited for, not complained about. */
async function lockOnceFree(file: string): Promise<LockResult> {
  const untilMs = Date.now() + orphanGraceMs;
  let lock = acquireLock(file);
  while (lock.kind === "taken" && lock.isOrphaned && Date.now() < untilMs) {
    await sleep(100);
    lock = acquireLock(file);
  }
  return lock;
}

async function main(): Promise<void> {
  const lock = await lockOnceFree(path.join(home, "embedded.lock"));
  if (lock.kind === "taken") {
    tell({ kind: "taken", pid: lock.pid, since: lock.since });
    process.exitCode = exitStatus.taken;
    process.disconnect?.();
    return;
  }
  for (const { part, pid } of await endLeftovers(home)) tell({ kind: "cleaned", part, pid });
  const { started, stop } = runParts(() => lock.release());
  process.on("SIGTERM", () => void stop(0));
  process.on("SIGINT", () => void stop(0));
  process.once("disconnect", () => void stop(0));
  try {
    await started;
  } catch (error) {
    tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    await stop(exitStatus.failed);
  }
}

await main();
