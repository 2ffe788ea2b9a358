/**
 * A process of ours under `up`: in a session of its own, so that Ctrl-C in the
 * terminal reaches `up` alone and it can stop everything in order. It notices
 * that `up` is gone when the IPC channel closes, and stops by itself.
 */
import { fork, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";

export interface ChildOptions {
  readonly file: string;
  /** Its arguments. */
  readonly words?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Its stdout and stderr are appended to this file. */
  readonly logFile: string;
  readonly onMessage: (message: unknown) => void;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly pid: number;
  readonly ended: Promise<Ending>;
  isRunning(): boolean;
  /** Asks it to stop; after `graceMs` it is killed, with what it started. */
  stop(graceMs: number): Promise<Ending>;
  /** Ends it and what it started at once. */
  kill(): void;
}

export function startChild({ file, words = [], env, logFile, onMessage }: ChildOptions): Child {
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, "a");
  const child = fork(file, [...words], {
    env,
    detached: true,
    execPath: process.execPath,
    execArgv: process.execArgv,
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  child.on("message", onMessage);
  const ended = new Promise<Ending>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: null, signal: null }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    isRunning: () => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    stop: async (graceMs) => {
      child.kill("SIGTERM");
      const timer = setTimeout(() => killGroup(child), graceMs);
      const ending = await ended;
      clearTimeout(timer);
      return ending;
    },
    kill: () => killGroup(child),
  };
}

/** Its session is its own, so its group holds it and what it started there. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

export function describeEnding({ code, signal }: Ending): string {
  if (signal !== null) return `killed by ${signal}`;
  return code === null ? "could not be started" : `ended with status ${code}`;
}
