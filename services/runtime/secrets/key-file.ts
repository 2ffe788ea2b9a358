/**
 * The key of an embedded system: made at its first start and kept in
 * BREAKWATER_HOME, readable by its owner alone. Whoever has the file can open
 * what was sealed; without it nobody can.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { secretKeyDefect } from "./secret-key.ts";

export function secretKeyFile(home: string): string {
  return path.join(home, "secret-key");
}

/** The key of this home, or null when none was made yet. @throws Error when the file holds none. */
export function readSecretKeyFile(home: string): string | null {
  const file = secretKeyFile(home);
  if (!existsSync(file)) return null;
  const written = readFileSync(file, "utf8").trim();
  if (secretKeyDefect(written) !== null) throw new Error(`${file} holds no key: 32 bytes as base64 or hex`);
  return written;
}

/** @throws Error when the file is there and holds no key: making another would lose what is sealed. */
export function keepSecretKey(home: string): string {
  const kept = readSecretKeyFile(home);
  if (kept !== null) {
    chmodSync(secretKeyFile(home), 0o600);
    return kept;
  }
  mkdirSync(home, { recursive: true });
  const made = randomBytes(32).toString("base64");
  try {
    writeFileSync(secretKeyFile(home), `${made}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    // Another start was faster: its key is the one.
    const theirs = readSecretKeyFile(home);
    if (theirs === null) throw error;
    return theirs;
  }
  return made;
}
