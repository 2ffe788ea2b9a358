/**
 * The gateway's desk on a real broker: two of them over the same topics, with
 * results written as the stages write them, after each has its request.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { runRequest, type RunRequest } from "../../schemas/records/run-request.ts";
import { openRunDesk } from "../../services/gateway/runs/open-run-desk.ts";
import type { NewRun, RunDesk, Standing } from "../../services/gateway/runs/run-desk.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { openLogReader } from "../../services/runtime/kafka/log-reader.ts";
import { openProducer } from "../../services/runtime/kafka/producer.ts";
import { okResult } from "../cli/memory-topics.ts";
import { deskRun, handIn, outcome } from "../support/desk-bench.ts";
import { silentLogger } from "../support/silent-logger.ts";
import { StageProcesses } from "../support/stage-processes.ts";

interface Desk extends RunDesk {
  /** Ends its connections, as a process that dies does. */
  readonly drop: () => Promise<void>;
}

let system: StageProcesses;
const desks = new Set<Desk>();

before(async () => {
  system = await StageProcesses.open();
});
after(async () => {
  for (const desk of desks) await desk.drop();
  await system.close();
});

async function openDesk(name: string): Promise<Desk> {
  const { settings } = system.broker;
  const reader = await openLogReader(settings, name, silentLogger);
  const kafka = createKafka(settings, name, silentLogger);
  const producer = await openProducer({ kafka, source: "breakwater/gateway" });
  const options = { reader, producer, store: null, secretKey: undefined, gatewayKey: undefined, nowMs: Date.now };
  const opened = await openRunDesk({ ...options, logger: silentLogger });
  const desk: Desk = {
    accept: (handed) => opened.accept(handed),
    wait: (runId, waiting) => opened.wait(runId, waiting),
    find: (runId, clientId) => opened.find(runId, clientId),
    cancel: (runId, why, by) => opened.cancel(runId, why, by),
    drop: async () => {
      desks.delete(desk);
      await opened.close();
      await reader.close();
      await producer.close();
    },
  };
  desks.add(desk);
  return desk;
}

async function end(runId: string, changes: Partial<RunResult> = {}): Promise<void> {
  const value = { ...okResult(runId), ...changes };
  await system.producer.publish([
    { topic: "harness-results", key: runId, id: runId, type: "breakwater.run.result", value },
  ]);
}

async function requestsOf(runId: string): Promise<readonly RunRequest[]> {
  const records = await system.records("harness-requests");
  return records.map(({ value }) => runRequest.parse(JSON.parse(String(value)))).filter((run) => run.run_id === runId);
}

function statusOf(standing: Standing | null): string {
  return standing?.kind === "ended" ? `${standing.result.status} ${standing.result.attempts}` : String(standing?.kind);
}

const about = (text: string): NewRun => ({ ...deskRun, input: { text } });

test("the same key at two desks at once is one run, whose result arrives at both; another request is a conflict", async () => {
  const [one, two] = [await openDesk("gateway-1"), await openDesk("gateway-2")];
  for (let round = 0; round < 4; round++) {
    const run = about(`round ${round}`);
    const key = `order-${round}`;
    const [first, second] = await Promise.all([handIn(one, run, key), handIn(two, run, key)]);
    assert.equal(first, second);
    const requests = (await requestsOf(first)).map((request) => JSON.stringify(request));
    assert.equal(new Set(requests).size, 1, "published once, or twice the same");
    const waiting = Promise.all([outcome(one, first), outcome(two, first)]);
    await end(first);
    await end(first, { attempts: 2 });
    assert.deepEqual((await waiting).map(statusOf), ["ok 1", "ok 1"]);
    for (const desk of [one, two])
      assert.deepEqual(await desk.accept({ run: about("else"), idempotencyKey: key }), { kind: "key_conflict" });
  }
});

test("what a desk that is gone took in, another finds, joins by its key, and waits for", async () => {
  const dying = await openDesk("gateway-3");
  const open = await handIn(dying, about("open"), "open");
  const ended = await handIn(dying, about("ended"));
  await end(ended);
  await end(ended, { attempts: 2 });
  assert.equal(statusOf(await outcome(dying, ended)), "ok 1");
  await dying.drop();
  const next = await openDesk("gateway-4");
  await end(ended, { attempts: 3 });
  assert.equal(statusOf(await next.find(ended, "acme")), "ok 1");
  assert.equal(statusOf(await outcome(next, ended)), "ok 1");
  assert.equal(await next.find(ended, "globex"), null);
  assert.equal(statusOf(await next.find(open, "acme")), "running");
  assert.equal(await handIn(next, about("open"), "open"), open);
  assert.equal((await requestsOf(open)).length, 1, "it is in the log: it is not published again");
  const waiting = outcome(next, open);
  await end(open);
  assert.equal(statusOf(await waiting), "ok 1");
});

test("a result that was there before its request was acknowledged is not missed, and one that never comes is waited for in vain", async () => {
  const desk = await openDesk("gateway-5");
  const runs = await Promise.all(Array.from({ length: 100 }, (_, no) => handIn(desk, about(`many ${no}`))));
  const waiting = Promise.all(runs.map((runId) => outcome(desk, runId)));
  await Promise.all(runs.map((runId) => end(runId)));
  assert.deepEqual(new Set((await waiting).map(statusOf)), new Set(["ok 1"]));
  const slow = await handIn(desk);
  assert.equal(statusOf(await outcome(desk, slow, 1)), "running");
  await desk.cancel(slow, "its client went away", { kind: "api_key", id: "k1" });
  const [order] = await system.records("harness-commands");
  assert.equal(String(order?.key), JSON.stringify(["cancel", "run", slow]));
});

test("while the broker is away nothing is said to be accepted; the same key then leads to one run", async () => {
  const desk = await openDesk("gateway-6");
  const known = await handIn(desk, about("before"), "before");
  await system.broker.kill();
  const accepting = handIn(desk, about("outage"), "outage");
  let isAccepted = false;
  const marked = accepting.then(
    () => (isAccepted = true),
    () => undefined,
  );
  await sleep(500);
  assert.equal(isAccepted, false);
  await system.broker.restart();
  await marked;
  const runId = await handIn(desk, about("outage"), "outage");
  assert.equal((await requestsOf(runId)).length, 1);
  assert.equal(await handIn(desk, about("before"), "before"), known);
});
