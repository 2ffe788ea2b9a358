/**
 * Journeys of requests that bring tools: the call as the result, the round trip
 * with the tool's own result, and what becomes of calls that are not as they
 * should be. Real decisions and SDKs; the ledger is what the provider counted.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FaultRule } from "../../infra/embedded/stand-in/fault-rules.ts";
import type { CallOptions } from "../../schemas/parts/call-options.ts";
import type { Message } from "../../schemas/parts/content.ts";
import type { ToolCall } from "../../schemas/parts/tools.ts";
import { decisionsIn } from "../support/audited-decisions.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { providedByStandIn } from "../support/provided-by-stand-in.ts";
import { sampleHarness } from "../support/sample-definition.ts";
import { chargedUsd, deadLettersIn, resultsIn } from "./books.ts";
import { digest, published } from "./harnesses.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { Pipeline } from "./pipeline.ts";
import { allStages } from "./stages.ts";

const { standIn, providers } = await providedByStandIn();

const concierge = sampleHarness({
  name: "concierge",
  input: { schema: { type: "object", properties: { turns: { type: "array" } }, required: ["turns"] } },
  prompt: { system: "Help the guest.", user: "", messages: "turns" },
  output: { format: "text", maxTokens: 200 },
  models: digest.models,
  knobs: { output: { repair: false, reask: true, escalate: true } },
  callers: { instructions: true, tools: true, outputSchema: true, sampling: true },
  fallbackAnswer: "Please ask at the desk.",
});
const definitions = published([concierge]);

const room = {
  name: "book_room",
  description: "Books a room",
  parameters: {
    type: "object",
    additionalProperties: false,
    required: ["guest", "nights"],
    properties: { guest: { type: "string" }, nights: { type: "integer", minimum: 1 } },
  },
};
const question: Message = { role: "user", content: "Please book_room for me.\nGuest: Ferry Crew\nNights: 3\n" };
const booked = { name: "book_room", arguments: { guest: "Ferry Crew", nights: 3 } };

interface Asked {
  readonly turns?: readonly Message[];
  readonly options?: CallOptions;
  readonly rules?: readonly FaultRule[];
}

interface Arrived {
  readonly result: RunResult;
  /** The tools that the result calls, without their ids. */
  readonly called: readonly Omit<ToolCall, "id">[];
  readonly decisions: readonly string[];
  readonly calls: readonly string[];
  readonly deadLetters: readonly string[];
}

async function journey({ turns = [question], options = { tools: [room] }, rules = [] }: Asked = {}): Promise<Arrived> {
  await standIn.script({ rules: [...rules] });
  const before = standIn.calls().length;
  const ledger = new MemoryLedger();
  const pipeline = new Pipeline(allStages({ providers, ledger, definitions }));
  pipeline.publish("any", { harness: "concierge", client_id: "acme", input: { turns }, options });
  await pipeline.run();
  pipeline.end();
  const [result, ...others] = resultsIn(pipeline.log);
  assert.ok(result !== undefined && others.length === 0);
  assert.equal(ledger.costUsd, chargedUsd(standIn.calls().slice(before)), "the ledger is what the provider counted");
  const audited = decisionsIn(pipeline.log);
  return {
    result,
    called: callsOf(result).map(({ name, arguments: given }) => ({ name, arguments: given })),
    decisions: audited.map(({ stage, attempt, decision }) => `${stage} ${attempt} ${decision}`),
    calls: [...ledger.calls.values()].map(({ model, outcome }) => `${model} ${outcome}`),
    deadLetters: deadLettersIn(pipeline.log),
  };
}

function callsOf({ tool_calls: calls }: RunResult): readonly ToolCall[] {
  return calls !== undefined && "plain" in calls ? calls.plain : [];
}

function faulty(kind: "bad_tool_arguments" | "wrong_tool_arguments" | "unknown_tool", first: number): FaultRule {
  return { match: { first }, effect: { kind } };
}

