/**
 * A file that is only appended to: a line counts as written when it is on disk.
 * Lines that arrive together share one write and one sync; a lone line is
 * synced at once.
 */
import { open } from "node:fs/promises";

export interface SyncedFile {
  /** Resolves when the line is on disk; rejects when the disk refused it. */
  readonly append: (line: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Waiting {
  readonly line: string;
  readonly done: () => void;
  readonly failed: (reason: unknown) => void;
}

/** Two syncs start at least this far apart, milliseconds. */
const syncIntervalMs = 2;

export async function openSyncedFile(file: string): Promise<SyncedFile> {
  const handle = await open(file, "a");
  let waiting: Waiting[] = [];
  let busy: Promise<void> | null = null;
  let lastSyncMs = 0;

  async function writeOnce(): Promise<void> {
    const pauseMs = lastSyncMs + syncIntervalMs - performance.now();
    await new Promise((resolve) => (pauseMs > 0 ? setTimeout(resolve, pauseMs) : setImmediate(resolve)));
    lastSyncMs = performance.now();
    const batch = waiting;
    waiting = [];
    try {
      await handle.appendFile(batch.map(({ line }) => `${line}\n`).join(""));
      await handle.datasync();
      for (const { done } of batch) done();
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) await writeOnce();
    busy = null;
  }

  return {
    append: (line) =>
      new Promise((done, failed) => {
        waiting.push({ line, done, failed });
        busy ??= writeAll();
      }),
    async close() {
      await busy;
      await handle.close();
    },
  };
}
