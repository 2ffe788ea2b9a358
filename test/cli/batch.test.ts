import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import {
  batchPaths,
  readBatchState,
  batchStart,
  resultLine,
  type ResultLine,
} from "../../services/cli/batch/batch-files.ts";
import { findDocuments } from "../../services/cli/batch/documents/find-documents.ts";
import { startOrResume, type BatchOrder, type BatchOutcome } from "../../services/cli/batch/start-or-resume.ts";
import { batchRunId } from "../../services/runtime/requests/run-ids.ts";
import { sampleHarness } from "../support/sample-definition.ts";
import { Killed, MemoryTopics, okResult } from "./memory-topics.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-batch-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const version = "0123456789abcdef";

const definition = sampleHarness({ name: "summarise", input: { schema: {}, longField: "body" } });

function topicsWith(current = version): MemoryTopics {
  const topics = new MemoryTopics();
  applyVersion(topics, current);
  return topics;
}

function applyVersion(topics: MemoryTopics, current: string): void {
  topics.append("harness-definitions", `summarise@${current}`, { kind: "definition", version: current, definition });
  topics.append("harness-definitions", "summarise", { kind: "current", name: "summarise", version: current });
}

let batches = 0;

interface Place {
  readonly home: string;
  readonly documents: string;
}

function place(files: Readonly<Record<string, string | Buffer>>): Place {
  batches += 1;
  const documents = mkdtempSync(path.join(folder, `documents-${batches}-`));
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(documents, name), content);
  return { home: path.join(folder, `home-${batches}`), documents };
}

async function order(where: Place, fields: Partial<BatchOrder> = {}): Promise<BatchOrder> {
  const { names, problems } = await findDocuments(["."], where.documents);
  return {
    home: where.home,
    folder: where.documents,
    batchId: "b",
    harness: "summarise",
    clientId: "acme",
    feature: undefined,
    field: undefined,
    deadlineMs: 86_400_000,
    names,
    problems,
    ...fields,
  };
}

async function start(topics: MemoryTopics, wanted: BatchOrder, signal?: AbortSignal): Promise<BatchOutcome> {
  const kafka = { reader: topics.reader, producer: () => Promise.resolve({ publish: topics.publish }) };
  return startOrResume(wanted, {
    kafka,
    signal: signal ?? new AbortController().signal,
    say: () => undefined,
    onProgress: () => undefined,
  });
}

function requested(topics: MemoryTopics): readonly string[] {
  const request = z.object({ run_id: z.string() });
  return topics.records("harness-requests-batch").map((record) => request.parse(record).run_id);
}

function written(file: string): readonly ResultLine[] {
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => resultLine.parse(JSON.parse(line)));
}

const five = Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`${at}.txt`, `text ${at}`]));

test("every document is one run, and one line in the documents' order", async () => {
  const topics = topicsWith();
  const { report, resultsFile } = await start(topics, await order(place(five)));
  assert.equal(report.published, 5);
  assert.deepEqual(
    written(resultsFile).map(({ document, status, cost_usd: cost }) => [document, status, cost]),
    Object.keys(five).map((name) => [name, "ok", "0.000451"]),
  );
  assert.deepEqual({ ...report.tally, notPublished: 0 }, { ...report.tally, ok: 5, calls: 5, costUsd: "0.002255" });
  assert.equal(new Set(requested(topics)).size, 5);
});

test("the request names batch, document, version and the harness's long field", async () => {
  const topics = topicsWith();
  const wanted = await order(place({ "a.md": "# hello" }), { feature: "f" });
  await start(topics, wanted);
  const [request] = topics.records("harness-requests-batch");
  const { start: begun } = await readBatchState(batchPaths(wanted.home, "b").state);
  assert.equal(Date.parse(begun?.started_at ?? "") + 86_400_000 - (begun?.deadline_at_ms ?? 0) <= 0, true);
  const hash = createHash("sha256").update("# hello").digest("hex");
  assert.deepEqual(request, {
    run_id: batchRunId("b", hash, version),
    harness: "summarise",
    harness_version: version,
    client_id: "acme",
    feature: "f",
    document: { batch_id: "b", name: "a.md", sha256: hash },
    deadline_at_ms: begun?.deadline_at_ms,
    input: { body: "# hello" },
  });
});

