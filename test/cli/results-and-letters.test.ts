import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import {
  awaitResults,
  describeReasons,
  describeResult,
  partitionOfResult,
  resultEnds,
} from "../../services/cli/await-results.ts";
import { readBatchState, readResultLines, resultLine } from "../../services/cli/batch/batch-files.ts";
import { lineOfDuplicate, lineOfProblem, lineOfResult } from "../../services/cli/batch/result-line.ts";
import { noteReplays, readReplays } from "../../services/cli/dlq/replays.ts";
import { homeOf, reachable } from "../../services/cli/connections.ts";
import { eachLetter, type Letter } from "../../services/dead-letters/read-letters.ts";
import { wasPublished } from "../../services/dead-letters/replay/choose-replay.ts";
import { exitCodeOf, Interruption } from "../../services/cli/exit-codes.ts";
import { openScreen, printableLines } from "../../services/cli/screen.ts";
import { embeddedStateFile } from "../../services/runtime/process/embedded-state.ts";
import { processIdentity } from "../../services/runtime/process/process-identity.ts";
import { MemoryTopics, okResult } from "./memory-topics.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-letters-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const runA = "0190f2c4-0000-7000-8000-00000000000a";
const runB = "0190f2c4-0000-7000-8000-00000000000b";

async function waiting(
  topics: MemoryTopics,
  fields: { timeoutMs?: number; signal?: AbortSignal; runIds?: readonly string[] } = {},
) {
  const starts = await resultEnds(topics.reader);
  return awaitResults({
    reader: topics.reader,
    starts,
    runIds: fields.runIds ?? [runA],
    timeoutMs: fields.timeoutMs ?? 10_000,
    signal: fields.signal ?? new AbortController().signal,
  });
}

test("the first terminal record of each awaited run is taken, with its place", async () => {
  const topics = new MemoryTopics();
  topics.append("harness-results", runA, { ...okResult(runA), status: "refused" });
  const found = waiting(topics, { runIds: [runA, runB] });
  await new Promise((resolve) => setImmediate(resolve));
  topics.append("harness-results", runA, okResult(runA));
  topics.append("harness-results", runA, { ...okResult(runA), status: "degraded" });
  topics.append("harness-results", runB, okResult(runB));
  const results = await found;
  assert.equal(results.get(runA)?.result.status, "ok", "what stood there before the request is another's");
  assert.equal(results.get(runA)?.offset, 1n);
  assert.equal(results.get(runB)?.result.status, "ok");
});

test("the result of a run id that was published before is found, though it came before the asking", async () => {
  const topics = new MemoryTopics();
  topics.append("harness-results", runA, okResult(runA));
  const starts = await partitionOfResult(topics.reader, runA);
  assert.equal(starts.length, 1);
  const { signal } = new AbortController();
  const found = await awaitResults({ reader: topics.reader, starts, runIds: [runA], timeoutMs: 10_000, signal });
  assert.equal(found.get(runA)?.result.status, "ok");
});

test("what has not come in time is missing, and that is no error", async () => {
  assert.equal((await waiting(new MemoryTopics(), { timeoutMs: 30 })).size, 0);
});

test("Ctrl-C ends the waiting with its own status", async () => {
  const controller = new AbortController();
  const found = waiting(new MemoryTopics(), { signal: controller.signal });
  controller.abort(new Interruption("SIGINT"));
  await assert.rejects(found, (error) => exitCodeOf(error) === 130);
});

test("a result is told in one line; its reasons with path and rule; its output as text", () => {
  const result = okResult(runA);
  assert.equal(describeResult(result), "ok in 1.5 s, 1 attempt, 1 call, 100 + 20 tokens, $0.000451, by openai gpt-4o");
  const { answered_by: _by, ...bare } = result;
  const refused = { ...bare, spent: { ...result.spent, calls: 0, cost_usd: null }, attempts: 0 };
  assert.equal(describeResult(refused), "ok in 1.5 s, no call, no cost");
  assert.match(describeResult({ ...refused, finished_at_ms: refused.received_at_ms + 16 }), /^ok in 16 ms, /);
  const partly = { ...result.spent, calls: 2, unpriced_calls: 1 };
  assert.match(describeResult({ ...result, spent: partly }), /\$0\.000451 and 1 call of unknown cost/);
  assert.match(describeResult({ ...result, spent: { ...result.spent, cost_usd: null } }), /cost unknown/);
  const reasons = [
    { code: "c", message: "m", path: "/p", rule: "r" },
    { code: "c", message: "evil \u001B[2J" },
    { code: "c", message: "m", path: "", rule: "c" },
  ];
  assert.deepEqual(describeReasons({ ...result, reasons }), ["c: m (/p r)", "c: evil ?[2J", "c: m"]);
});

