import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";
import { SpanStatusCode } from "@opentelemetry/api";
import { startedCall } from "../../../test/support/ledger-records.ts";
import { recordedSpans } from "../../../test/support/recorded-spans.ts";
import { callRole, chatSpan } from "./chat-span.ts";

const recorded = recordedSpans();
beforeEach(() => recorded.forget());
after(() => recorded.close());

describe("why a call is made", () => {
  const cases = [
    ["the first of an attempt", { tier: 0 }, [], "first"],
    ["the same model again", { tier: 0 }, [0], "retry"],
    ["another model after the first failed", { tier: 1 }, [0], "fallback"],
    ["another model, as the first was passed over", { tier: 1 }, [], "fallback"],
    ["the fallback again", { tier: 1 }, [0, 1], "retry"],
    ["one beside a slow one", { tier: 1, hedge_of: "slow" }, [0], "hedge"],
    ["one beside a slow one, with the same model", { tier: 0, hedge_of: "slow" }, [0], "hedge"],
  ] as const;
  for (const [name, started, earlier, role] of cases)
    test(`${name}: ${role}`, () => {
      const calls = earlier.map((tier, at) => ({ callId: `earlier ${at}`, tier }));
      const own = { callId: "own", tier: started.tier };
      for (const known of [calls, [...calls, own]])
        assert.equal(callRole({ call_id: "own", ...started }, { first_tier: 0 }, known), role);
    });
  test("a second attempt that begins further down the chain makes its first call there: first", () => {
    assert.equal(callRole({ call_id: "own", tier: 1 }, { first_tier: 1 }, []), "first");
  });
});

test("a call is a span by the GenAI conventions, its tokens as the conventions count them", async () => {
  const started = startedCall(1);
  const usage = {
    input_tokens: 10,
    cached_input_tokens: 5,
    cache_write_tokens: 1,
    output_tokens: 7,
    reasoning_tokens: 2,
  };
  await chatSpan(started, { role: "fallback", content: () => ({}) }, () =>
    Promise.resolve({ outcome: "ok", answer: null, usage, finishReason: "stop" }),
  );
  const { attributes, status } = recorded.named(`chat ${started.model}`);
  assert.equal(attributes["gen_ai.operation.name"], "chat");
  assert.equal(attributes["gen_ai.usage.input_tokens"], 16);
  assert.equal(attributes["gen_ai.usage.output_tokens"], 9);
  assert.equal(attributes["gen_ai.usage.cache_read.input_tokens"], 5);
  assert.deepEqual(attributes["gen_ai.response.finish_reasons"], ["stop"]);
  assert.equal(attributes["breakwater.call.role"], "fallback");
  assert.equal(attributes["breakwater.call_id"], started.call_id);
  assert.equal(status.code, SpanStatusCode.UNSET);
});

test("a call that fails is an error, named by its outcome", async () => {
  const started = { ...startedCall(1), hedge_of: "0199d000-0000-7000-8000-00000000cafe" };
  await chatSpan(started, { role: "hedge", content: () => ({}) }, () =>
    Promise.resolve({ outcome: "timeout", answer: null, usage: null }),
  );
  const { attributes, status } = recorded.named(`chat ${started.model}`);
  assert.equal(status.code, SpanStatusCode.ERROR);
  assert.equal(attributes["error.type"], "timeout");
  assert.equal(attributes["breakwater.hedge_of"], started.hedge_of);
});

test("what the harness wants of the prompt in its traces is on the span of the call", async () => {
  const started = startedCall(1);
  const content = () => ({ "gen_ai.input.messages": "[]" });
  await chatSpan(started, { role: "first", content }, () =>
    Promise.resolve({ outcome: "timeout", answer: null, usage: null }),
  );
  assert.equal(recorded.named(`chat ${started.model}`).attributes["gen_ai.input.messages"], "[]");
});