test("started again when all is done, it publishes nothing and gives the same lines", async () => {
  const topics = topicsWith();
  const wanted = await order(place(five));
  const first = await start(topics, wanted);
  const lines = readFileSync(first.resultsFile, "utf8");
  topics.reader.follow = () => assert.fail("nothing needs to be read");
  const second = await start(topics, wanted);
  assert.equal(second.report.published, 0);
  assert.deepEqual(second.report.tally, first.report.tally);
  assert.equal(readFileSync(second.resultsFile, "utf8"), lines);
  assert.equal(requested(topics).length, 5);
});

test("killed at any step and started again until it ends: no run is published twice, every document has its line", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 6 }), async (kills) => {
      const topics = topicsWith();
      const wanted = await order(place(five));
      for (const at of kills) {
        let steps = 0;
        topics.step = () => {
          if (steps === at) throw new Killed();
          steps += 1;
        };
        await start(topics, wanted).catch((error: unknown) => assert.ok(error instanceof Killed, String(error)));
      }
      topics.step = () => undefined;
      const { report, resultsFile } = await start(topics, wanted);
      assert.equal(requested(topics).length, 5);
      assert.equal(new Set(requested(topics)).size, 5);
      assert.equal(report.tally.ok, 5);
      assert.deepEqual(
        written(resultsFile).map(({ document }) => document),
        Object.keys(five),
      );
    }),
    { numRuns: 60 },
  );
});

test("a batch that was begun before batches had a lane goes on where it began", async () => {
  const topics = topicsWith();
  const wanted = await order(place(five));
  const { resultsFile } = await start(topics, wanted);
  const [{ run_id: before } = assert.fail("no line")] = written(resultsFile);
  const later = topicsWith();
  later.append("harness-requests", String(before), { run_id: before });
  later.append("harness-results", String(before), okResult(String(before)));
  const state = path.join(wanted.home, "batches", `${wanted.batchId}.jsonl`);
  const [first = ""] = readFileSync(state, "utf8").split("\n");
  const { requests, request_starts: _, ...begun } = batchStart.parse(JSON.parse(first));
  assert.equal(requests, "harness-requests-batch");
  writeFileSync(state, `${JSON.stringify({ ...begun, request_starts: {} })}\n`);
  rmSync(resultsFile);
  const { report } = await start(later, wanted);
  assert.deepEqual([report.published, requested(later).length, later.records("harness-requests").length], [4, 0, 5]);
});

test("a result that came while nobody looked is found on the second start", async () => {
  const topics = topicsWith();
  topics.answer = () => null;
  const wanted = await order(place({ "a.txt": "late" }));
  const stop = new AbortController();
  const going = start(topics, wanted, stop.signal);
  while (requested(topics).length === 0) await new Promise((resolve) => setImmediate(resolve));
  stop.abort(new Killed("stopped"));
  await assert.rejects(going, Killed);
  const [runId = ""] = requested(topics);
  topics.append("harness-results", runId, okResult(runId));
  const { report } = await start(topics, wanted);
  assert.equal(report.published, 0);
  assert.equal(report.tally.ok, 1);
});

test("of two terminal records of a run the first by offset is the document's line", async () => {
  const topics = topicsWith();
  topics.answer = (runId) => {
    topics.append("harness-results", runId, { ...okResult(runId), status: "refused", output: undefined });
    return okResult(runId);
  };
  const { resultsFile } = await start(topics, await order(place({ "a.txt": "twice" })));
  assert.deepEqual(
    written(resultsFile).map(({ status }) => status),
    ["refused"],
  );
});