test("a stale answer says so: with its time on a terminal, with its run in a batch's line", () => {
  const result = okResult(runA);
  const stale = { run_id: runB, finished_at_ms: Date.UTC(2026, 10, 20, 8, 30) };
  const degraded = { ...result, status: "degraded" as const, stale };
  assert.match(describeResult(degraded), /^degraded in 1\.5 s, .*, a stale answer of 2026-11-20T08:30:00\.000Z/);
  const document = { name: "a.txt", sha256: "0".repeat(64), notes: [] };
  assert.deepEqual(lineOfResult(degraded, document).stale, stale);
  assert.ok(!("stale" in lineOfResult(result, document)));
});

test("a result's line holds the tools that the answer calls", () => {
  const document = { name: "a.txt", sha256: "0".repeat(64), notes: [] };
  const calls = [{ id: "1", name: "book_room", arguments: { city: "Oslo" } }];
  const line = lineOfResult({ ...okResult(runA), tool_calls: { plain: calls } }, document);
  assert.deepEqual(resultLine.parse(line).tool_calls, calls);
  assert.ok(!("tool_calls" in lineOfResult(okResult(runA), document)));
});

test("a result's line: unknown costs are null, a run without a call cost nothing, sealed answers stay sealed", () => {
  const document = { name: "a.txt", sha256: "0".repeat(64), notes: [] };
  const result = okResult(runA);
  assert.equal(lineOfResult(result, document).cost_usd, "0.000451");
  const spent = (fields: Partial<typeof result.spent>) => ({ ...result, spent: { ...result.spent, ...fields } });
  assert.equal(lineOfResult(spent({ calls: 0, cost_usd: null }), document).cost_usd, "0");
  assert.equal(lineOfResult(spent({ calls: 2, cost_usd: "0.1", unpriced_calls: 1 }), document).cost_usd, null);
  assert.equal(lineOfResult({ ...result, output: { key_id: "k", sealed: "AA==" } }, document).output, null);
  const twin = lineOfDuplicate(lineOfResult(result, document), {
    name: "b.txt",
    sha256: "",
    notes: [],
    runId: runA,
    duplicateOf: "a.txt",
  });
  assert.deepEqual(
    [twin.document, twin.duplicate_of, twin.calls, twin.cost_usd, twin.run_id],
    ["b.txt", "a.txt", 0, "0", runA],
  );
  assert.equal(lineOfProblem({ name: "x", code: "empty", message: "m" }).status, "not_published");
});

test("results of an earlier start are read back; duplicates and unpublished documents are none", async () => {
  const file = path.join(folder, "results.jsonl");
  const line = lineOfResult(okResult(runA), { name: "a.txt", sha256: "0".repeat(64), notes: [] });
  const lines = [
    line,
    { ...line, document: "b.txt", duplicate_of: "a.txt" },
    lineOfProblem({ name: "x", code: "empty", message: "m" }),
    { ...line, status: "degraded" },
  ];
  writeFileSync(file, lines.map((each) => `${JSON.stringify(each)}\n`).join(""));
  const read = await readResultLines(file);
  assert.deepEqual([...read.keys()], [runA]);
  assert.equal(read.get(runA)?.status, "ok");
});

