import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answerOf, failureOf } from "../../../test/support/model-invoke-fixtures.ts";
import type { ProviderOutcome } from "../../providers/outcome.ts";
import { endingOf as read, maxAnswerBytes, maxToolCalls } from "./call-ending.ts";

const endingOf = (outcome: ProviderOutcome, isAsAsked = false) => read(outcome, () => isAsAsked);

describe("what a provider's outcome becomes", () => {
  test("an answer is ok, with what is known of who gave it", () => {
    const ending = endingOf(answerOf("Short.", { providerRequestId: "req-1" }));
    assert.equal(ending.outcome, "ok");
    assert.equal(ending.answer, "Short.");
    assert.equal(ending.servedModel, "gpt-4o-2024-08-06");
    assert.equal(ending.providerRequestId, "req-1");
    assert.equal(ending.error, undefined);
  });

  for (const finishReason of ["length", "max_tokens"]) {
    test(`an answer that ended for ${finishReason} is truncated, and charged`, () => {
      const ending = endingOf(answerOf("Sho", { finishReason }));
      assert.deepEqual([ending.outcome, ending.answer, ending.usage?.output_tokens], ["truncated", null, 100]);
    });
  }

  test("words that ended where their caller wanted are an answer, be they none", () => {
    for (const text of ["Sho", ""]) {
      const ending = endingOf(answerOf(text, { finishReason: "length" }), true);
      assert.deepEqual([ending.outcome, ending.answer, ending.finishReason], ["ok", text, "length"]);
    }
  });

  test("an answer without usage says why", () => {
    const ending = endingOf(answerOf("Short.", { usage: null, usageCode: "usage_mismatch" }));
    assert.deepEqual([ending.outcome, ending.error?.code], ["ok", "usage_mismatch"]);
  });

  test("a failure keeps its code, status and pause, and has no answer", () => {
    const ending = endingOf(
      failureOf("rate_limited", { status: 429, retryAfterMs: 1500, code: "rate_limit_exceeded" }),
    );
    assert.deepEqual(ending.error, { code: "rate_limit_exceeded", status: 429, retry_after_ms: 1500 });
    assert.equal(ending.answer, null);
  });

  const quotes = '"'.repeat(maxAnswerBytes / 2 - 1);
  for (const [name, text, outcome] of [
    ["at the limit", "a".repeat(maxAnswerBytes - 2), "ok"],
    ["above the limit", "a".repeat(maxAnswerBytes - 1), "malformed"],
    ["at the limit once it is escaped", quotes, "ok"],
    ["above the limit once it is escaped", `${quotes}a`, "malformed"],
    ["above the limit in bytes only", "é".repeat(maxAnswerBytes / 2), "malformed"],
  ] as const) {
    test(`an answer ${name}: ${outcome}`, () => assert.equal(endingOf(answerOf(text)).outcome, outcome));
  }
});

describe("an answer that calls tools", () => {
  const call = (text: string) => ({ id: "a", name: "weather", arguments: text });
  const calls = (count: number) => Array.from({ length: count }, () => call("{}"));

  test("is ok with its calls, without words and however the provider calls that", () => {
    for (const finishReason of ["tool_calls", "tool_use", "stop"]) {
      const ending = endingOf(answerOf("", { finishReason, toolCalls: calls(2) }));
      assert.deepEqual([ending.outcome, ending.answer, ending.toolCalls], ["ok", "", calls(2)]);
    }
  });

  test("is truncated when its limit came within a call, and charged", () => {
    const ending = endingOf(answerOf("", { finishReason: "length", toolCalls: [call('{"ci')] }), true);
    assert.deepEqual([ending.outcome, ending.answer, ending.toolCalls], ["truncated", null, undefined]);
    assert.equal(ending.usage?.output_tokens, 100);
  });

  test("may have as many calls as there may be tools, and no more", () => {
    assert.equal(endingOf(answerOf("", { toolCalls: calls(maxToolCalls) })).outcome, "ok");
    const more = endingOf(answerOf("", { toolCalls: calls(maxToolCalls + 1) }));
    assert.deepEqual([more.outcome, more.error?.code], ["malformed", "too_many_tool_calls"]);
  });

  test("is too large when words and calls together are", () => {
    const half = "a".repeat(maxAnswerBytes / 2);
    assert.equal(endingOf(answerOf(half)).outcome, "ok");
    assert.equal(endingOf(answerOf("", { toolCalls: [call(half)] })).outcome, "ok");
    const both = endingOf(answerOf(half, { toolCalls: [call(half)] }));
    assert.deepEqual([both.outcome, both.error?.code], ["malformed", "answer_too_large"]);
    const quotes = '"'.repeat(maxAnswerBytes / 2);
    assert.equal(endingOf(answerOf("", { toolCalls: [call(quotes)] })).outcome, "malformed");
  });
});
