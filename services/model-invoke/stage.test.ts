import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { callOutcomes } from "../../schemas/parts/codes.ts";
import { auditDecision } from "../../schemas/records/audit-decision.ts";
import { callRecord, type CallFinished, type CallRecord } from "../../schemas/records/call.ts";
import { runResult } from "../../schemas/records/run-result.ts";
import { settledMark } from "../../schemas/records/settled.ts";
import {
  answerOf,
  bodyHashOf,
  contextOf,
  definitionOf,
  failureOf,
  harness,
  MemoryTopics,
  recordOf,
  runIdOf,
  takeoverOf,
  taskOf,
  type TestContext,
} from "../../test/support/model-invoke-fixtures.ts";
import type { ProviderOutcome } from "../providers/outcome.ts";
import { PoisonRecordError, TransientError } from "../runtime/errors.ts";
import type { Emission, Outcome } from "../runtime/stage.ts";
import type { CallParts } from "./call/make-call.ts";
import { Journal } from "./journal/journal.ts";
import { breakerWindow, Resilience } from "./resilience.ts";
import { createModelInvoke } from "./stage.ts";

type Call = Parameters<CallParts["providers"]["call"]>[0];
type Reply = ProviderOutcome | ((call: Call) => Promise<ProviderOutcome>);

let callIds = 0;

interface Process {
  readonly definition?: HarnessDefinition;
  readonly worker?: string;
  /** Other members of the group. */
  readonly living?: readonly string[];
  readonly refuse?: (emission: Emission) => void;
}

/** One process: a stage over topics that outlive it. */
function start(
  topics: MemoryTopics,
  replies: Reply[] = [],
  { definition = definitionOf(), worker = "worker-a", living = [], refuse = () => {} }: Process = {},
) {
  const calls: Call[] = [];
  const unauthorized: string[] = [];
  const context = contextOf(topics, { worker, refuse });
  const resilience = new Resilience();
  const liveClientIds = () => Promise.resolve(new Set([...living, worker]));
  const settings = { log: topics, liveClientIds, worker, dedupWindowMs: 3_600_000, nowMs: Date.now };
  const journal = new Journal({ ...settings, logger: { warn: () => {} } });
  const stage = createModelInvoke({
    journal,
    resilience,
    providers: {
      async call(call) {
        context.steps.push(`http ${call.model}`);
        calls.push(call);
        const reply = replies.shift() ?? answerOf("Short.");
        return typeof reply === "function" ? await reply(call) : reply;
      },
    },
    newCallId: () => runIdOf(1_000_000 + callIds++),
    onUnauthorized: ({ provider }) => unauthorized.push(provider),
    definitions: {
      get: (_name, version) => (version === harness.version ? definition : undefined),
      catchUp: async () => {},
    },
  });
  const run = async (task: unknown): Promise<Outcome> => await stage.process(recordOf(task), context);
  const takeOver = (): Promise<void> | undefined => stage.takeOver?.(takeoverOf(Date.now() - 1000), context);
  return { stage, run, takeOver, calls, context, resilience, journal, unauthorized };
}

function journaled(topics: MemoryTopics): CallRecord[] {
  return topics.values("harness-calls").map((value) => callRecord.parse(value));
}

function finishes(topics: MemoryTopics): CallFinished[] {
  return journaled(topics).filter((record) => record.kind === "call.finished");
}

function decisions(outcome: Outcome): string[] {
  return outcome.emissions.map(({ value }) => auditDecision.parse(value).decision);
}

function lost(error: unknown): boolean {
  return error instanceof TransientError && error.code === "partition_lost";
}

