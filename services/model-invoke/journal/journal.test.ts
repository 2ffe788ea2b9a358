import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { setImmediate as tick } from "node:timers/promises";
import type { CallFinished, CallStarted } from "../../../schemas/records/call.ts";
import {
  answerOf,
  bodyHashOf,
  definitionOf,
  failureOf,
  MemoryTopics,
  runIdOf,
  takeoverOf,
  taskOf,
} from "../../../test/support/model-invoke-fixtures.ts";
import { unhindered } from "../../../test/support/plan-situation.ts";
import type { ProviderOutcome } from "../../providers/outcome.ts";
import { endingOf } from "../call/call-ending.ts";
import { finishedRecord, startedRecord } from "../interpret.ts";
import { callEmission, markEmission } from "../terminal.ts";
import { Journal } from "./journal.ts";
import { finishGraceMs, isAwaited, knownCallOf } from "./known-call.ts";

const definition = definitionOf();
const hourMs = 3_600_000;

function startOf(run: number, worker = "worker-b", tier = 0): CallStarted {
  const task = taskOf(run);
  const ids = { callNo: 1, callId: runIdOf(1000 + run * 10 + tier), worker };
  return startedRecord({
    task,
    definition,
    tier,
    ...ids,
    nowMs: Date.now(),
    timeoutMs: 5000,
    tariff: { provider: "openai" },
  });
}

function finishOf(started: CallStarted, run: number, outcome: ProviderOutcome = answerOf("Short.")): CallFinished {
  const situation = {
    ...unhindered,
    definition,
    task: taskOf(run),
    calls: [knownCallOf(started)],
    nowMs: Date.now(),
  };
  const ended = {
    started,
    ending: endingOf(outcome, () => false),
    finishedAtMs: Date.now(),
    tariff: { provider: started.provider },
  };
  return finishedRecord({ task: taskOf(run), ...ended, situation });
}

function open(topics: MemoryTopics, living: readonly string[] = []) {
  const warnings: string[] = [];
  const journal = new Journal({
    log: topics,
    liveClientIds: () => Promise.resolve(new Set([...living, "worker-a"])),
    worker: "worker-a",
    dedupWindowMs: hourMs,
    nowMs: Date.now,
    logger: { warn: (_, message) => warnings.push(message) },
  });
  return { journal, warnings };
}

/** The attempt as a record of it would find it. */
function attemptOf(journal: Journal, run: number) {
  const standing = journal.standing(taskOf(run), 0);
  assert.equal(standing.kind, "open");
  assert.ok(standing.kind === "open");
  return standing.attempt;
}