test("a file that is not a batch's is never taken for one", async () => {
  const file = path.join(folder, "foreign.jsonl");
  writeFileSync(file, '{"kind":"order"}\n');
  await assert.rejects(readBatchState(file), /foreign\.jsonl is not the state of a batch/);
  await assert.rejects(readResultLines(file), /does not hold a batch's results/);
  assert.deepEqual(await readBatchState(path.join(folder, "none.jsonl")), { start: null, acknowledged: new Set() });
});

function letterTopics(): MemoryTopics {
  const topics = new MemoryTopics();
  const letter = (code: string, offset: string) => ({
    "__dlq.errors.topic": "harness-requests",
    "__dlq.errors.partition": "0",
    "__dlq.errors.offset": offset,
    "__dlq.errors.code": code,
  });
  const topic = "harness-requests-dlq";
  topics.append(topic, "a", "first", letter("not_json", "1"));
  topics.append(topic, "a", "first again", letter("not_json", "1"));
  topics.append(topic, "b", "second", letter("harness_unknown", "2"));
  topics.append(topic, "c", "somebody else's");
  return topics;
}

async function letters(
  topics: MemoryTopics,
  filter: Partial<Parameters<typeof eachLetter>[1]> = {},
): Promise<readonly Letter[]> {
  const found: Letter[] = [];
  await eachLetter(topics.reader, { topic: undefined, code: undefined, payloads: false, ...filter }, (letter) =>
    found.push(letter),
  );
  return found;
}

test("a record that was dead-lettered twice is one letter; what is no letter is left out", async () => {
  const found = await letters(letterTopics());
  assert.deepEqual(found.map(({ entry }) => `${entry.code} ${entry.source.offset}`).toSorted(), [
    "harness_unknown 2",
    "not_json 1",
  ]);
});

test("letters are chosen by topic and code; payloads are kept only when asked for", async () => {
  const topics = letterTopics();
  assert.equal((await letters(topics, { topic: "harness-calls-dlq" })).length, 0);
  const [one, ...others] = await letters(topics, { code: "harness_unknown", payloads: true });
  assert.equal(others.length, 0);
  assert.equal(one?.record.value?.toString(), '"second"');
  assert.equal((await letters(topics, { code: "harness_unknown" }))[0]?.record.value, null);
});

test("a replay made elsewhere is found on harness-requests under its run id, and nothing else is taken for it", async () => {
  const topics = new MemoryTopics();
  const published = (runId: string) => wasPublished(topics.reader, runId, 0);
  topics.append("harness-requests", runA, { run_id: runB });
  topics.append("harness-requests", runA, "no request");
  assert.equal(await published(runA), false);
  topics.append("harness-requests", runA, { run_id: runA });
  assert.equal(await published(runA), true);
  assert.equal(await published(runB), false);
});

test("replays are noted for good", async () => {
  const home = path.join(folder, "home");
  assert.equal((await readReplays(home)).size, 0);
  await noteReplays(home, [{ run_id: runA, ref: "harness-requests-dlq/0/1", replay: 1 }]);
  await noteReplays(home, [{ run_id: runB, ref: "harness-requests-dlq/0/1", replay: 2 }]);
  assert.deepEqual([...(await readReplays(home))], [runA, runB]);
});

test("the environment goes before the embedded system, which goes before the sentence that says how to start", () => {
  const home = path.join(folder, "live");
  const env = { BREAKWATER_HOME: home };
  assert.throws(
    () => reachable(env, "KAFKA_BROKERS"),
    (error) => exitCodeOf(error) === 3,
  );
  const state = {
    pid: process.pid,
    identity: processIdentity(process.pid),
    startedAt: "",
    ready: true,
    addresses: { kafka: "127.0.0.1:1" },
    processes: [],
  };
  rmSync(home, { recursive: true, force: true });
  const file = embeddedStateFile(folder);
  writeFileSync(file, JSON.stringify(state));
  assert.equal(reachable({ BREAKWATER_HOME: folder }, "KAFKA_BROKERS")["KAFKA_BROKERS"], "127.0.0.1:1");
  assert.equal(reachable({ BREAKWATER_HOME: folder, KAFKA_BROKERS: "k:2" }, "KAFKA_BROKERS")["KAFKA_BROKERS"], "k:2");
  assert.throws(() => reachable({ BREAKWATER_HOME: folder }, "CLICKHOUSE_URL"), /CLICKHOUSE_URL is not set/);
  writeFileSync(file, JSON.stringify({ ...state, identity: "another process" }));
  assert.throws(() => reachable({ BREAKWATER_HOME: folder }, "KAFKA_BROKERS"), /No Breakwater runs/);
  assert.ok(path.isAbsolute(homeOf({ BREAKWATER_HOME: "relative" })));
});

test("with --json stdout holds the document and nothing else; without it, the text", () => {
  const written = (json: boolean): readonly string[] => {
    const text = { out: "", error: "" };
    const screen = openScreen(json, {
      stdout: { write: (part: string | Uint8Array) => ((text.out += String(part)), true) },
      stderr: { write: (part: string | Uint8Array) => ((text.error += String(part)), true) },
    });
    screen.result("a table");
    screen.document({ offset: 7n });
    screen.note("a hint");
    return [text.out, text.error];
  };
  assert.deepEqual(written(true), ['{\n  "offset": "7"\n}\n', "a hint\n"]);
  assert.deepEqual(written(false), ["a table\n", "a hint\n"]);
  assert.equal(printableLines("a\r\nb\u001B"), "a\nb?");
});
