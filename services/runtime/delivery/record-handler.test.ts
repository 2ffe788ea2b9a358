import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReceivedRecord } from "../consumer/received-record.ts";
import { PoisonRecordError, TransientError } from "../errors.ts";
import type { RawRecord } from "../kafka/producer.ts";
import { createLogger } from "../logger.ts";
import type { Ack, Emission, Outcome, Stage } from "../stage.ts";
import { untraced } from "../telemetry/record-tracer.ts";
import { createRecordHandler } from "./record-handler.ts";

const unavailable = new TransientError("broker_unavailable", "no leader");
const emission: Emission = { topic: "harness-scanned", key: "r", id: "r/1", type: "t", value: {} };
const deadLetter = { code: "not_json", message: "no", disposition: "rejected" } as const;

function opened(process: Stage["process"], fails: { publish?: Error[]; send?: Error[] } = {}) {
  const steps: string[] = [];
  const published: { emissions: readonly Emission[]; headers: unknown }[] = [];
  const letters: RawRecord[] = [];
  const storms: string[] = [];
  const next = async (name: string, queue: Error[] = []): Promise<readonly Ack[]> => {
    await Promise.resolve();
    const error = queue.shift();
    steps.push(error === undefined ? name : `${name} fails`);
    if (error !== undefined) throw error;
    return [];
  };
  const handle = createRecordHandler({
    contents: null,
    stage: {
      name: "input-scan",
      process: (record, context) => {
        steps.push("process");
        return process(record, context);
      },
    },
    producer: {
      publish: (emissions, options) => {
        published.push({ emissions, headers: options?.headers });
        return next("publish", fails.publish);
      },
    },
    deadLetters: { send: (records) => (letters.push(...records), next("dead letter", fails.send)) },
    groupId: "g",
    worker: "w-1",
    clusterId: "c",
    appVersion: "1",
    maxDeadLettersInRow: 3,
    onDeadLetterStorm: (code) => void storms.push(code),
    tracer: untraced,
    metrics: { processed: () => undefined, deadLettered: () => undefined },
    logger: createLogger("test", "error", { write: () => undefined }),
    nowMs: () => 5,
    retry: { firstDelayMs: 1, longestDelayMs: 1, failuresBeforeHold: 100 },
  });
  const abort = new AbortController();
  const run = (offset = 7n) =>
    handle(record(offset), { signal: abort.signal, failing: () => undefined, recovered: () => undefined });
  return { run, steps, published, letters, storms, abort };
}

function record(offset: bigint): ReceivedRecord {
  const headers = { traceparent: "00-aa-bb-01", other: "x" };
  const place = { topic: "harness-requests", partition: 1, offset } as const;
  return { ...place, timestampMs: 0, key: null, value: Buffer.from("v"), headers, rawHeaders: null };
}

const outcome = (given: Outcome) => () => Promise.resolve(given);

test("emissions are acknowledged before the record is done, and say what caused them", async () => {
  const { run, steps, published } = opened(outcome({ emissions: [emission] }));
  assert.equal(await run(), "done");
  assert.deepEqual(steps, ["process", "publish"]);
  assert.deepEqual(published[0]?.headers, { traceparent: "00-aa-bb-01", origin: "harness-requests/1/7" });
});

test("what the stage publishes on the way carries the same headers", async () => {
  const { run, published } = opened(async (_record, context) => {
    await context.publish([emission]);
    return { emissions: [] };
  });
  await run();
  assert.deepEqual(
    published.map(({ headers }) => headers),
    [{ traceparent: "00-aa-bb-01", origin: "harness-requests/1/7" }],
  );
});

test("the dead letter is written first, then the emission, then it is done", async () => {
  const { run, steps } = opened(outcome({ emissions: [emission], deadLetter }));
  assert.equal(await run(), "done");
  assert.deepEqual(steps, ["process", "dead letter", "publish"]);
});

test("a write that fails is repeated without deciding again", async () => {
  const { run, steps } = opened(outcome({ emissions: [emission] }), { publish: [unavailable, unavailable] });
  assert.equal(await run(), "done");
  assert.deepEqual(steps, ["process", "publish fails", "publish fails", "publish"]);
});

test("a dead letter that cannot be written is tried until it can, and nothing is emitted before", async () => {
  const { run, steps } = opened(outcome({ emissions: [emission], deadLetter }), { send: [unavailable] });
  assert.equal(await run(), "done");
  assert.deepEqual(steps, ["process", "dead letter fails", "dead letter", "publish"]);
});

test("a poison record is dead-lettered and nothing else", async () => {
  const { run, steps, letters } = opened(() => Promise.reject(new PoisonRecordError("not_json", "not JSON")));
  assert.equal(await run(), "done");
  assert.deepEqual(steps, ["process", "dead letter"]);
  assert.equal(letters[0]?.headers["__dlq.errors.code"], "not_json");
});

test("an emission that no topic takes makes the record a dead letter", async () => {
  const tooLarge = new PoisonRecordError("too_large", "9 MB");
  const { run, letters } = opened(outcome({ emissions: [emission] }), { publish: [tooLarge] });
  assert.equal(await run(), "done");
  assert.equal(letters[0]?.headers["__dlq.errors.code"], "too_large");
});

test("a transient failure of the stage is tried again, and its tries are counted in the dead letter", async () => {
  let calls = 0;
  const { run, letters } = opened(() => {
    calls += 1;
    return Promise.reject(calls < 3 ? unavailable : new PoisonRecordError("not_json", "not JSON"));
  });
  await run();
  assert.equal(letters[0]?.headers["__dlq.errors.delivery.count"], "3");
});

test("a bug comes out: nothing is emitted, nothing dead-lettered", async () => {
  const { run, steps } = opened(() => Promise.reject(new TypeError("bug")));
  await assert.rejects(run(), TypeError);
  assert.deepEqual(steps, ["process"]);
});

test("a lost partition leaves a record whose write does not succeed", async () => {
  const { run, abort } = opened(outcome({ emissions: [emission] }), { publish: [unavailable] });
  abort.abort();
  assert.equal(await run(), "left");
});

test("a lost partition's finished work is still written", async () => {
  const { run, abort, steps } = opened(outcome({ emissions: [emission] }));
  abort.abort();
  assert.equal(await run(), "done");
  assert.deepEqual(steps, ["process", "publish"]);
});

test("dead letters of one code in a row raise the alarm once; another code or a good record starts anew", async () => {
  const outcomes: ("a" | "b" | null)[] = ["a", "a", null, "a", "a", "b", "a", "a", "a", "a"];
  const { run, storms } = opened(() => {
    const kind = outcomes.shift();
    const code = kind === "b" ? "schema_unknown" : "not_json";
    return Promise.resolve(kind === null ? { emissions: [] } : { emissions: [], deadLetter: { ...deadLetter, code } });
  });
  while (outcomes.length > 1) await run();
  assert.deepEqual(storms, ["not_json"]);
  await run();
  assert.deepEqual(storms, ["not_json"]);
});

test("dead letters whose sender got an answer raise no alarm, however many", async () => {
  const { run, storms } = opened(outcome({ emissions: [emission], deadLetter }));
  for (let at = 0; at < 10; at += 1) await run();
  assert.deepEqual(storms, []);
});