describe("taking over", () => {
  test("calls of unfinished attempts are known, with their ends", async () => {
    const topics = new MemoryTopics();
    const started = startOf(1);
    topics.append(callEmission(started));
    topics.append(callEmission(finishOf(started, 1, failureOf("rate_limited", { retryAfterMs: 700, status: 429 }))));
    topics.append(callEmission(startOf(1, "worker-b", 1)));
    const { journal } = open(topics);
    await journal.takeOver(takeoverOf(Date.now()));
    const [first, second] = attemptOf(journal, 1).calls;
    assert.equal(first?.end?.outcome, "rate_limited");
    assert.equal(first.end.retryAfterMs, 700);
    assert.equal(first.end.costUsd, "0");
    assert.equal(second?.tier, 1);
    assert.equal(second.end, null);
  });

  test("a moderation of output-validate's is no call of the attempt", async () => {
    const topics = new MemoryTopics();
    const started = { ...startOf(1), purpose: "moderation" as const, worker: "output-validate-1" };
    topics.append(callEmission(started));
    topics.append(callEmission({ ...finishOf(started, 1, failureOf("timeout")), purpose: "moderation" }));
    const { journal, warnings } = open(topics);
    await journal.takeOver(takeoverOf(Date.now()));
    assert.deepEqual(attemptOf(journal, 1).calls, []);
    assert.deepEqual(warnings, []);
  });

  test("a settling finish without a mark is known by its offset, so that the mark can be written", async () => {
    const topics = new MemoryTopics();
    const started = startOf(1);
    topics.append(callEmission(started));
    topics.append(callEmission(finishOf(started, 1)));
    const { journal } = open(topics);
    await journal.takeOver(takeoverOf(Date.now()));
    assert.equal(attemptOf(journal, 1).settledOffset, 1n);
  });

  test("a mark closes its attempt, for its body only", async () => {
    const topics = new MemoryTopics();
    topics.append(markEmission(taskOf(1), 7n));
    const { journal } = open(topics);
    await journal.takeOver(takeoverOf(null));
    assert.equal(journal.standing(taskOf(1), 0).kind, "settled");
    assert.equal(journal.standing(taskOf(1, { body_sha256: bodyHashOf("other") }), 0).kind, "conflict");
    assert.equal(journal.standing(taskOf(1, { attempt: 2 }), 0).kind, "open");
  });

  test("marks older than the window are not read", async () => {
    const topics = new MemoryTopics();
    topics.append(markEmission(taskOf(1), 7n), Date.now() - hourMs - 1000);
    topics.append(markEmission(taskOf(2), 8n), Date.now() - hourMs + 60_000);
    const { journal } = open(topics);
    await journal.takeOver(takeoverOf(null));
    assert.equal(journal.standing(taskOf(1), 0).kind, "open");
    assert.equal(journal.standing(taskOf(2), 0).kind, "settled");
  });

  test("the journal is read from a minute before the oldest record that is not done, not further", async () => {
    const topics = new MemoryTopics();
    const nowMs = Date.now();
    topics.append(callEmission(startOf(1)), nowMs - 600_000);
    topics.append(callEmission(startOf(2)), nowMs - 150_000);
    const { journal } = open(topics);
    await journal.takeOver(takeoverOf(nowMs - 120_000));
    assert.equal(attemptOf(journal, 1).calls.length, 0);
    assert.equal(attemptOf(journal, 2).calls.length, 1);
  });

  test("with every record done the journal is not read at all", async () => {
    const topics = new MemoryTopics();
    topics.append(callEmission(startOf(1)));
    const { journal } = open(topics);
    const read = mock.method(topics, "read");
    await journal.takeOver(takeoverOf(null));
    assert.deepEqual(
      read.mock.calls.map(({ arguments: [request] }) => request.topic),
      ["harness-settled"],
    );
  });

  test("a takeover that a later one overtakes changes nothing when it ends", async () => {
    const topics = new MemoryTopics();
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const read = topics.read;
    topics.read = async (request) => {
      topics.read = read;
      await held;
      await read(request);
    };
    const { journal } = open(topics);
    const slow = journal.takeOver(takeoverOf(null));
    await tick();
    journal.release(0);
    await journal.takeOver(takeoverOf(null));
    journal.close(attemptOf(journal, 1));
    letGo();
    await slow;
    assert.equal(journal.standing(taskOf(1), 0).kind, "settled", "what was closed since is not forgotten");
  });

  test("a takeover of a partition that is lost meanwhile leaves nothing behind", async () => {
    const topics = new MemoryTopics();
    topics.append(callEmission(startOf(1)));
    topics.append(markEmission(taskOf(2), 7n));
    const { journal } = open(topics);
    const read = topics.read;
    topics.read = async (request) => {
      await read(request);
      journal.release(0);
    };
    await journal.takeOver(takeoverOf(Date.now()));
    assert.equal(attemptOf(journal, 1).calls.length, 0);
    assert.equal(attemptOf(journal, 2).calls.length, 0);
  });

  test("a record that does not parse is reported and passed over", async () => {
    const topics = new MemoryTopics();
    topics.append({ topic: "harness-calls", key: "x", id: "x", type: "x", value: { kind: "call.started" } });
    topics.append(callEmission(startOf(1)));
    const { journal, warnings } = open(topics);
    await journal.takeOver(takeoverOf(Date.now()));
    assert.equal(attemptOf(journal, 1).calls.length, 1);
    assert.deepEqual(warnings, ["a journal record cannot be read"]);
  });
});