describe("one attempt", () => {
  test("the start is acknowledged before the request leaves, the finish before the mark", async () => {
    const topics = new MemoryTopics();
    const { run, context, calls } = start(topics);
    const outcome = await run(taskOf(1));
    assert.deepEqual(context.steps, ["call.started", "http gpt-4o", "call.finished", "attempt.settled"]);
    assert.deepEqual(outcome, { emissions: [] });
    const [started, finished] = journaled(topics);
    assert.equal(calls[0]?.callId, started?.call_id);
    assert.equal(finished?.call_id, started?.call_id);
    assert.deepEqual(finished?.kind === "call.finished" && finished.settlement?.answer, { plain: "Short." });
    const mark = settledMark.parse(topics.values("harness-settled")[0]);
    assert.equal(mark.calls_offset, "1");
  });

  test("the provider gets the messages, the limits and, for JSON, the contract", async () => {
    const schema = { type: "object" };
    const definition = definitionOf({ output: { format: "json", schema, maxTokens: 77 }, temperature: 0.2 });
    const { run, calls } = start(new MemoryTopics(), [], { definition });
    await run(taskOf(1));
    assert.deepEqual(calls[0]?.messages, [{ role: "user", content: "Summarise document 1" }]);
    assert.deepEqual([calls[0].maxOutputTokens, calls[0].temperature, calls[0].jsonSchema], [77, 0.2, schema]);
    assert.ok(calls[0].timeoutMs <= 5000);
  });

  test("a failed tier is followed by the next, numbered, journaled and paid on its own", async () => {
    const topics = new MemoryTopics();
    const { run, context } = start(topics, [failureOf("server_error", { status: 500 })]);
    await run(taskOf(1));
    assert.deepEqual(context.steps, [
      "call.started",
      "http gpt-4o",
      "call.finished",
      "call.started",
      "http claude-3-5-sonnet-20241022",
      "call.finished",
      "attempt.settled",
    ]);
    const [failed, answered] = finishes(topics);
    assert.deepEqual([failed?.settles, failed?.call_no, failed?.tier, failed?.error?.status], [false, 1, 0, 500]);
    assert.deepEqual([answered?.settles, answered?.call_no, answered?.tier], [true, 2, 1]);
    assert.equal(answered?.settlement?.spent.calls, 2);
    assert.equal(answered.settlement.spent.unpriced_calls, 1);
  });

  test("when every tier failed, the last finish settles without an answer and no result is written here", async () => {
    const topics = new MemoryTopics();
    const { run } = start(topics, [failureOf("server_error"), failureOf("overloaded"), failureOf("connection")]);
    const outcome = await run(taskOf(1));
    const last = finishes(topics).at(-1);
    assert.deepEqual([last?.settles, last?.settlement?.answer], [true, null]);
    assert.deepEqual(
      last?.settlement?.reasons?.map(({ code }) => code),
      ["server_error", "overloaded", "connection"],
    );
    assert.deepEqual(topics.values("harness-results"), []);
    assert.deepEqual(outcome.emissions, []);
  });

  test("a key that is rejected is told, and the provider's other tiers are left alone", async () => {
    const topics = new MemoryTopics();
    const { run, calls, unauthorized } = start(topics, [
      failureOf("unauthorized", { status: 401 }),
      failureOf("timeout"),
    ]);
    await run(taskOf(1));
    assert.deepEqual(
      calls.map(({ provider }) => provider),
      ["openai", "anthropic"],
    );
    assert.deepEqual(unauthorized, ["openai"]);
  });

  test("an answer cut short by the token limit is not passed on", async () => {
    const topics = new MemoryTopics();
    const { run } = start(topics, [answerOf("Sho", { finishReason: "length" })]);
    await run(taskOf(1));
    assert.deepEqual(
      finishes(topics).map(({ outcome }) => outcome),
      ["truncated", "ok"],
    );
    assert.notEqual(finishes(topics)[0]?.cost_usd, null);
  });

  test("a short Retry-After is waited for and the tier asked once more", async () => {
    const topics = new MemoryTopics();
    const { run, calls } = start(topics, [failureOf("rate_limited", { retryAfterMs: 30 })]);
    await run(taskOf(1));
    const [first, second] = journaled(topics).filter(({ kind }) => kind === "call.started");
    assert.deepEqual(
      calls.map(({ model }) => model),
      ["gpt-4o", "gpt-4o"],
    );
    assert.ok(first !== undefined && second !== undefined && second.started_at_ms - first.started_at_ms >= 30);
  });

  test("a stalled model is given up at its time limit", async () => {
    const topics = new MemoryTopics();
    const [first, second] = definitionOf().models;
    assert.ok(first !== undefined && second !== undefined);
    const definition = definitionOf({ models: [{ ...first, timeoutMs: 100 }, second] });
    const { promise: never } = Promise.withResolvers<ProviderOutcome>();
    await start(topics, [() => never], { definition }).run(taskOf(1));
    const [stalled] = finishes(topics);
    assert.deepEqual([stalled?.outcome, stalled?.usage_source, stalled?.cost_usd], ["timeout", "unknown", null]);
    assert.ok(stalled !== undefined && stalled.cost_high_usd !== null);
  });
});

