import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { erasedContent, erasedReason } from "../../schemas/parts/content.ts";
import fc from "fast-check";
import { callOutcomes } from "../../schemas/parts/codes.ts";
import { runResult } from "../../schemas/records/run-result.ts";
import { settledMark } from "../../schemas/records/settled.ts";
import {
  answerOf,
  bodyHashOf,
  definitionOf,
  failureOf,
  harness,
  MemoryTopics,
  taskOf,
} from "../../test/support/model-invoke-fixtures.ts";
import { decisions, finishes, held, journaled, startProcess } from "../../test/support/model-invoke-process.ts";
import type { ProviderOutcome } from "../providers/outcome.ts";
import { PoisonRecordError, TransientError } from "../runtime/errors.ts";
import type { Emission } from "../runtime/stage.ts";
import { breakerWindow } from "./breakers/resilience.ts";

describe("one attempt", () => {
  test("the start is acknowledged before the request leaves, the finish before the mark", async () => {
    const topics = new MemoryTopics();
    const { run, context, calls } = startProcess(topics);
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
    const { run, calls } = startProcess(new MemoryTopics(), [], { definition });
    await run(taskOf(1));
    assert.deepEqual(calls[0]?.messages, [{ role: "user", content: "Summarise document 1" }]);
    assert.deepEqual([calls[0].maxOutputTokens, calls[0].temperature, calls[0].jsonSchema], [77, 0.2, schema]);
    assert.ok(calls[0].timeoutMs <= 5000);
  });

  test("what the caller asks for goes along with every call, a fallback too, within the harness's limit", async () => {
    const tools = [{ name: "weather" }];
    const options = { tools, tool_choice: "required", max_output_tokens: 7, temperature: 0.5 } as const;
    const topics = new MemoryTopics();
    const { run, calls } = startProcess(topics, [failureOf("server_error", { status: 500 })]);
    await run(taskOf(1, { options }));
    assert.equal(calls.length, 2);
    for (const call of calls) {
      assert.deepEqual([call.tools, call.toolChoice, call.temperature], [tools, "required", 0.5]);
      assert.equal(call.maxOutputTokens, 7);
    }
    assert.deepEqual(
      journaled(topics).map((record) => record.max_output_tokens),
      [7, 7, 7, 7],
    );
  });

  test("an answer that calls tools settles with its calls, as the model wrote them", async () => {
    const toolCalls = [{ id: "call_1", name: "weather", arguments: '{"city": "Os' }];
    const topics = new MemoryTopics();
    const { run } = startProcess(topics, [answerOf("", { finishReason: "tool_calls", toolCalls })]);
    await run(taskOf(1, { options: { tools: [{ name: "weather" }] } }));
    const [finished] = finishes(topics);
    assert.deepEqual(finished?.settlement?.answer, { plain: "" });
    assert.deepEqual(finished.settlement.tool_calls, { plain: toolCalls });
    assert.equal(finished.finish_reason, "tool_calls");
  });

  test("a failed tier is followed by the next, numbered, journaled and paid on its own", async () => {
    const topics = new MemoryTopics();
    const { run, context } = startProcess(topics, [failureOf("server_error", { status: 500 })]);
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
    const { run } = startProcess(topics, [failureOf("server_error"), failureOf("overloaded"), failureOf("connection")]);
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
    const { run, calls, unauthorized } = startProcess(topics, [
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
    const { run } = startProcess(topics, [answerOf("Sho", { finishReason: "length" })]);
    await run(taskOf(1));
    assert.deepEqual(
      finishes(topics).map(({ outcome }) => outcome),
      ["truncated", "ok"],
    );
    assert.notEqual(finishes(topics)[0]?.cost_usd, null);
  });

  test("a short Retry-After is waited for and the tier asked once more", async () => {
    const topics = new MemoryTopics();
    const { run, calls } = startProcess(topics, [failureOf("rate_limited", { retryAfterMs: 30 })]);
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
    await startProcess(topics, [() => never], { definition }).run(taskOf(1));
    const [stalled] = finishes(topics);
    assert.deepEqual([stalled?.outcome, stalled?.usage_source, stalled?.cost_usd], ["timeout", "unknown", null]);
    assert.ok(stalled !== undefined && stalled.cost_high_usd !== null);
  });
});

describe("an attempt that no model answers", () => {
  test("expired before the first call: a result, then the mark, and nothing paid", async () => {
    const topics = new MemoryTopics();
    const { run, context, calls } = startProcess(topics);
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
    await startProcess(topics, [late]).run(taskOf(1, { deadline_at_ms: Date.now() + 200 }));
    assert.deepEqual(
      finishes(topics).map(({ settles }) => settles),
      [false],
    );
    const result = runResult.parse(topics.values("harness-results")[0]);
    assert.deepEqual([result.status, result.attempts, result.spent.calls], ["expired", 1, 1]);
  });

  test("every breaker open: degraded at once, with the reason of every tier", async () => {
    const topics = new MemoryTopics();
    const { run, resilience, calls } = startProcess(topics);
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

  test("a result that is out ends the attempt, though its mark was refused and a model would answer by now", async () => {
    const topics = new MemoryTopics();
    let refused = 0;
    const refuse = ({ topic }: Emission): void => {
      if (topic !== "harness-settled" || refused++ > 0) return;
      throw new TransientError("broker_unavailable", "not now");
    };
    const { run, resilience, calls } = startProcess(topics, [], { refuse });
    const open = mock.method(resilience, "isOpen", () => true);
    await assert.rejects(run(taskOf(1)), TransientError);
    open.mock.restore();
    const outcome = await run(taskOf(1));
    assert.equal(calls.length, 0);
    assert.equal(topics.values("harness-results").length, 1);
    assert.equal(topics.values("harness-settled").length, 1);
    assert.deepEqual(decisions(outcome), ["degraded"]);
  });

  test("a tier passed over for its open breaker is audited, once", async () => {
    const { run, resilience, calls } = startProcess(new MemoryTopics(), [failureOf("timeout")]);
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

  test("each tier is sent the prompt as it was cut for it; a tier that cannot take it is audited", async () => {
    const { run, calls } = startProcess(new MemoryTopics(), [failureOf("server_error"), answerOf("done")]);
    const fits = [
      { tier: 1, input_tokens: 900, cuts: [] },
      { tier: 2, input_tokens: 400, cuts: [{ message: 0, start: 9, end: 18 }] },
    ];
    const outcome = await run(taskOf(1, { fits }));
    assert.deepEqual(
      calls.map(({ model, messages }) => [model, messages[0]?.content]),
      [
        ["claude-3-5-sonnet-20241022", "Summarise document 1"],
        ["gpt-4o-mini", "Summarise 1"],
      ],
    );
    assert.deepEqual(decisions(outcome), ["tier_skipped"]);
    assert.match(JSON.stringify(outcome.emissions), /"code":"context_window".*"rule":"tier_0"/);
  });

  for (const [code, given, more] of [
    ["definition_missing", { harness: { ...harness, version: "ffffffffffffffff" } }, {}],
    ["content_sealed", { messages: { key_id: "subject-1", sealed: "AAAA" } }, {}],
  ] as const) {
    test(`${code}: for the user a result, for the operator a dead letter, and only after both the mark`, async () => {
      const topics = new MemoryTopics();
      const { run, calls } = startProcess(topics, [], more);
      const outcome = await run(taskOf(1, given));
      assert.equal(calls.length, 0);
      assert.equal(outcome.deadLetter?.code, code);
      const result = runResult.parse(topics.values("harness-results")[0]);
      assert.deepEqual([result.status, result.reasons[0]?.code], ["degraded", code]);
      const marks = outcome.emissions.filter(({ topic }) => topic === "harness-settled");
      assert.deepEqual([topics.values("harness-settled").length, marks.length], [0, 1]);
      settledMark.parse(marks[0]?.value);
    });
  }

  test("erased: the run is over without a call, an answer or a dead letter", async () => {
    const topics = new MemoryTopics();
    const { run, calls } = startProcess(topics, []);
    const outcome = await run(taskOf(1, { messages: erasedContent }));
    assert.deepEqual([calls.length, outcome.deadLetter], [0, undefined]);
    const { status, reasons, output } = runResult.parse(topics.values("harness-results")[0]);
    assert.deepEqual([status, reasons, output], ["cancelled", [erasedReason], undefined]);
  });

  test("a record that is no attempt is poison", async () => {
    const { run } = startProcess(new MemoryTopics());
    const poison = (error: unknown): boolean =>
      error instanceof PoisonRecordError && error.code === "internal_record_invalid";
    await assert.rejects(run("not json"), poison);
    await assert.rejects(run({ ...taskOf(1), attempt: 4 }), poison, "no fourth attempt, whoever asks for it");
  });
});

describe("a repeat", () => {
  test("of a settled attempt is joined: nothing is called or written but the audit", async () => {
    const topics = new MemoryTopics();
    const { run, calls } = startProcess(topics);
    await run(taskOf(1));
    const again = await run(taskOf(1));
    assert.equal(calls.length, 1);
    assert.deepEqual(decisions(again), ["joined"]);
    assert.equal(topics.values("harness-settled").length, 1);
  });

  test("of a run id with another body is dead-lettered, without a result", async () => {
    const topics = new MemoryTopics();
    const { run, calls } = startProcess(topics);
    await run(taskOf(1));
    const outcome = await run(taskOf(1, { body_sha256: bodyHashOf("another request") }));
    assert.equal(outcome.deadLetter?.code, "run_id_conflict");
    assert.equal(calls.length, 1);
    assert.deepEqual(topics.values("harness-results"), []);
  });

  test("while the first copy is in flight waits for it and joins", async () => {
    const topics = new MemoryTopics();
    const { reply, end } = held();
    const { run, calls } = startProcess(topics, [reply]);
    const first = run(taskOf(1));
    const second = run(taskOf(1));
    const conflicting = run(taskOf(1, { body_sha256: bodyHashOf("another request") }));
    await new Promise((later) => setTimeout(later, 20));
    end(answerOf("Short."));
    assert.deepEqual((await first).emissions, []);
    assert.deepEqual(decisions(await second), ["joined"]);
    assert.equal((await conflicting).deadLetter?.code, "run_id_conflict");
    assert.equal(calls.length, 1);
  });

  test("retry 2 emitted again after it was paid is not paid again, and retry 3 is its own attempt", async () => {
    const topics = new MemoryTopics();
    const second = taskOf(1, { attempt: 2, first_tier: 1 });
    await startProcess(topics).run(second);
    const restarted = startProcess(topics);
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
      const { run, calls } = startProcess(topics, [...replies]);
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
