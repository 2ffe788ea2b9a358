/**
 * Writes `embedded.json`: whole or not at all, after every change, so that a
 * kill -9 at any moment leaves a list of the processes that were started.
 * The next start ends those that still run and are still the same processes.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  embeddedStateFile,
  readEmbeddedState,
  type EmbeddedPart,
  type EmbeddedState,
} from "../../services/runtime/process/embedded-state.ts";
import { processIdentity } from "../../services/runtime/process/process-identity.ts";

export interface StateFile {
  /** Notes where a part answers and which process it is; replaces what was noted before. */
  note(part: EmbeddedPart, address: string, pid: number): void;
  ready(): void;
  remove(): void;
}

export function openStateFile(home: string): StateFile {
  let state: EmbeddedState = {
    pid: process.pid,
    identity: processIdentity(process.pid) ?? "",
    startedAt: new Date().toISOString(),
    ready: false,
    addresses: {},
    processes: [],
  };
  const change = (fields: Partial<EmbeddedState>): void => {
    state = { ...state, ...fields };
    write(home, state);
  };
  change({});
  return {
    note: (part, address, pid) => {
      const others = state.processes.filter((entry) => entry.part !== part);
      const identity = pid === process.pid ? null : processIdentity(pid);
      change({
        addresses: { ...state.addresses, [part]: address },
        processes: identity === null ? others : [...others, { part, pid, identity }],
      });
    },
    ready: () => change({ ready: true }),
    remove: () => rmSync(embeddedStateFile(home), { force: true }),
  };
}

function write(home: string, state: EmbeddedState): void {
  mkdirSync(home, { recursive: true });
  const file = embeddedStateFile(home);
  const draft = path.join(home, `embedded.json.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(draft, file);
}

/** Ends what an earlier system in this folder left running. Returns what was ended. */
export async function endLeftovers(
  home: string,
  graceMs = 15_000,
): Promise<readonly { part: EmbeddedPart; pid: number }[]> {
  const state = readEmbeddedState(home);
  if (state === null) return [];
  const left = state.processes.filter(({ pid, identity }) => processIdentity(pid) === identity);
  for (const { pid } of left) signal(pid, "SIGTERM");
  for (let waitedMs = 0; waitedMs < graceMs && left.some(stillRuns); waitedMs += 100) await sleep(100);
  for (const { pid } of left.filter(stillRuns)) signal(pid, "SIGKILL");
  rmSync(embeddedStateFile(home), { force: true });
  return left.map(({ part, pid }) => ({ part, pid }));
}

function stillRuns({ pid, identity }: { readonly pid: number; readonly identity: string }): boolean {
  return processIdentity(pid) === identity;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in the meantime.
  }
}
