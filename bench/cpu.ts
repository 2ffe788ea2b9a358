/**
 * CPU seconds of every process of the system under test, by what it is: read
 * from /proc, so only on Linux; elsewhere there is nothing to show.
 */
import { readdirSync, readFileSync } from "node:fs";

const ticksPerSecond = 100;

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly seconds: number;
}

const names: readonly (readonly [RegExp, string])[] = [
  [/kafka\.Kafka/, "Kafka broker"],
  [/services\/([a-z-]+)\/main\.ts/, "$1"],
  [/embedded\/(clickhouse|stand-in|registry)/, "embedded $1"],
  [/portkey-|litellm-/, "rival"],
  [/gateway\/in-process\.ts\0(\w+)/, "gateway in process, $1"],
  [/identity\/worker\.ts\0(\w+)/, "identity $1"],
  [/embedded\/main\.ts/, "embedded supervisor"],
  [/breakwater\.ts/, "command line"],
];

function nameOf(commandLine: string): string {
  for (const [pattern, name] of names) {
    const match = pattern.exec(commandLine);
    if (match !== null) return name.replace("$1", match[1] ?? "");
  }
  return "other";
}

function readProcess(pid: number): ProcessRow[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    const name = nameOf(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
    return [{ pid, parent: Number(fields[1]), name, seconds: ticks / ticksPerSecond }];
  } catch {
    return [];
  }
}

/** CPU seconds so far of `root` and its descendants, and of those of `beside` (this process is `bench`), by name. */
export function cpuSeconds(root: number, beside: readonly number[] = [process.pid]): ReadonlyMap<string, number> {
  let all: ProcessRow[] = [];
  try {
    all = readdirSync("/proc")
      .filter((entry) => /^\d+$/.test(entry))
      .flatMap((entry) => readProcess(Number(entry)));
  } catch {
    return new Map();
  }
  const family = new Set([root, ...beside]);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  const sums = new Map<string, number>();
  for (const { pid, name, seconds } of all) {
    const label = pid === process.pid ? "bench" : name;
    if (family.has(pid)) sums.set(label, (sums.get(label) ?? 0) + seconds);
  }
  return sums;
}

/** What was used between two readings, most first. */
export function cpuBetween(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>) {
  return [...after]
    .map(([name, seconds]) => ({ name, seconds: seconds - (before.get(name) ?? 0) }))
    .filter(({ seconds }) => seconds >= 0.05)
    .toSorted((a, b) => b.seconds - a.seconds);
}