describe("an attempt that no model answers", () => {
  test("expired before the first call: a result, then the mark, and nothing paid", async () => {
    const topics = new MemoryTopics();
    const { run, context, calls } = start(topics);
    const outcome = await run(taskOf(1, { deadline_at_ms: Date.now() - 1, correlation_id: "c-9" }));
    assert.equal(calls.length, 0);
    assert.deepEqual(context.steps, ["run.result", "attempt.settled"]);
    const result = runResult.parse(topics.values("harness-results")[0]);
    assert.deepEqual([result.status, result.attempts, result.correlation_id], ["expired", 0, "c-9"]);
    assert.deepEqual(result.output, { plain: "No summary could be made." });
    assert.equal(result.reasons[0]?.code, "deadline_exceeded");
    assert.deepEqual(decisions(outcome), ["expired"]);
    assert.equal(settledMark.parse(topics.values("harness-settled")[0]).calls_offset, null);
  });

  test("expired between two calls: the failed call does not settle, the result says why", async () => {
    const topics = new MemoryTopics();
    const late = async (): Promise<ProviderOutcome> => {
      await new Promise((resolve) => setTimeout(resolve, 120));
      return failureOf("server_error");
    };
    await start(topics, [late]).run(taskOf(1, { deadline_at_ms: Date.now() + 200 }));
    assert.deepEqual(
      finishes(topics).map(({ settles }) => settles),
      [false],
    );
    const result = runResult.parse(topics.values("harness-results")[0]);
    assert.deepEqual([result.status, result.attempts, result.spent.calls], ["expired", 1, 1]);
  });

  test("every breaker open: degraded at once, with the reason of every tier", async () => {
    const topics = new MemoryTopics();
    const { run, resilience, calls } = start(topics);
    for (const model of definitionOf().models) {
      for (let call = 0; call < breakerWindow.minimumNumberOfCalls; call++) {
        await resilience.run(model, () => Promise.resolve({ outcome: "timeout", answer: null, usage: null }));
      }
    }
    const outcome = await run(taskOf(1));
    assert.equal(calls.length, 0);
    const result = runResult.parse(topics.values("harness-results")[0]);
    assert.equal(result.status, "degraded");
    assert.deepEqual(
      result.reasons.map(({ code }) => code),
      ["breaker_open", "breaker_open", "breaker_open"],
    );
    assert.deepEqual(decisions(outcome), ["degraded"]);
  });

  test("a tier passed over for its open breaker is audited, once", async () => {
    const { run, resilience, calls } = start(new MemoryTopics(), [failureOf("timeout")]);
    for (let call = 0; call < breakerWindow.minimumNumberOfCalls; call++) {
      await resilience.run({ provider: "openai", model: "gpt-4o" }, () =>
        Promise.resolve({ outcome: "timeout", answer: null, usage: null }),
      );
    }
    const outcome = await run(taskOf(1));
    assert.deepEqual(
      calls.map(({ model }) => model),
      ["claude-3-5-sonnet-20241022", "gpt-4o-mini"],
    );
    assert.deepEqual(decisions(outcome), ["tier_skipped"]);
  });

  for (const [code, given, more] of [
    ["definition_missing", { harness: { ...harness, version: "ffffffffffffffff" } }, {}],
    ["content_sealed", { messages: { key_id: "subject-1", sealed: "AAAA" } }, {}],
  ] as const) {
    test(`${code}: for the operator a dead letter, for the user a result`, async () => {
      const topics = new MemoryTopics();
      const { run, calls } = start(topics, [], more);
      const outcome = await run(taskOf(1, given));
      assert.equal(calls.length, 0);
      assert.equal(outcome.deadLetter?.code, code);
      const result = runResult.parse(topics.values("harness-results")[0]);
      assert.deepEqual([result.status, result.reasons[0]?.code], ["degraded", code]);
      assert.equal(topics.values("harness-settled").length, 1);
    });
  }

  test("a record that is no attempt is poison", async () => {
    const { run } = start(new MemoryTopics());
    const poison = (error: unknown): boolean =>
      error instanceof PoisonRecordError && error.code === "internal_record_invalid";
    await assert.rejects(run("not json"), poison);
    await assert.rejects(run({ ...taskOf(1), attempt: 4 }), poison, "no fourth attempt, whoever asks for it");
  });
});

