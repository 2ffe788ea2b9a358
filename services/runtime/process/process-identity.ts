/**
 * Tells one process from another that was given the same pid later: its start
 * time and command line, as the system reports them. Read from /proc where
 * there is one, else from ps.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** null when no such process runs (a zombie counts as gone). */
export function processIdentity(pid: number): string | null {
  if (!isRunning(pid)) return null;
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    if (command === "") return null;
    return `${startTicks(pid)} ${command.replaceAll("\0", " ").trim()}`;
  } catch {
    return identityFromPs(pid);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Field 22 of /proc/<pid>/stat; the name in field 2 may hold spaces, so count from its closing bracket. */
function startTicks(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function identityFromPs(pid: number): string | null {
  try {
    const line = execFileSync("ps", ["-ww", "-o", "lstart=,command=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return line === "" ? null : line;
  } catch {
    return null;
  }
}
