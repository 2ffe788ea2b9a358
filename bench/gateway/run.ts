/**
 * `node bench/gateway/run.ts`: requests per second and added latency of the
 * gateway beside other gateways, in one run, on one machine, before the same
 * stand-in. Three lines for us: the HTTP edge alone, with all guards, and as a
 * user starts it, with guards, budgets, ledger, audit and acks=all. The others
 * do nothing but pass requests on. Rounds take turns, so that what the machine
 * does meanwhile meets all of them; figures are medians over the rounds.
 * Below, the CPU of a request of each gateway, load and stand-in included.
 * Options: --connections 1,16,64,256, --rounds N, --requests N a round,
 * --rivals <folder that keeps them>, --no-rivals, --whole-only, --json.
 */
import { execFile, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { cpuBetween, cpuSeconds } from "../cpu.ts";
import { percentile, runLoad } from "../load.ts";
import { startSystem, type SystemUnderTest } from "../system.ts";
import { openGateway, type Gateway } from "./http-pipeline.ts";
import { startLiteLlm, startPortkey } from "./rivals.ts";

const { values } = parseArgs({
  options: {
    connections: { type: "string", default: "1,16,64,256" },
    rounds: { type: "string", default: "3" },
    requests: { type: "string", default: "1500" },
    rivals: { type: "string", default: path.join(tmpdir(), "breakwater-bench-rivals") },
    "no-rivals": { type: "boolean", default: false },
    "whole-only": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const windows = values.connections.split(",").map(Number);
/** After a round, before its CPU is read: the ledger's rows wait no longer for others. */
const afterglowMs = 3000;

/** About 700 characters, as other gateways' benches use. */
const text = "The harbour wall was raised after the storm of last winter, at the cost of the town. ".repeat(8);

interface Round {
  readonly name: string;
  readonly connections: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly requests: number;
  readonly cpu: ReturnType<typeof cpuBetween>;
}

const closers: (() => Promise<void> | void)[] = [];

async function startInProcess(mode: "proxy" | "guarded", providerUrl: string, name: string): Promise<Gateway> {
  const child: ChildProcess = fork("bench/gateway/in-process.ts", [mode, providerUrl]);
  closers.push(() => void child.kill("SIGTERM"));
  const [said]: unknown[] = await once(child, "message");
  const { url } = z.object({ url: z.string() }).parse(said);
  return { name, url: `${url}/v1/chat/completions`, headers: { authorization: "Bearer bench" }, model: "assistant" };
}

/** The limits of its key are out of the way; they are looked at all the same. */
async function startWhole(system: SystemUnderTest): Promise<Gateway> {
  const limits = ["--requests-per-minute", "10000000", "--tokens-per-minute", "10000000000", "--concurrency", "1000"];
  const words = ["services/cli/breakwater.ts", "keys", "create", "--client", "bench", "--json", ...limits];
  const env = { ...process.env, BREAKWATER_HOME: system.home };
  const { stdout } = await promisify(execFile)(process.execPath, words, { env });
  const { key } = z.object({ key: z.string() }).parse(JSON.parse(stdout));
  const headers = { authorization: `Bearer ${key}` };
  const url = `${system.gatewayUrl}/v1/chat/completions`;
  return { name: "Breakwater, everything on", url, headers, model: "assistant" };
}

async function gatewaysBefore(system: SystemUnderTest): Promise<readonly Gateway[]> {
  if (values["whole-only"]) return [await startWhole(system)];
  const { providerUrl } = system;
  const direct = { authorization: "Bearer bench" };
  const standIn = {
    name: "stand-in alone",
    url: `${providerUrl}/v1/chat/completions`,
    headers: direct,
    model: "gpt-4o",
  };
  const own = [
    await startInProcess("proxy", providerUrl, "Breakwater, HTTP edge alone"),
    await startInProcess("guarded", providerUrl, "Breakwater, with guards"),
    await startWhole(system),
  ];
  if (values["no-rivals"]) return [standIn, ...own];
  const rivals = [await startPortkey(values.rivals, providerUrl), await startLiteLlm(values.rivals, providerUrl)];
  return [
    standIn,
    ...rivals.flatMap((rival) => {
      if (rival === null) return [];
      closers.push(rival.stop);
      return [rival.gateway];
    }),
    ...own,
  ];
}

/** `root`: of the system under test. */
async function roundOf(root: number, gateway: Gateway, connections: number, count: number): Promise<Round> {
  const pipeline = openGateway(gateway, text, connections);
  try {
    const shape = { window: connections, newRunId: uuidv7, silenceMs: 120_000 };
    await runLoad(pipeline, { ...shape, count: 3 * connections });
    const before = cpuSeconds(root);
    const { runs: requests, perSecond, p50Ms, p99Ms } = await runLoad(pipeline, { ...shape, count });
    // What requests leave behind is theirs too.
    if (connections > 1) await sleep(afterglowMs);
    const cpu = cpuBetween(before, cpuSeconds(root));
    return { name: gateway.name, connections, perSecond, p50Ms, p99Ms, requests, cpu };
  } finally {
    pipeline.close();
  }
}

const median = (figures: readonly number[]): number =>
  percentile(
    figures.toSorted((a, b) => a - b),
    0.5,
  );

function print(gateways: readonly Gateway[], rounds: readonly Round[]): void {
  const figure = (name: string, connections: number, of: "perSecond" | "p50Ms" | "p99Ms"): number =>
    median(
      rounds.filter((round) => round.name === name && round.connections === connections).map((round) => round[of]),
    );
  process.stdout.write(
    "| gateway | connections | requests/s | p50 ms | p99 ms | added p50 ms |\n|---|---|---|---|---|---|\n",
  );
  for (const connections of windows) {
    const base = figure("stand-in alone", connections, "p50Ms");
    for (const { name } of gateways) {
      const [perSecond, p50, p99] = (["perSecond", "p50Ms", "p99Ms"] as const).map((of) =>
        figure(name, connections, of),
      );
      const cells = [perSecond, p50, p99, (p50 ?? Number.NaN) - base].map((value) => (value ?? Number.NaN).toFixed(1));
      process.stdout.write(`| ${name} | ${connections} | ${cells.join(" | ")} |\n`);
    }
  }
}

/** Milliseconds of CPU a request, at the most connections that were asked for: round by round, and of every process. */
function printCpu(gateways: readonly Gateway[], rounds: readonly Round[]): void {
  const connections = Math.max(...windows);
  for (const { name } of gateways) {
    const own = rounds.filter((round) => round.name === name && round.connections === connections);
    const requests = own.reduce((sum, round) => sum + round.requests, 0);
    const sums = new Map<string, number>();
    for (const { name: part, seconds } of own.flatMap(({ cpu }) => cpu))
      sums.set(part, (sums.get(part) ?? 0) + (1000 * seconds) / requests);
    const byRound = own.map(({ cpu, requests: count }) => (1000 * secondsOf(cpu)) / count);
    const parts = [...sums].map(([part, ms]) => `${part} ${ms.toFixed(2)}`);
    const shown = byRound.map((ms) => ms.toFixed(2));
    process.stdout.write(`\nCPU ms a request, ${name} at ${connections}: ${shown.join(", ")} (${parts.join(", ")})\n`);
  }
}

const secondsOf = (cpu: Round["cpu"]): number => cpu.reduce((sum, { seconds }) => sum + seconds, 0);

async function benchmark(system: SystemUnderTest): Promise<void> {
  const gateways = await gatewaysBefore(system);
  const requests = Number(values.requests);
  for (const gateway of gateways) await roundOf(system.pid, gateway, 16, Math.min(1000, requests));
  const rounds: Round[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const connections of windows) {
      const count = connections === 1 ? Math.ceil(requests / 8) : requests;
      for (const gateway of gateways) rounds.push(await roundOf(system.pid, gateway, connections, count));
    }
  }
  if (values.json) return void process.stdout.write(`${JSON.stringify(rounds)}\n`);
  print(gateways, rounds);
  printCpu(gateways, rounds);
}

const system = await startSystem({});
try {
  await benchmark(system);
} finally {
  for (const close of closers) await close();
  await system.stop();
}