test("a tool's round trip: the call is the result, and its own result is answered in words", async () => {
  const asked = await journey();
  assert.deepEqual([asked.result.status, asked.called, asked.calls], ["ok", [booked], ["gpt-4o ok"]]);
  const [call] = callsOf(asked.result);
  assert.ok(call !== undefined);
  const turns: Message[] = [
    question,
    { role: "assistant", content: "", tool_calls: [call] },
    { role: "tool", content: "Room 12 is yours for three nights.", tool_call_id: call.id },
  ];
  for (const rules of [[], [{ match: { model: "gpt-4o" }, effect: { kind: "status", status: 500 } } as const]]) {
    const answered = await journey({ turns, rules });
    assert.deepEqual([answered.result.status, answered.called], ["ok", []]);
    assert.deepEqual(answered.result.output, { plain: "Room 12 is yours for three nights." });
  }
});

test("words end where their caller wants them to, and no other model is paid to say as much", async () => {
  const turns: Message[] = [{ role: "user", content: "The harbour wall was raised after the storm of last winter." }];
  const { result, calls } = await journey({ turns, options: { max_output_tokens: 5 } });
  assert.deepEqual([result.status, result.ended_at_limit, calls], ["ok", true, ["gpt-4o ok"]]);
  const whole = await journey({ turns, options: { max_output_tokens: 150 } });
  assert.deepEqual([whole.result.status, whole.result.ended_at_limit], ["ok", undefined]);
});

test("several calls come in their order", async () => {
  const two: Message = { role: "user", content: "book_room Guest: Ann\nNights: 1\nbook_room Guest: Bob\nNights: 2\n" };
  const { called } = await journey({ turns: [two] });
  assert.deepEqual(
    called.map(({ arguments: given }) => given),
    [
      { guest: "Ann", nights: 1 },
      { guest: "Bob", nights: 2 },
    ],
  );
});

describe("a call that is not as it should be", () => {
  for (const kind of ["bad_tool_arguments", "wrong_tool_arguments", "unknown_tool"] as const) {
    test(`${kind}: is asked for again of the next model, and paid for both times`, async () => {
      const { result, called, calls, decisions } = await journey({ rules: [faulty(kind, 1)] });
      assert.deepEqual([result.status, result.attempts, called], ["ok", 2, [booked]]);
      assert.deepEqual(calls, ["gpt-4o ok", "claude-3-5-sonnet-latest ok"]);
      assert.deepEqual(decisions.slice(1), ["output-validate 1 retried", "output-validate 2 passed"]);
    });

    test(`${kind}: three times ends the run, for the operator too`, async () => {
      const { result, called, deadLetters } = await journey({ rules: [faulty(kind, 3)] });
      assert.deepEqual([result.status, called], ["failed_validation", []]);
      assert.deepEqual(deadLetters, ["output-validate: attempts_exhausted"]);
    });
  }

  test("cut off at the caller's own limit, it is truncated at every model", async () => {
    const { result, calls } = await journey({ options: { tools: [room], max_output_tokens: 2 } });
    assert.equal(result.status, "degraded");
    assert.deepEqual(
      calls.map((call) => call.split(" ")[1]),
      ["truncated", "truncated", "truncated"],
    );
  });
});

describe("what the caller asks for holds at every model of the chain", () => {
  const failing = (...models: readonly string[]): FaultRule[] =>
    models.map((model) => ({ match: { model }, effect: { kind: "status", status: 500 } }));
  const chains = [[], ["gpt-4o"], ["gpt-4o", "claude-3-5-sonnet-latest"]];
  const schema = {
    type: "object",
    additionalProperties: false,
    required: ["nights"],
    properties: { nights: { type: "integer" } },
  };
  const plainly: Message = { role: "user", content: "How long do we stay?\nNights: 3\n" };

  for (const failed of chains) {
    const after = failed.length === 0 ? "the first" : `after ${failed.join(" and ")}`;

    test(`${after}: a call`, async () => {
      assert.deepEqual((await journey({ rules: failing(...failed) })).called, [booked]);
    });

    test(`${after}: JSON by the caller's schema, beside tools and without`, async () => {
      for (const tools of [{ tools: [room] }, {}]) {
        const options = { ...tools, output_schema: schema };
        const { result } = await journey({ turns: [plainly], options, rules: failing(...failed) });
        assert.deepEqual([result.status, result.output], ["ok", { plain: { nights: 3 } }]);
      }
    });

    test(`${after}: no call, where none may be made`, async () => {
      const options: CallOptions = { tools: [room], tool_choice: "none" };
      const { result, called } = await journey({ options, rules: failing(...failed) });
      assert.deepEqual([result.status, called], ["ok", []]);
    });
  }
});
