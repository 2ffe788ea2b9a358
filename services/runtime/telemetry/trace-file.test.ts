import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { BasicTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { traceFileExporter } from "./trace-file.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-traces-"));
after(() => rmSync(folder, { recursive: true, force: true }));

async function spansTo(file: string, count: number, mostBytes?: number): Promise<void> {
  const exporter = mostBytes === undefined ? traceFileExporter(file) : traceFileExporter(file, mostBytes);
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  for (let i = 0; i < count; i += 1) provider.getTracer("test").startSpan(`span-${i}`).end();
  await provider.forceFlush();
  await provider.shutdown();
}

function linesOf(file: string): string[] {
  return readFileSync(file, "utf8").trimEnd().split("\n");
}

test("each line is one export request that can be read alone", async () => {
  const file = path.join(folder, "lines.jsonl");
  await spansTo(file, 3);
  const names = linesOf(file).map((line) => /"name":"(span-\d)"/.exec(line)?.[1]);
  assert.deepEqual(names, ["span-0", "span-1", "span-2"]);
  for (const line of linesOf(file)) JSON.parse(line);
});

test("a full file makes room: it and the one before it are all that is kept", async () => {
  const file = path.join(folder, "full.jsonl");
  await spansTo(file, 50, 4000);
  assert.ok(statSync(file).size <= 4000);
  assert.ok(statSync(`${file}.1`).size <= 4000);
  assert.ok(linesOf(file).at(-1)?.includes('"span-49"'));
});

test("what an earlier process wrote counts too", async () => {
  const file = path.join(folder, "again.jsonl");
  await spansTo(file, 1, 2000);
  assert.ok(!existsSync(`${file}.1`));
  for (let i = 0; i < 4; i += 1) await spansTo(file, 1, 2000);
  assert.ok(existsSync(`${file}.1`));
});
