/**
 * The broker's operating-system process: started in a group of its own, so that
 * an interrupt from the terminal reaches it only through us; ended by SIGTERM
 * or SIGKILL; ended too when this process dies without a word, by a watcher
 * whose standard input closes with us. The pid is noted in the data folder: the
 * next start there ends a broker that lost its owner and refuses one that has it.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError } from "../../services/runtime/errors.ts";

const logSettings = join(import.meta.dirname, "..", "kafka", "log4j2.properties");
const note = z.object({ pid: z.int().positive(), owner: z.int().positive() });

export interface BrokerProcess {
  readonly pid: number;
  readonly exited: Promise<void>;
  isRunning(): boolean;
  signal(name: NodeJS.Signals): void;
}

export interface BrokerCommand {
  readonly dataDir: string;
  readonly jars: string;
  readonly settingsFile: string;
  readonly logFile: string;
  readonly heapMiB?: number | undefined;
  readonly shortLived?: boolean | undefined;
}

const usualHeapMiB = 512;
/** A JVM of a few minutes never gets back what its optimising compiler and a collector of many threads cost. */
const quickStart = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"] as const;

export function spawnBroker(command: BrokerCommand): BrokerProcess {
  const { dataDir, jars, settingsFile, logFile, heapMiB, shortLived = false } = command;
  const java = [
    ...(shortLived ? quickStart : []),
    `-Xms${Math.floor((heapMiB ?? usualHeapMiB) / 2)}m`,
    `-Xmx${heapMiB ?? usualHeapMiB}m`,
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    `-Dlog4j2.configurationFile=${logSettings}`,
    `-Dbreakwater.log=${logFile}`,
  ];
  // What the JVM itself has to say goes where Kafka's own log goes.
  const output = openSync(logFile, "a");
  const child = spawn("java", [...java, "-cp", join(jars, "*"), "kafka.Kafka", settingsFile], {
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const pid = child.pid ?? 0;
  if (pid > 0) {
    writeFileSync(noteFile(dataDir), JSON.stringify({ pid, owner: process.pid }));
    const watcher = endWithUs(pid);
    void exited.then(() => {
      watcher.kill("SIGKILL");
      rmSync(noteFile(dataDir), { force: true });
    });
  }
  const isRunning = () => pid > 0 && child.exitCode === null && child.signalCode === null;
  return { pid, exited, isRunning, signal: (name) => void (isRunning() && child.kill(name)) };
}

/** Waits on its standard input, a pipe that only this process holds, and then ends the broker. */
function endWithUs(pid: number): ChildProcess {
  const watcher = spawn("/bin/sh", ["-c", `read _; kill -TERM ${pid}`], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watcher.once("error", () => undefined);
  watcher.stdin?.once("error", () => undefined);
  watcher.unref();
  if (watcher.stdin !== null && "unref" in watcher.stdin && typeof watcher.stdin.unref === "function")
    watcher.stdin.unref();
  return watcher;
}

/** Makes way in a data folder: ends a broker whose owner is gone, refuses one whose owner lives. */
export async function endStaleBroker(dataDir: string): Promise<void> {
  const stale = readNote(dataDir);
  if (stale === null || !isBrokerOf(stale.pid, dataDir)) return;
  if (isAlive(stale.owner))
    throw new ConfigError(
      `A broker (process ${stale.pid}) already runs on ${dataDir}: stop process ${stale.owner}, which started it, first.`,
    );
  process.kill(stale.pid, "SIGTERM");
  for (let waitedMs = 0; waitedMs < 15_000; waitedMs += 100) {
    if (!isBrokerOf(stale.pid, dataDir)) return;
    await sleep(100);
  }
  process.kill(stale.pid, "SIGKILL");
  await sleep(500);
}

function noteFile(dataDir: string): string {
  return join(dataDir, "broker.pid");
}

function readNote(dataDir: string): z.infer<typeof note> | null {
  if (!existsSync(noteFile(dataDir))) return null;
  try {
    return note.parse(JSON.parse(readFileSync(noteFile(dataDir), "utf8")));
  } catch {
    return null;
  }
}

/** Where /proc tells command lines, a pid that another program got since then is not taken for the broker. */
function isBrokerOf(pid: number, dataDir: string): boolean {
  if (!isAlive(pid)) return false;
  if (!existsSync("/proc/self/cmdline")) return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(join(dataDir, "server.properties"));
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