describe("a repeat", () => {
  test("of a settled attempt is joined: nothing is called or written but the audit", async () => {
    const topics = new MemoryTopics();
    const { run, calls } = start(topics);
    await run(taskOf(1));
    const again = await run(taskOf(1));
    assert.equal(calls.length, 1);
    assert.deepEqual(decisions(again), ["joined"]);
    assert.equal(topics.values("harness-settled").length, 1);
  });

  test("of a run id with another body is dead-lettered, without a result", async () => {
    const topics = new MemoryTopics();
    const { run, calls } = start(topics);
    await run(taskOf(1));
    const outcome = await run(taskOf(1, { body_sha256: bodyHashOf("another request") }));
    assert.equal(outcome.deadLetter?.code, "run_id_conflict");
    assert.equal(calls.length, 1);
    assert.deepEqual(topics.values("harness-results"), []);
  });

  test("while the first copy is in flight waits for it and joins", async () => {
    const topics = new MemoryTopics();
    const { promise, resolve } = Promise.withResolvers<ProviderOutcome>();
    const { run, calls } = start(topics, [() => promise]);
    const first = run(taskOf(1));
    const second = run(taskOf(1));
    const conflicting = run(taskOf(1, { body_sha256: bodyHashOf("another request") }));
    await new Promise((later) => setTimeout(later, 20));
    resolve(answerOf("Short."));
    assert.deepEqual((await first).emissions, []);
    assert.deepEqual(decisions(await second), ["joined"]);
    assert.equal((await conflicting).deadLetter?.code, "run_id_conflict");
    assert.equal(calls.length, 1);
  });

  test("retry 2 emitted again after it was paid is not paid again, and retry 3 is its own attempt", async () => {
    const topics = new MemoryTopics();
    const second = taskOf(1, { attempt: 2, first_tier: 1 });
    await start(topics).run(second);
    const restarted = start(topics);
    await restarted.takeOver();
    assert.deepEqual(decisions(await restarted.run(second)), ["joined"]);
    assert.equal(restarted.calls.length, 0);
    await restarted.run(taskOf(1, { attempt: 3, first_tier: 2 }));
    assert.deepEqual(
      restarted.calls.map(({ model }) => model),
      ["gpt-4o-mini"],
    );
  });
});

/** Runs until the wanted record is refused or reached, as a process that is killed there. */
async function crashAt(topics: MemoryTopics, at: "before finish" | "before mark" | "during HTTP"): Promise<void> {
  const killed = new Error("killed");
  const refuse = ({ type }: Emission): void => {
    if (at === "before finish" && type === "breakwater.call.finished") throw killed;
    if (at === "before mark" && type === "breakwater.attempt.settled") throw killed;
  };
  const reply = at === "during HTTP" ? [() => Promise.reject<ProviderOutcome>(killed)] : [];
  await assert.rejects(start(topics, reply, { worker: "killed", refuse }).run(taskOf(1)), killed);
}

