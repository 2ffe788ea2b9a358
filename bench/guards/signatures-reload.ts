/**
 * `node bench/guards/signatures-reload.ts`: time from `breakwater signatures apply` to
 * the pack in force in every one of two further input-scan processes, on the
 * embedded system. Once with a pack whose patterns are known and only its
 * version is new, once with every pattern new. The command's own work (reading
 * and judging the file, connecting) is part of it; recheck is left out.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { parse, stringify } from "yaml";
import { signaturePack, type ReadSignaturePack } from "../../schemas/control/signature-pack.ts";
import { runCommandLine } from "../../services/cli/program/command-line.ts";
import { startSystem } from "../system.ts";

const rounds = 5;
const folder = mkdtempSync(path.join(tmpdir(), "breakwater-reload-"));
const [largest] = globSync("harnesses/signatures/*.yaml")
  .map((file) => signaturePack.parse(parse(readFileSync(file, "utf8"))))
  .toSorted((left, right) => right.signatures.length - left.signatures.length);
if (largest === undefined) throw new Error("there is no pack in harnesses/signatures");

/** Resolves with the time at which a process says that the pack is in force. */
function inForce(child: ChildProcess, label: string): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  if (child.stderr === null) throw new Error("the process has no log");
  const lines = createInterface({ input: child.stderr });
  lines.on("line", (line) => {
    if (line.includes("signature packs in force") && line.includes(label)) resolve(performance.now());
  });
  return promise.finally(() => lines.removeAllListeners());
}

interface Times {
  /** Of the command alone, from its words to its end. */
  readonly commandMs: number;
  readonly effectMs: number;
}

async function applyTime(scans: readonly ChildProcess[], brokers: string, pack: ReadSignaturePack): Promise<Times> {
  const file = path.join(folder, "pack.yaml");
  writeFileSync(file, stringify(pack));
  const seen = Promise.all(scans.map((scan) => inForce(scan, `${pack.pack}@${pack.version}`)));
  const start = performance.now();
  const silent = { write: () => true };
  const code = await runCommandLine(
    ["signatures", "apply", file, "--recheck", "0"],
    { KAFKA_BROKERS: brokers, BREAKWATER_HOME: folder },
    { stdout: silent, stderr: process.stderr },
  );
  if (code !== 0) throw new Error(`apply ended with ${code}`);
  const commandMs = performance.now() - start;
  return { commandMs, effectMs: Math.max(...(await seen)) - start };
}

const system = await startSystem({ BREAKWATER_LOG_LEVEL: "info" });
const env = { ...process.env, KAFKA_BROKERS: system.brokers };
const scans = [0, 1].map(() =>
  fork("services/input-scan/main.ts", { env, stdio: ["ignore", "ignore", "pipe", "ipc"] }),
);
try {
  await Promise.all(scans.map((scan) => once(scan, "message")));
  const known: Times[] = [];
  const fresh: Times[] = [];
  for (let round = 0; round < rounds; round++) {
    known.push(await applyTime(scans, system.brokers, { ...largest, version: `known-${round}` }));
    const signatures = largest.signatures.map((signature) => ({
      ...signature,
      pattern: `(?:zzz ${"z".repeat(round + 3)}|${signature.pattern})`,
    }));
    fresh.push(await applyTime(scans, system.brokers, { ...largest, version: `fresh-${round}`, signatures }));
  }
  say(`${largest.signatures.length} signatures, known patterns`, known);
  say(`${largest.signatures.length} signatures, new patterns`, fresh);
} finally {
  for (const scan of scans) scan.kill("SIGTERM");
  await system.stop();
  rmSync(folder, { recursive: true, force: true });
}

function say(what: string, times: readonly Times[]): void {
  const described = [
    ["the command", times.map(({ commandMs }) => commandMs)],
    ["apply to effect", times.map(({ effectMs }) => effectMs)],
  ] as const;
  for (const [name, all] of described) {
    const sorted = all.toSorted((left, right) => left - right);
    const [median = 0, longest = 0] = [sorted[sorted.length >> 1], sorted.at(-1)];
    process.stdout.write(
      `${what}: ${name} ${median.toFixed(0)} ms (median), ${longest.toFixed(0)} ms (longest of ${rounds})\n`,
    );
  }
}
