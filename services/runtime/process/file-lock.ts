/**
 * A lock that one process holds by a file, for as long as it runs. A lock whose
 * holder is gone (kill -9, power cut) is recognised by pid, start time and
 * command line, and taken over.
 */
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { z } from "zod";
import { processIdentity } from "./process-identity.ts";

const running = z.object({ pid: z.int().positive(), identity: z.string() });
const holder = running.extend({ since: z.string(), parent: running.nullable() });
type Holder = z.infer<typeof holder>;

export type LockResult =
  | { readonly kind: "held"; release(): void }
  /** Orphaned: the process that started the holder is gone. */
  | { readonly kind: "taken"; readonly pid: number; readonly since: string; readonly isOrphaned: boolean };

export function acquireLock(file: string): LockResult {
  mkdirSync(path.dirname(file), { recursive: true });
  for (;;) {
    if (create(file)) return { kind: "held", release: () => releaseOwn(file) };
    const current = readHolder(file);
    if (current !== null && isRunning(current)) {
      const { pid, since, parent } = current;
      return { kind: "taken", pid, since, isOrphaned: parent !== null && !isRunning(parent) };
    }
    removeStale(file, current);
  }
}

function create(file: string): boolean {
  const own: Holder = {
    pid: process.pid,
    identity: processIdentity(process.pid) ?? "",
    since: new Date().toISOString(),
    parent: parent(),
  };
  // Written whole under another name and linked: a reader never sees half a lock.
  const draft = `${file}.${process.pid}`;
  const descriptor = openSync(draft, "w");
  writeSync(descriptor, JSON.stringify(own));
  closeSync(descriptor);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Null for the first process of a container, and for one whose parent is gone already. */
function parent(): Holder["parent"] {
  const identity = process.ppid > 1 ? processIdentity(process.ppid) : null;
  return identity === null ? null : { pid: process.ppid, identity };
}

function isRunning({ pid, identity }: z.infer<typeof running>): boolean {
  return processIdentity(pid) === identity;
}

function readHolder(file: string): Holder | null {
  try {
    return holder.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

/** Moves the file away first: if another process took the lock over in between, its lock is put back. */
function removeStale(file: string, stale: Holder | null): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved !== null && moved.since !== stale?.since) {
    try {
      linkSync(aside, file);
    } catch {
      // A third process holds it by now; the loop above finds out.
    }
  }
  rmSync(aside, { force: true });
}

function releaseOwn(file: string): void {
  if (readHolder(file)?.pid === process.pid) unlinkSync(file);
}