describe("a process killed", () => {
  for (const at of ["during HTTP", "before finish"] as const) {
    test(`${at}: the call is repeated under an id of its own, and the lost one stays in the journal`, async () => {
      const topics = new MemoryTopics();
      await crashAt(topics, at);
      const next = start(topics);
      await next.takeOver();
      await next.run(taskOf(1));
      assert.equal(next.calls.length, 1);
      const kinds = journaled(topics).map(({ kind, call_no }) => `${kind} ${call_no}`);
      assert.deepEqual(kinds, ["call.started 1", "call.started 2", "call.finished 2"]);
      assert.equal(new Set(journaled(topics).map(({ call_id }) => call_id)).size, 2);
      assert.equal(finishes(topics)[0]?.settlement?.spent.unpriced_calls, 1, "the lost call is of unknown cost");
    });
  }

  test("after the finish: no second call, the mark is written by the next owner", async () => {
    const topics = new MemoryTopics();
    await crashAt(topics, "before mark");
    const next = start(topics);
    await next.takeOver();
    assert.deepEqual(decisions(await next.run(taskOf(1))), ["joined"]);
    assert.equal(next.calls.length, 0);
    assert.equal(settledMark.parse(topics.values("harness-settled")[0]).calls_offset, "1");
  });

  test("after a failed call that did not settle: the next owner goes on at the next tier", async () => {
    const topics = new MemoryTopics();
    const { promise: never } = Promise.withResolvers<ProviderOutcome>();
    void start(topics, [failureOf("server_error"), () => never], { worker: "killed" }).run(taskOf(1));
    while (journaled(topics).length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    const next = start(topics);
    await next.takeOver();
    await next.run(taskOf(1));
    assert.deepEqual(
      next.calls.map(({ model }) => model),
      ["claude-3-5-sonnet-20241022"],
    );
  });
});

describe("a partition lost", () => {
  async function whileCalling(context: () => TestContext, reply: ProviderOutcome): Promise<ProviderOutcome> {
    await Promise.resolve();
    context().lose();
    return reply;
  }

  test("before the record began: nothing is started", async () => {
    const { run, context, calls } = start(new MemoryTopics());
    context.lose();
    await assert.rejects(run(taskOf(1)), lost);
    assert.equal(calls.length, 0);
  });

  test("during a call that answers: it is journaled and marked", async () => {
    const topics = new MemoryTopics();
    const { run, context } = start(topics, [() => whileCalling(() => context, answerOf("Short."))]);
    await run(taskOf(1));
    assert.deepEqual(context.steps.slice(-2), ["call.finished", "attempt.settled"]);
  });

  test("during a call that fails: it is journaled, and no other is started", async () => {
    const topics = new MemoryTopics();
    const { run, context, calls } = start(topics, [() => whileCalling(() => context, failureOf("server_error"))]);
    await assert.rejects(run(taskOf(1)), lost);
    assert.equal(calls.length, 1);
    assert.deepEqual(
      finishes(topics).map(({ settles }) => settles),
      [false],
    );
  });

  test("the next owner waits for the call in flight and pays nothing", async () => {
    const topics = new MemoryTopics();
    const { promise, resolve } = Promise.withResolvers<ProviderOutcome>();
    const old = start(topics, [() => promise], { worker: "old" });
    const first = old.run(taskOf(1));
    while (journaled(topics).length < 1) await new Promise((later) => setTimeout(later, 5));
    old.context.lose();
    const next = start(topics, [], { worker: "new", living: ["old"] });
    await next.takeOver();
    const second = next.run(taskOf(1));
    await new Promise((later) => setTimeout(later, 50));
    assert.equal(next.calls.length, 0);
    resolve(answerOf("Short."));
    await first;
    assert.deepEqual(decisions(await second), ["joined"]);
    assert.equal(next.calls.length, 0);
    assert.equal(journaled(topics).length, 2);
    next.journal.end();
  });
});

test("a finish that the broker refuses is written by the second try, and not paid again", async () => {
  const topics = new MemoryTopics();
  let refusals = 1;
  const refuse = ({ type }: Emission): void => {
    if (type === "breakwater.call.finished" && refusals-- > 0)
      throw new TransientError("broker_unavailable", "no broker");
  };
  const { run, calls } = start(topics, [], { refuse });
  await assert.rejects(run(taskOf(1)), TransientError);
  await run(taskOf(1));
  assert.equal(calls.length, 1);
  assert.equal(finishes(topics).length, 1);
  assert.equal(topics.values("harness-settled").length, 1);
});

test("whatever the providers say, an attempt ends in exactly one settling finish or one result, and one mark", async () => {
  const reply = fc.oneof(
    fc.constant(answerOf("Short.")),
    fc.constantFrom(...callOutcomes).map((outcome) => (outcome === "ok" ? answerOf("Yes.") : failureOf(outcome))),
    fc.constant(failureOf("rate_limited", { retryAfterMs: 1 })),
  );
  const play = fc.record({
    replies: fc.array(reply, { minLength: 6, maxLength: 6 }),
    firstTier: fc.integer({ min: 0, max: 2 }),
    late: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(play, async ({ replies, firstTier, late }) => {
      const topics = new MemoryTopics();
      const { run, calls } = start(topics, [...replies]);
      await run(taskOf(1, { first_tier: firstTier, ...(late ? { deadline_at_ms: Date.now() } : {}) }));
      const settling = finishes(topics).filter(({ settles }) => settles).length;
      assert.equal(settling + topics.values("harness-results").length, 1);
      assert.equal(topics.values("harness-settled").length, 1);
      assert.equal(journaled(topics).length, 2 * calls.length);
      assert.ok(calls.length <= 6 && (!late || calls.length === 0));
    }),
    { numRuns: 100 },
  );
});
