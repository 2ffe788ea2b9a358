/**
 * The keys of an embedded system: made at its first start and kept in
 * BREAKWATER_HOME, readable by its owner alone. Whoever has the secret key's file
 * can open what was sealed, and without it nobody can; whoever has the audit key's
 * can sign heads of the audit chain.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { secretKeyDefect } from "./secret-key.ts";

type KeyName = "secret-key" | "audit-key";

export function keyFile(home: string, name: KeyName): string {
  return path.join(home, name);
}

/** The key of this home, or null when none was made yet. @throws Error when the file holds none. */
export function readKeyFile(home: string, name: KeyName): string | null {
  const file = keyFile(home, name);
  if (!existsSync(file)) return null;
  const written = readFileSync(file, "utf8").trim();
  if (secretKeyDefect(written) !== null) throw new Error(`${file} holds no key: 32 bytes as base64 or hex`);
  return written;
}

/** @throws Error when the file is there and holds no key: making another would lose what is sealed. */
export function keepKey(home: string, name: KeyName): string {
  const kept = readKeyFile(home, name);
  if (kept !== null) {
    chmodSync(keyFile(home, name), 0o600);
    return kept;
  }
  mkdirSync(home, { recursive: true });
  const made = randomBytes(32).toString("base64");
  try {
    writeFileSync(keyFile(home, name), `${made}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    // Another start was faster: its key is the one.
    const theirs = readKeyFile(home, name);
    if (theirs === null) throw error;
    return theirs;
  }
  return made;
}
