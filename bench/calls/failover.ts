/**
 * `node bench/calls/failover.ts`: how long a failing primary keeps a run, on
 * the whole embedded system. From the primary's error leaving the provider to
 * the fallback's request arriving there, two acknowledged journal writes
 * included; from the last token of a stalled answer to its being given up, less
 * the tier's own limit; and from publication to the first request with the
 * breaker open, beside the same with a healthy primary.
 * Options: --runs N for each row, --windows 1,4 (with many in flight failures come in rows, and the breaker opens).
 */
import { parseArgs } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { renderTable } from "../../services/cli/table.ts";
import { percentile, runLoad, type Pipeline } from "../load.ts";
import { openEdge, openPipeline } from "../pipeline.ts";
import { startSystem } from "../system.ts";
import { applyBenchHarness, benchHarness, fallback, labelledDocument, primary } from "./bench-harness.ts";
import { startScriptedProvider, type ArrivedCall, type Fate } from "./scripted-provider.ts";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "400" }, windows: { type: "string", default: "1" } },
});
const runs = Number(values.runs);
const idleTimeoutMs = 1000;

/** What the provider saw of one scenario: gaps in milliseconds. */
class Sight {
  readonly #ended = new Map<string, number>();
  readonly published = new Map<string, number>();
  readonly gaps: number[] = [];
  readonly firstArrivals: number[] = [];
  readonly overstays: number[] = [];

  arrived({ model, label }: ArrivedCall, atMs: number): void {
    const endedAt = this.#ended.get(label);
    if (model === fallback && endedAt !== undefined) this.gaps.push(atMs - endedAt);
    const publishedAt = this.published.get(label);
    if (publishedAt !== undefined) this.firstArrivals.push(atMs - publishedAt);
    this.published.delete(label);
  }

  ended({ model, label }: ArrivedCall, atMs: number): void {
    if (model === primary) this.#ended.set(label, atMs);
  }

  abandoned({ label }: ArrivedCall, atMs: number): void {
    const endedAt = this.#ended.get(label);
    if (endedAt !== undefined) this.overstays.push(atMs - endedAt - idleTimeoutMs);
  }
}

let sight = new Sight();
let primaryFate: (turn: number) => Fate = () => answer;
let turn = 0;
const answer: Fate = { kind: "answer", afterMs: 0 };
/** Two of five fail: too few to open the breaker. */
const nowAndThen = (fate: Fate) => (count: number) => (count % 5 === 1 || count % 5 === 3 ? fate : answer);

const provider = await startScriptedProvider({
  fate: ({ model }) => (model === primary ? primaryFate(turn++) : answer),
  onArrival: (call, atMs) => sight.arrived(call, atMs),
  onEnd: (call, atMs) => sight.ended(call, atMs),
  onAbandoned: (call, atMs) => sight.abandoned(call, atMs),
});
const system = await startSystem({ OPENAI_BASE_URL: provider.baseUrl, ANTHROPIC_BASE_URL: provider.baseUrl });
const edge = await openEdge(system.brokers);

const columns = ["milliseconds", "in flight", "seen", "p50", "p99"].map((head, at) => ({
  head,
  align: at === 0 ? ("left" as const) : ("right" as const),
}));
const rows: string[][] = [];

function note(what: string, window: number, figures: readonly number[]): void {
  const sorted = figures.toSorted((a, b) => a - b);
  const shown = [percentile(sorted, 0.5), percentile(sorted, 0.99)].map((value) => value.toFixed(1));
  rows.push([what, String(window), String(sorted.length), ...shown]);
}

async function play(pipeline: Pipeline, window: number, fate: typeof primaryFate, count = runs): Promise<Sight> {
  primaryFate = fate;
  turn = 0;
  sight = new Sight();
  await runLoad(pipeline, { window, count, newRunId: uuidv7, silenceMs: 60_000 });
  return sight;
}

try {
  await applyBenchHarness(system.brokers, { timeoutMs: 20_000, idleTimeoutMs });
  const request = (runId: string) => {
    const label = runId.replaceAll("-", "");
    sight.published.set(label, performance.now());
    return { harness: benchHarness, client_id: "bench", input: { document: labelledDocument(label, 2000) } };
  };
  const topics = { name: "breakwater", requests: "harness-requests", results: "harness-results" };
  const pipeline = await openPipeline({ ...topics, request }, edge);
  await play(pipeline, 16, () => answer, 1000);
  for (const window of values.windows.split(",").map(Number)) {
    const healthy = await play(pipeline, window, () => answer);
    note("healthy: published to the primary's request", window, healthy.firstArrivals);
    const failing = await play(pipeline, window, nowAndThen({ kind: "status", status: 500 }));
    note("primary answers 500: to the fallback's request", window, failing.gaps);
    const stalling = await play(pipeline, window, nowAndThen({ kind: "stall" }), Math.min(runs, 40 * window));
    note(`primary stalls: given up, less its ${idleTimeoutMs} ms`, window, stalling.overstays);
    note(
      `primary stalls: to the fallback's request, less its ${idleTimeoutMs} ms`,
      window,
      stalling.gaps.map((gap) => gap - idleTimeoutMs),
    );
    await play(pipeline, 1, () => answer, 40);
    await play(pipeline, 1, () => ({ kind: "status", status: 500 }), 12);
    const open = await play(pipeline, window, () => ({ kind: "status", status: 500 }), Math.min(runs, 100 * window));
    note("breaker open: published to the fallback's request", window, open.firstArrivals);
    await play(pipeline, 1, () => answer, 10);
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    await play(pipeline, 1, () => answer, 40);
  }
  process.stdout.write(`${renderTable({ columns, rows }).text}\n`);
} finally {
  await edge.close();
  await system.stop();
  await provider.close();
}
