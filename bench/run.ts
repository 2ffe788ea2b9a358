/**
 * `npm run bench`: runs per second and added latency through all four stages,
 * everything on (guards, journal, ledger, audit, tracing), beside the identity
 * pipeline on the same broker in the same run. Added latency is the time from
 * publication to result less the provider's own answer time, medians.
 * Both are warmed up first: the broker's and the stages' compilers take a third of the CPU of their first thousands of runs.
 * Options: --runs N for the loaded part, --warm N before it, --windows 1,16,256, --json.
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { createKafka } from "../services/runtime/kafka/client.ts";
import { plainKafkaSettings } from "../services/runtime/kafka/settings.ts";
import { cpuBetween, cpuSeconds } from "./cpu.ts";
import { percentile, runLoad, type LoadFigures, type Pipeline } from "./load.ts";
import { openEdge, openPipeline, partitions } from "./pipeline.ts";
import { startIdentity, startSystem, type SystemUnderTest } from "./system.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "4000" },
    warm: { type: "string", default: "6000" },
    windows: { type: "string", default: "1,16,256" },
    json: { type: "boolean", default: false },
  },
});
const windows = values.windows.split(",").map(Number);
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** About 700 characters, as other gateways' benches use. */
const text = "The harbour wall was raised after the storm of last winter, at the cost of the town. ".repeat(8);

/** Median time of one answer of the stand-in, asked directly, one at a time, milliseconds. */
async function providerMs(url: string): Promise<number> {
  const times: number[] = [];
  const body = JSON.stringify({ model: "gpt-4o", max_tokens: 200, messages: [{ role: "user", content: text }] });
  const headers = { "content-type": "application/json", authorization: "Bearer bench" };
  for (let i = 0; i < 300; i += 1) {
    const began = performance.now();
    const answer = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
    await answer.text();
    times.push(performance.now() - began);
  }
  return percentile(
    times.toSorted((a, b) => a - b),
    0.5,
  );
}

interface Row {
  readonly pipeline: string;
  readonly window: number;
  readonly figures: LoadFigures;
  readonly cpu: ReturnType<typeof cpuBetween>;
}

async function measure(pipeline: Pipeline, root: number): Promise<Row[]> {
  const rows: Row[] = [];
  const loaded = Number(values.runs);
  await runLoad(pipeline, { window: 64, count: Number(values.warm), newRunId: uuidv7, silenceMs: 60_000 });
  for (const window of windows) {
    const before = cpuSeconds(root);
    const count = window === 1 ? Math.min(500, loaded) : loaded;
    const figures = await runLoad(pipeline, { window, count, newRunId: uuidv7, silenceMs: 60_000 });
    rows.push({ pipeline: pipeline.name, window, figures, cpu: cpuBetween(before, cpuSeconds(root)) });
  }
  return rows;
}

function print(rows: readonly Row[], provider: number): void {
  const line = (cells: readonly string[]): string => cells.map((cell) => cell.padStart(12)).join("");
  process.stdout.write(`provider alone, one at a time: ${provider.toFixed(2)} ms at the median\n\n`);
  process.stdout.write(`${line(["pipeline", "in flight", "runs/s", "p50 ms", "p99 ms", "added p50"])}\n`);
  for (const { pipeline, window, figures } of rows) {
    const { perSecond, p50Ms, p99Ms } = figures;
    const shown = [perSecond, p50Ms, p99Ms, p50Ms - provider].map((value) => value.toFixed(1));
    process.stdout.write(`${line([pipeline, String(window), ...shown])}\n`);
  }
  for (const { pipeline, window, figures, cpu } of rows.filter((row) => row.window === windows.at(-1))) {
    const perRun = cpu.map(({ name, seconds }) => `${name} ${((seconds * 1000) / figures.runs).toFixed(2)}`);
    process.stdout.write(`\nCPU ms a run, ${pipeline} at ${window} in flight: ${perRun.join(", ")}\n`);
  }
}

async function benchmark(system: SystemUnderTest): Promise<void> {
  const kafka = createKafka(plainKafkaSettings(system.brokers), "bench", silent);
  const edge = await openEdge(system.brokers);
  const workers: ChildProcess[] = await startIdentity(kafka, system, partitions);
  try {
    const topics = [
      { name: "identity", requests: "identity-requests", results: "identity-results" },
      { name: "breakwater", requests: "harness-requests", results: "harness-results" },
    ];
    const request = () => ({ harness: "summarise", client_id: "bench", input: { document: text } });
    const provider = await providerMs(system.providerUrl);
    const rows: Row[] = [];
    for (const names of topics) {
      rows.push(...(await measure(await openPipeline({ ...names, request }, edge), system.pid)));
      // The yardstick comes first and ends: its processes take a twentieth of the machine when they have nothing to do.
      await endAll(workers);
    }
    if (values.json) process.stdout.write(`${JSON.stringify({ providerMs: provider, rows })}\n`);
    else print(rows, provider);
  } finally {
    await endAll(workers);
    await edge.close();
  }
}

async function endAll(workers: readonly ChildProcess[]): Promise<void> {
  for (const worker of workers) {
    if (worker.exitCode !== null || worker.signalCode !== null) continue;
    worker.kill("SIGTERM");
    await once(worker, "exit");
  }
}

const system = await startSystem({});
try {
  await benchmark(system);
} finally {
  await system.stop();
}
