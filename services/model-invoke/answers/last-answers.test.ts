import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { MemoryLog } from "../../../test/pipeline/memory-log.ts";
import { harness, runIdOf, taskOf } from "../../../test/support/model-invoke-fixtures.ts";
import { openLastAnswers, type LastAnswers } from "./last-answers.ts";

const key = "0123456789abcdef0123456789abcdef";
const nowMs = 1_790_000_000_000;
const task = taskOf(1, { answer_key: key });
const settings = { maxAgeMs: 60_000 };
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function append(log: MemoryLog, topic: string, recordKey: string, value: unknown) {
  const bytes = value === null ? null : Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  return log.append({ topic, key: recordKey, value: bytes, headers: {} });
}

/** A good answer on harness-results, and the pointer to it. */
function answered(log: MemoryLog, number: number, changes: object = {}): void {
  const result = {
    kind: "result",
    run_id: runIdOf(number),
    status: "ok",
    decided_by: "output-validate",
    client_id: "acme",
    harness,
    origin: { topic: "harness-requests", partition: 0, offset: "1" },
    received_at_ms: nowMs - 2000,
    finished_at_ms: nowMs - 1000,
    attempts: 1,
    spent: { calls: 1, input_tokens: 1, output_tokens: 1, cost_usd: "0.1", unpriced_calls: 0 },
    output: { plain: `answer ${number}` },
    answer_key: key,
    reasons: [],
    ...changes,
  };
  const { partition, offset } = append(log, "harness-results", runIdOf(number), result);
  const place = { partition, offset: String(offset), finished_at_ms: result.finished_at_ms };
  append(log, "harness-answers", key, { kind: "answer", answer_key: key, run_id: runIdOf(number), ...place });
}

async function opened(log: MemoryLog) {
  const warnings: string[] = [];
  const reads: bigint[] = [];
  const recordAt: MemoryLog["recordAt"] = (place) => {
    reads.push(place.offset);
    return log.recordAt(place);
  };
  const reader = { offsets: log.offsets, follow: log.follow, recordAt };
  const answers = await openLastAnswers({
    reader,
    logger: { warn: (_, message) => void warnings.push(message) },
    nowMs: () => nowMs,
  });
  closers.push(() => answers.close());
  return { answers, warnings, reads };
}

async function textOf(answers: LastAnswers, of = task): Promise<unknown> {
  const answer = await answers.find(of, settings);
  return answer.kind === "found" ? answer.output.plain : answer.reason.message.split(": ").at(-1);
}

describe("the last good answer", () => {
  test("is known to a process that starts after it was given, and to one that runs", async () => {
    const log = new MemoryLog(3);
    answered(log, 1);
    const { answers } = await opened(log);
    assert.equal(await textOf(answers), "answer 1");
    answered(log, 2);
    assert.equal(await textOf(answers), "answer 2");
  });

  test("is not looked for where none is known, or where it is too old: nothing is read", async () => {
    const log = new MemoryLog(3);
    const { answers, reads } = await opened(log);
    assert.equal(await textOf(answers), "none is known");
    answered(log, 1, { finished_at_ms: nowMs - 60_001 });
    assert.equal(await textOf(answers), "it is too old");
    assert.match(String(await textOf(answers, taskOf(1))), /BREAKWATER_SECRET_KEY/);
    assert.deepEqual(reads, []);
  });

  test("is gone when its pointer is taken back", async () => {
    const log = new MemoryLog(3);
    answered(log, 1);
    const { answers } = await opened(log);
    append(log, "harness-answers", key, null);
    assert.equal(await textOf(answers), "none is known");
  });

  test("is gone with its result, wherever the pointer points by then", async () => {
    const log = new MemoryLog(1);
    const place = { partition: 0, offset: "99", finished_at_ms: nowMs };
    append(log, "harness-answers", key, { kind: "answer", answer_key: key, run_id: runIdOf(1), ...place });
    const { answers } = await opened(log);
    assert.equal(await textOf(answers), "it is not kept any more");
    answered(log, 1, { client_id: "globex" });
    assert.equal(await textOf(answers), "it is not kept any more");
  });

  test("is still found beside a pointer that cannot be read, which is told", async () => {
    const log = new MemoryLog(1);
    append(log, "harness-answers", key, "{not json");
    answered(log, 1);
    const { answers, warnings } = await opened(log);
    assert.equal(await textOf(answers), "answer 1");
    assert.deepEqual(warnings, ["a pointer to an answer cannot be read"]);
  });
});

test("when everybody asks at once, a few are read at a time", async () => {
  const log = new MemoryLog(1);
  answered(log, 1);
  const held: (() => void)[] = [];
  const recordAt: MemoryLog["recordAt"] = async (place) => {
    await new Promise<void>((resolve) => held.push(resolve));
    return await log.recordAt(place);
  };
  const reader = { offsets: log.offsets, follow: log.follow, recordAt };
  const answers = await openLastAnswers({ reader, logger: { warn: () => {} }, nowMs: () => nowMs });
  closers.push(() => answers.close());
  const all = Promise.all(Array.from({ length: 40 }, () => textOf(answers)));
  let most = 0;
  for (let served = 0; served < 40; served++) {
    while (held.length === 0) await new Promise(setImmediate);
    most = Math.max(most, held.length);
    held.shift()?.();
  }
  assert.deepEqual(new Set(await all), new Set(["answer 1"]));
  assert.ok(most <= 16, `${most} at once`);
});
