/**
 * The command as a user runs it: a process of its own, in a folder of its own.
 * Whatever it starts is found again by the pids that the system notes, so that
 * a test can say what was left running, and end it.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readEmbeddedState } from "../../services/runtime/process/embedded-state.ts";
import { processIdentity } from "../../services/runtime/process/process-identity.ts";

const bin = path.resolve(import.meta.dirname, "../../services/cli/breakwater.ts");
const root = path.resolve(import.meta.dirname, "../..");

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  stderr(): string;
  /** Resolves when stderr matches; rejects when the command ends before. */
  says(pattern: RegExp): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

/** Nothing of the tester's own surroundings: no broker, no key. */
function environment(home: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, XDG_CACHE_HOME, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  const kept = { PATH, HOME, XDG_CACHE_HOME, TMPDIR, NODE_COMPILE_CACHE };
  const given = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  // Two systems that start at once would both find the usual port of the gateway free.
  return { ...given, BREAKWATER_HOME: home, BREAKWATER_GATEWAY_PORT: "0", ...more };
}

export function start(home: string, words: readonly string[], more: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(process.execPath, [bin, ...words], {
    cwd: root,
    env: environment(home, more),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (part: Buffer) => (text.stdout += part.toString()));
  child.stderr.on("data", (part: Buffer) => (text.stderr += part.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, ...text }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    stderr: () => text.stderr,
    says: (pattern) => untilSays(child, () => text.stderr, pattern),
    signal: (name) => void child.kill(name),
  };
}

async function untilSays(child: ChildProcess, text: () => string, pattern: RegExp): Promise<void> {
  while (!pattern.test(text())) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`ended before it said ${String(pattern)}:\n${text()}`);
    await sleep(50);
  }
}

export function run(
  home: string,
  words: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return start(home, words, more).ended;
}

/** Pids of the embedded parts and of every stage that ever wrote a log there. */
export function startedPids(home: string): readonly number[] {
  const state = readEmbeddedState(home);
  const embedded = state === null ? [] : [state.pid, ...state.processes.map(({ pid }) => pid)];
  return [...embedded, ...stagePids(home)];
}

export function stagePids(home: string, stage = "*"): readonly number[] {
  const pids = globSync(path.join(home, "logs", `${stage}.log`)).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/"pid":(\d+)/g)].map((match) => Number(match[1])),
  );
  return [...new Set(pids)];
}

/** Those of them that run and are ours: their command line names the folder or a stage. */
export function leftRunning(pids: readonly number[], home: string): readonly string[] {
  return pids.flatMap((pid) => {
    const identity = processIdentity(pid);
    const ours = identity !== null && (identity.includes(home) || /services\/[a-z-]+\/main\.ts/.test(identity));
    return ours ? [`${pid} ${identity}`] : [];
  });
}

/** For an `after`: ends what a failed test left. */
export function endAll(home: string): void {
  for (const line of leftRunning(startedPids(home), home)) process.kill(Number(line.split(" ")[0]), "SIGKILL");
}
