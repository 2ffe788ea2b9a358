/**
 * `node bench/gateway/run.ts`: requests per second and added latency of the
 * gateway beside other gateways, in one run, on one machine, before the same
 * stand-in. Three lines for us: the HTTP edge alone, with all guards, and as a
 * user starts it, with guards, budgets, ledger, audit and acks=all. The others
 * do nothing but pass requests on. Rounds take turns, so that what the machine
 * does meanwhile meets all of them; figures are medians over the rounds.
 * Options: --connections 1,16,64,256, --rounds N, --requests N a round,
 * --rivals <folder that keeps them>, --no-rivals, --json.
 */
import { execFile, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
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
    json: { type: "boolean", default: false },
  },
});
const windows = values.connections.split(",").map(Number);

/** About 700 characters, as other gateways' benches use. */
const text = "The harbour wall was raised after the storm of last winter, at the cost of the town. ".repeat(8);

interface Round {
  readonly name: string;
  readonly connections: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
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

async function roundOf(gateway: Gateway, connections: number, count: number): Promise<Round> {
  const pipeline = openGateway(gateway, text, connections);
  try {
    const shape = { window: connections, newRunId: uuidv7, silenceMs: 120_000 };
    await runLoad(pipeline, { ...shape, count: 3 * connections });
    const { perSecond, p50Ms, p99Ms } = await runLoad(pipeline, { ...shape, count });
    return { name: gateway.name, connections, perSecond, p50Ms, p99Ms };
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

async function benchmark(system: SystemUnderTest): Promise<void> {
  const gateways = await gatewaysBefore(system);
  const requests = Number(values.requests);
  for (const gateway of gateways) await roundOf(gateway, 16, Math.min(1000, requests));
  const before = cpuSeconds(system.pid);
  const rounds: Round[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const connections of windows) {
      const count = connections === 1 ? Math.ceil(requests / 8) : requests;
      for (const gateway of gateways) rounds.push(await roundOf(gateway, connections, count));
    }
  }
  if (values.json) return void process.stdout.write(`${JSON.stringify(rounds)}\n`);
  print(gateways, rounds);
  const cpu = cpuBetween(before, cpuSeconds(system.pid)).map(({ name, seconds }) => `${name} ${seconds.toFixed(1)}`);
  process.stdout.write(`\nCPU seconds over all rounds: ${cpu.join(", ")}\n`);
}

const system = await startSystem({});
try {
  await benchmark(system);
} finally {
  for (const close of closers) await close();
  await system.stop();
}
