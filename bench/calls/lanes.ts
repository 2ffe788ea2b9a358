/**
 * `node bench/calls/lanes.ts`: what interactive runs of one client wait while
 * 100,000 documents of another are queued, on the whole embedded system; beside
 * the same runs without the batch. A call of the batch takes two seconds, an
 * interactive one is answered at once, so that the figures are waiting alone.
 * Measured while the batch stands before input-scan, and when all of it stands
 * before model-invoke. `--topic harness-requests` publishes the batch as other
 * interactive runs, for comparison. Other options: --documents, --runs, --call-ms.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { renderTable } from "../../services/cli/table.ts";
import { partitionOf } from "../../services/runtime/kafka/murmur2.ts";
import { runLoad, type Pipeline } from "../load.ts";
import { openEdge, openPipeline, partitions, type Edge } from "../pipeline.ts";
import { startSystem } from "../system.ts";
import { applyBenchHarness, benchHarness, labelledDocument } from "./bench-harness.ts";
import { startScriptedProvider } from "./scripted-provider.ts";

const { values } = parseArgs({
  options: {
    documents: { type: "string", default: "100000" },
    runs: { type: "string", default: "300" },
    "call-ms": { type: "string", default: "2000" },
    topic: { type: "string", default: "harness-requests-batch" },
  },
});
const documents = Number(values.documents);
const batchLabel = "batch";
const chunk = 1000;

let batchCalls = 0;
const provider = await startScriptedProvider({
  fate: ({ label }) => ({ kind: "answer", afterMs: label === batchLabel ? Number(values["call-ms"]) : 0 }),
  onEnd: ({ label }) => void (batchCalls += label === batchLabel ? 1 : 0),
});
const system = await startSystem({ OPENAI_BASE_URL: provider.baseUrl });
const edge = await openEdge(system.brokers);

function requestOf(client: string, label: string): object {
  return { harness: benchHarness, client_id: client, input: { document: labelledDocument(label, 1000) } };
}

async function publishBatch({ producer }: Edge): Promise<void> {
  for (let from = 0; from < documents; from += chunk) {
    const records = Array.from({ length: Math.min(chunk, documents - from) }, () => {
      const runId = uuidv7();
      const value = Buffer.from(JSON.stringify({ run_id: runId, ...requestOf("archive", batchLabel) }));
      return { topic: values.topic, partition: partitionOf(runId, partitions), key: runId, value, headers: {} };
    });
    await producer.send(records);
  }
}

async function recordsOn(topic: string): Promise<number> {
  const ends = await edge.reader.offsets(topic);
  return [...ends.values()].reduce((sum, { high }) => sum + Number(high), 0);
}

const scanned = async (): Promise<number> =>
  (await recordsOn("harness-scanned")) + (await recordsOn("harness-scanned-batch"));

const heads = ["interactive runs", "in flight", "runs", "p50 ms", "p99 ms", "batch: not scanned", "batch: not called"];
const rows: string[][] = [];
let interactive = 0;

async function measure(pipeline: Pipeline, what: string, window: number, queued: number): Promise<void> {
  const count = window === 1 ? Math.ceil(Number(values.runs) / 3) : Number(values.runs);
  const figures = await runLoad(pipeline, { window, count, newRunId: uuidv7, silenceMs: 600_000 });
  interactive += count;
  const notScanned = Math.max(0, queued + interactive - (await scanned()));
  const times = [figures.p50Ms, figures.p99Ms].map((ms) => ms.toFixed(1));
  rows.push([
    what,
    String(window),
    String(figures.runs),
    ...times,
    `${notScanned}`,
    `${Math.max(0, queued - batchCalls)}`,
  ]);
}

try {
  await applyBenchHarness(system.brokers, { timeoutMs: 60_000, idleTimeoutMs: 60_000 });
  const topics = { name: "breakwater", requests: "harness-requests", results: "harness-results" };
  const request = (runId: string): object => requestOf("console", runId.replaceAll("-", ""));
  const pipeline = await openPipeline({ ...topics, request }, edge);
  await measure(pipeline, "(warming up)", 16, 0);
  for (const window of [1, 16]) await measure(pipeline, "no batch", window, 0);
  await publishBatch(edge);
  for (const window of [1, 16]) await measure(pipeline, "batch before input-scan", window, documents);
  while ((await scanned()) < documents + interactive) await sleep(500);
  for (const window of [1, 16]) await measure(pipeline, "batch before model-invoke", window, documents);
  const columns = heads.map((head, at) => ({ head, align: at === 0 ? ("left" as const) : ("right" as const) }));
  process.stdout.write(`${renderTable({ columns, rows }).text}\n`);
} finally {
  await edge.close();
  await system.stop();
  await provider.close();
}