describe("while another worker lives", () => {
  test("what it still writes is seen, and wakes who waits", async () => {
    const topics = new MemoryTopics();
    const started = startOf(1);
    topics.append(callEmission(started));
    const { journal } = open(topics, ["worker-b"]);
    await journal.takeOver(takeoverOf(Date.now()));
    const attempt = attemptOf(journal, 1);
    assert.deepEqual([...journal.otherWorkers], ["worker-b"]);
    const changed = attempt.changed(60_000, new AbortController().signal);
    topics.append(callEmission(finishOf(started, 1)));
    await changed;
    assert.equal(attempt.settledOffset, 1n);
    journal.end();
  });

  for (const [clock, skewMs] of [
    ["behind", -600_000],
    ["ahead of", 600_000],
  ] as const) {
    test(`its call is waited for as long as it may take, though its clock is ${clock} ours`, async () => {
      const topics = new MemoryTopics();
      const started = startOf(1);
      const itsTime = {
        started_at_ms: started.started_at_ms + skewMs,
        deadline_at_ms: started.deadline_at_ms + skewMs,
      };
      topics.append(callEmission({ ...started, ...itsTime }));
      const { journal } = open(topics, ["worker-b"]);
      const takenOverMs = Date.now();
      await journal.takeOver(takeoverOf(takenOverMs));
      const [call] = attemptOf(journal, 1).calls;
      journal.end();
      assert.ok(call !== undefined && isAwaited(call, journal.otherWorkers, Date.now()));
      assert.ok(!isAwaited(call, journal.otherWorkers, Date.now() + 5000 + finishGraceMs));
    });
  }

  test("a late finish of an attempt that is closed leaves nothing behind", async () => {
    const topics = new MemoryTopics();
    const { journal } = open(topics, ["worker-b"]);
    await journal.takeOver(takeoverOf(Date.now()));
    journal.close(attemptOf(journal, 1));
    const started = startOf(1);
    topics.append(callEmission(started));
    topics.append(callEmission(finishOf(started, 1)));
    assert.equal(journal.standing(taskOf(1), 0).kind, "settled");
    journal.end();
  });

  test("without other workers nothing is followed", async () => {
    const topics = new MemoryTopics();
    const follow = mock.method(topics, "follow");
    const { journal } = open(topics);
    await journal.takeOver(takeoverOf(Date.now()));
    assert.equal(follow.mock.callCount(), 0);
  });

  test("it is followed until nothing more can come", async (context) => {
    context.mock.timers.enable({ apis: ["Date", "setTimeout"], now: 5_000_000 });
    const topics = new MemoryTopics();
    const started = startOf(1);
    topics.append(callEmission(started));
    let signal: AbortSignal | undefined;
    const follow = topics.follow;
    topics.follow = (request) => {
      signal = request.signal;
      return follow(request);
    };
    const { journal } = open(topics, ["worker-b"]);
    await journal.takeOver(takeoverOf(Date.now()));
    const pass = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second++) {
        context.mock.timers.tick(1000);
        await tick();
        await tick();
      }
    };
    const call = attemptOf(journal, 1).calls[0];
    assert.ok(call !== undefined && call.deadlineAtMs + finishGraceMs < Date.now() + 10_000);
    await pass(9);
    assert.equal(signal?.aborted, false, "it may still write without knowing that it lost the partition");
    await pass(2);
    assert.equal(signal.aborted, true);
  });

  test("a follow that breaks off is taken up again where it was", async () => {
    const topics = new MemoryTopics();
    const starts: bigint[] = [];
    const follow = topics.follow;
    topics.follow = (request) => {
      starts.push(request.starts[0]?.from ?? -1n);
      if (starts.length > 1) return follow(request);
      request.onRecord({ partition: 0, offset: 4n, timestampMs: 0, value: Buffer.from(JSON.stringify(startOf(1))) });
      return Promise.reject(new Error("no broker"));
    };
    const { journal } = open(topics, ["worker-b"]);
    await journal.takeOver(takeoverOf(Date.now()));
    while (starts.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(starts, [0n, 5n]);
    assert.equal(attemptOf(journal, 1).calls.length, 1);
    journal.end();
  });
});

describe("in this process", () => {
  test("one attempt runs once at a time; different ones run together", async () => {
    const { journal } = open(new MemoryTopics());
    const { promise, resolve } = Promise.withResolvers<void>();
    const order: string[] = [];
    const first = journal.alone(taskOf(1), async () => {
      await promise;
      order.push("first");
    });
    const others = [2, 3].map((copy) => journal.alone(taskOf(1), () => Promise.resolve(order.push(`copy ${copy}`))));
    await journal.alone(taskOf(2), () => Promise.resolve(order.push("another run")));
    resolve();
    await Promise.all([first, ...others]);
    assert.deepEqual(order, ["another run", "first", "copy 2", "copy 3"]);
  });

  test("work that fails lets the next copy run", async () => {
    const { journal } = open(new MemoryTopics());
    const first = journal.alone(taskOf(1), () => Promise.reject(new Error("lost")));
    const second = journal.alone(taskOf(1), () => Promise.resolve("ran"));
    await assert.rejects(first, /lost/);
    assert.equal(await second, "ran");
  });

  test("a partition lost and taken again keeps what is running and forgets the rest", async () => {
    const topics = new MemoryTopics();
    const { journal } = open(topics);
    await journal.takeOver(takeoverOf(null));
    attemptOf(journal, 2).noteStart(knownCallOf(startOf(2)));
    await journal.alone(taskOf(1), async () => {
      const running = attemptOf(journal, 1);
      running.noteStart(knownCallOf(startOf(1, "worker-a")));
      journal.release(0);
      await journal.takeOver(takeoverOf(null));
      assert.equal(attemptOf(journal, 1), running);
    });
    assert.equal(attemptOf(journal, 2).calls.length, 0);
  });

  test("what runs to its end after the partition is lost leaves nothing behind", async () => {
    const { journal } = open(new MemoryTopics());
    await journal.takeOver(takeoverOf(null));
    await journal.alone(taskOf(1), () => {
      attemptOf(journal, 1).noteStart(knownCallOf(startOf(1)));
      journal.release(0);
      return Promise.resolve();
    });
    assert.equal(attemptOf(journal, 1).calls.length, 0);
  });
});
