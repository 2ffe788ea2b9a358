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

const holder = z.object({ pid: z.int().positive(), identity: z.string(), since: z.string() });
type Holder = z.infer<typeof holder>;

export type LockResult =
  | { readonly kind: "held"; release(): void }
  | { readonly kind: "taken"; readonly pid: number; readonly since: string };

export function acquireLock(file: string): LockResult {
  mkdirSync(path.dirname(file), { recursive: true });
  for (;;) {
    if (create(file)) return { kind: "held", release: () => releaseOwn(file) };
    const current = readHolder(file);
    if (current !== null && processIdentity(current.pid) === current.identity) {
      return { kind: "taken", pid: current.pid, since: current.since };
    }
    removeStale(file, current);
  }
}

function create(file: string): boolean {
  const own: Holder = {
    pid: process.pid,
    identity: processIdentity(process.pid) ?? "",
    since: new Date().toISOString(),
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
