/**
 * `node bench/calls/in-flight.ts`: memory of one model-invoke process with many
 * slow calls in flight, on the whole embedded system, everything on. Prints the
 * most that was resident (VmHWM) and what was resident before.
 * Options: --calls N, --answer-ms N, --prompt-bytes N.
 */
import { readFileSync, readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { runLoad } from "../load.ts";
import { openEdge, openPipeline } from "../pipeline.ts";
import { startSystem } from "../system.ts";
import { applyBenchHarness, benchHarness, labelledDocument } from "./bench-harness.ts";
import { startScriptedProvider } from "./scripted-provider.ts";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "5000" },
    "answer-ms": { type: "string", default: "10000" },
    "prompt-bytes": { type: "string", default: "2000" },
  },
});
const calls = Number(values.calls);
const answerMs = Number(values["answer-ms"]);

let inFlight = 0;
let most = 0;
let rssAtMost = 0;

/** Of the system under test: the one started by this process' child. */
function modelInvoke(root: number): number {
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const isStage = readFileSync(`/proc/${entry}/cmdline`, "utf8").includes("services/model-invoke/main.ts");
      const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${entry}/status`, "utf8"))?.[1];
      if (isStage && Number(parent) === root) return Number(entry);
    } catch {
      continue;
    }
  }
  throw new Error("model-invoke is not among the processes");
}

function megabytes(pid: number, field: "VmRSS" | "VmHWM"): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1]) / 1024;
}

const provider = await startScriptedProvider({
  fate: () => ({ kind: "answer", afterMs: answerMs }),
  onArrival: () => {
    inFlight += 1;
    if (inFlight <= most) return;
    most = inFlight;
    if (most % 100 === 0) rssAtMost = megabytes(pid, "VmRSS");
  },
  onEnd: () => (inFlight -= 1),
});
const system = await startSystem({
  OPENAI_BASE_URL: provider.baseUrl,
  BREAKWATER_MAX_IN_FLIGHT: String(calls),
  BREAKWATER_MAX_IN_FLIGHT_BYTES: String(512 * 1024 * 1024),
});
const pid = modelInvoke(system.pid);
const edge = await openEdge(system.brokers);
try {
  await applyBenchHarness(system.brokers, { timeoutMs: 120_000, idleTimeoutMs: 60_000 });
  const request = (label: string) => ({
    harness: benchHarness,
    client_id: "bench",
    input: { document: labelledDocument(label.replaceAll("-", ""), Number(values["prompt-bytes"])) },
  });
  const topics = { name: "breakwater", requests: "harness-requests", results: "harness-results" };
  const pipeline = await openPipeline({ ...topics, request }, edge);
  const before = megabytes(pid, "VmRSS");
  const count = calls * 2;
  const figures = await runLoad(pipeline, { window: calls, count, newRunId: uuidv7, silenceMs: 120_000 });
  process.stdout.write(
    `${figures.runs} runs, ${answerMs} ms an answer, ${values["prompt-bytes"]} bytes a prompt: at most ${most} calls in flight; ` +
      `model-invoke resident ${before.toFixed(0)} MB before, ${rssAtMost.toFixed(0)} MB then, ${megabytes(pid, "VmHWM").toFixed(0)} MB at most\n`,
  );
} finally {
  await edge.close();
  await system.stop();
  await provider.close();
}