test("the same text twice is one run, paid once, with a line for each name", async () => {
  const topics = topicsWith();
  const { report, resultsFile } = await start(topics, await order(place({ "a.txt": "same", "b.txt": "same" })));
  assert.equal(requested(topics).length, 1);
  assert.equal(report.duplicates, 1);
  assert.equal(report.tally.costUsd, "0.000451");
  const [first, second] = written(resultsFile);
  assert.equal(second?.duplicate_of, "a.txt");
  assert.equal(second?.output, first?.output);
  assert.equal(second?.cost_usd, "0");
});

test("what cannot be read is listed with its reason and stops nothing", async () => {
  const topics = topicsWith();
  const where = place({
    "empty.txt": " \n",
    "latin1.txt": Buffer.from([0xe9, 0x74, 0xe9]),
    "large.txt": "x".repeat(1024 * 1024 + 1),
    "quotes.txt": '"'.repeat(600 * 1024),
    "good.txt": "good",
    "picture.png": "no text",
  });
  const { report, resultsFile } = await start(topics, await order(where));
  assert.equal(requested(topics).length, 1);
  assert.deepEqual(
    written(resultsFile).map(({ document, status, reasons }) => [document, status, reasons[0]?.code]),
    [
      ["empty.txt", "not_published", "empty"],
      ["good.txt", "ok", undefined],
      ["large.txt", "not_published", "too_large"],
      ["latin1.txt", "not_published", "not_utf8"],
      ["quotes.txt", "not_published", "too_large"],
    ],
  );
  assert.equal(report.tally.notPublished, 4);
});

test("a document that changes between planning and publishing is left out: its run id belongs to the old bytes", async () => {
  const topics = topicsWith();
  const where = place({ "a.txt": "old", "b.txt": "b" });
  topics.step = (name) => {
    if (name === "follow harness-results") writeFileSync(path.join(where.documents, "a.txt"), "new");
  };
  const { report, resultsFile } = await start(topics, await order(where));
  assert.equal(report.published, 1);
  assert.deepEqual(
    written(resultsFile).map(({ document, reasons }) => [document, reasons[0]?.code]),
    [
      ["a.txt", "changed"],
      ["b.txt", undefined],
    ],
  );
});

test("a document added later is run on the next start, under the version the batch began with", async () => {
  const topics = topicsWith();
  const where = place({ "a.txt": "a" });
  await start(topics, await order(where));
  applyVersion(topics, "fedcba9876543210");
  writeFileSync(path.join(where.documents, "b.txt"), "b");
  const { report, version: used } = await start(topics, await order(where));
  assert.equal(report.published, 1);
  assert.equal(used, version);
  assert.equal(requested(topics).length, 2);
});

test("a batch goes on only with its own harness, client and field", async () => {
  const topics = topicsWith();
  const where = place({ "a.txt": "a" });
  await start(topics, await order(where));
  await assert.rejects(start(topics, await order(where, { clientId: "other" })), /was started with .* --client acme/);
  await assert.rejects(start(topics, await order(where, { field: "text" })), /--field body/);
});

test("an unknown harness is refused before anything is published, with the ones there are", async () => {
  const topics = topicsWith();
  const where = place({ "a.txt": "a" });
  await assert.rejects(start(topics, await order(where, { harness: "sumarise" })), /no harness sumarise.*summarise/);
  assert.equal(requested(topics).length, 0);
});

test("one batch runs once at a time", async () => {
  const topics = topicsWith();
  topics.answer = () => null;
  const wanted = await order(place({ "a.txt": "a" }));
  const stop = new AbortController();
  const going = start(topics, wanted, stop.signal);
  while (requested(topics).length === 0) await new Promise((resolve) => setImmediate(resolve));
  await assert.rejects(start(topics, wanted), /running already \(process \d+/);
  stop.abort(new Killed());
  await assert.rejects(going, Killed);
});

test("a batch's files stay inside its folder", () => {
  const paths = batchPaths("/h", "may.2026_a-b");
  assert.equal(paths.state, path.join("/h", "batches", "may.2026_a-b.jsonl"));
  assert.equal(paths.results, path.join("/h", "results", "may.2026_a-b.jsonl"));
});
