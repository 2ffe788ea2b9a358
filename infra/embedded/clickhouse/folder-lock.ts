/**
 * One process per data folder: an exclusive transaction on a small SQLite file,
 * which is a lock of the operating system's, so it goes when the process goes,
 * however it went, and a stale one cannot exist. (The engine itself does not
 * refuse a second opener, and two would damage the data.)
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** @returns the release, or null when another process holds the folder. */
export function lockFolder(folder: string): (() => void) | null {
  const database = new DatabaseSync(join(folder, "lock.sqlite"));
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked/i.test(error.message)) return null;
    throw error;
  }
  return () => database.close();
}
