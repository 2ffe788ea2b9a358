/**
 * A file that says for a process without a port how it is: it is there from when
 * the process works until it stops, and written anew every five seconds, which a
 * process whose event loop hangs does not do. Probes look at it.
 */
import { rmSync, writeFileSync } from "node:fs";
import { ConfigError } from "../errors.ts";

const beatMs = 5_000;

/** Returns what takes it away. Errors: ConfigError when it cannot be written. */
export function keepHealthFile(file: string): () => void {
  const beat = (): void => writeFileSync(file, `${new Date().toISOString()}\n`);
  try {
    beat();
  } catch {
    throw new ConfigError(`BREAKWATER_HEALTH_FILE: ${file} cannot be written`);
  }
  const timer = setInterval(beat, beatMs);
  return () => {
    clearInterval(timer);
    rmSync(file, { force: true });
  };
}
