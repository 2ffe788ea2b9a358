/**
 * `npm run bench:tracing`: what tracing costs. Two systems stand side by side,
 * one with tracing off, one that sends its spans by OTLP to a receiver here that
 * forgets them; the same load goes to them in turn, round by round: off, a tenth
 * of the runs recorded, all of them. Which runs are recorded says the publisher,
 * as one with a trace of its own does. Runs per second and CPU of all stages a
 * run; medians of the rounds, and of the ratios within a round.
 * Options: --rounds N, --runs N a turn.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { parseArgs } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { stageNames } from "../services/cli/up/stage-process.ts";
import { cpuBetween, cpuSeconds } from "./cpu.ts";
import { percentile, runLoad, type Pipeline } from "./load.ts";
import { openEdge, openPipeline, type Edge } from "./pipeline.ts";
import { startSystem, type SystemUnderTest } from "./system.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, runs: { type: "string", default: "1500" } },
});
const load = { window: 64, newRunId: uuidv7, silenceMs: 120_000 } as const;
const text = "The harbour wall was raised after the storm of last winter, at the cost of the town. ".repeat(8);
/** Whose work a span is made in. */
const traced: ReadonlySet<string> = new Set([...stageNames, "audit-seal"]);

interface Kind {
  readonly name: string;
  readonly pipeline: Pipeline;
  readonly system: SystemUnderTest;
}

interface Turn {
  readonly perSecond: number;
  readonly cpuMs: number;
}

async function startReceiver(): Promise<{
  readonly server: Server;
  readonly url: string;
  readonly bytes: () => number;
}> {
  let bytes = 0;
  const server = createServer((request, response) => {
    request.on("data", (chunk: Buffer) => (bytes += chunk.length));
    request.on("end", () => response.writeHead(200).end());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = z.object({ port: z.int() }).parse(server.address());
  return { server, url: `http://127.0.0.1:${port}`, bytes: () => bytes };
}

/** `every`: each so-manieth run is recorded; null sends no trace along. */
async function openKind(name: string, system: SystemUnderTest, edge: Edge, every: number | null): Promise<Kind> {
  let published = 0;
  const pipeline = await openPipeline(
    {
      name,
      requests: "harness-requests",
      results: "harness-results",
      request: () => ({ harness: "summarise", client_id: "bench", input: { document: text } }),
      headers: (runId) => {
        if (every === null) return {};
        const flags = (published += 1) % every === 0 ? "01" : "00";
        return { traceparent: `00-${runId.replaceAll("-", "")}-00f067aa0ba902b7-${flags}` };
      },
    },
    edge,
  );
  return { name, pipeline, system };
}

async function turn({ pipeline, system }: Kind): Promise<Turn> {
  const before = cpuSeconds(system.pid, []);
  const { perSecond, runs } = await runLoad(pipeline, { ...load, count: Number(values.runs) });
  const used = cpuBetween(before, cpuSeconds(system.pid, [])).filter(({ name }) => traced.has(name));
  return { perSecond, cpuMs: (used.reduce((sum, { seconds }) => sum + seconds, 0) * 1000) / runs };
}

async function measure(kinds: readonly Kind[]): Promise<ReadonlyMap<string, readonly Turn[]>> {
  const turns = new Map(kinds.map(({ name }): [string, Turn[]] => [name, []]));
  for (const { pipeline } of kinds) await runLoad(pipeline, { ...load, count: 1000 });
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const order = [...kinds.slice(round % kinds.length), ...kinds.slice(0, round % kinds.length)];
    for (const kind of order) {
      const one = await turn(kind);
      turns.get(kind.name)?.push(one);
      process.stderr.write(`${kind.name}: ${one.perSecond.toFixed(1)} runs/s, ${one.cpuMs.toFixed(2)} ms\n`);
    }
  }
  return turns;
}

const median = (values: readonly number[]): number =>
  percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );

function print(turns: ReadonlyMap<string, readonly Turn[]>): void {
  const line = (cells: readonly string[]): void =>
    void process.stdout.write(`${cells.map((cell) => cell.padStart(18)).join("")}\n`);
  const off = turns.get("off") ?? [];
  line(["tracing", "runs/s", "CPU ms a run", "runs/s to off", "CPU to off"]);
  for (const [name, rounds] of turns) {
    const ratio = (of: (one: Turn) => number): string =>
      median(rounds.flatMap((one, at) => (off[at] === undefined ? [] : [of(one) / of(off[at])]))).toFixed(3);
    const perSecond = median(rounds.map((one) => one.perSecond)).toFixed(1);
    const cpuMs = median(rounds.map((one) => one.cpuMs)).toFixed(3);
    line([name, perSecond, cpuMs, ratio((one) => one.perSecond), ratio((one) => one.cpuMs)]);
  }
}

const receiver = await startReceiver();
const systems: SystemUnderTest[] = [];
const edges: Edge[] = [];
try {
  const off = await startSystem({ OTEL_SDK_DISABLED: "true" });
  systems.push(off);
  const on = await startSystem({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
  systems.push(on);
  const [offEdge, onEdge] = [await openEdge(off.brokers), await openEdge(on.brokers)];
  edges.push(offEdge, onEdge);
  const kinds = [
    await openKind("off", off, offEdge, null),
    await openKind("a tenth", on, onEdge, 10),
    await openKind("all", on, onEdge, 1),
  ];
  print(await measure(kinds));
  process.stdout.write(`${(receiver.bytes() / 1e6).toFixed(1)} MB were received\n`);
} finally {
  for (const edge of edges) await edge.close();
  for (const system of systems) await system.stop();
  receiver.server.close();
}
