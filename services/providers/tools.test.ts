/** Calls of tools through the real SDKs against the stand-in: the same whole and streamed, whichever provider. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FaultEffect } from "../../infra/embedded/stand-in/fault-rules.ts";
import type { Message } from "../../schemas/parts/content.ts";
import { type CallChanges, providerCall } from "../../test/support/provider-call.ts";
import { providedByStandIn } from "../../test/support/provided-by-stand-in.ts";
import type { ProviderOutcome } from "./outcome.ts";

const { standIn, providers } = await providedByStandIn();

const parameters = {
  type: "object",
  additionalProperties: false,
  required: ["city", "days"],
  properties: { city: { type: "string" }, days: { type: "integer", minimum: 1 } },
};
const tools = [{ name: "weather", description: "Of a city", parameters }];
const messages: Message[] = [{ role: "user", content: "weather City: Oslo\nDays: 3\n" }];
const jsonSchema = {
  type: "object",
  additionalProperties: false,
  required: ["total"],
  properties: { total: { type: "number" } },
};

const servers = [
  ["openai", "gpt-4o"],
  ["anthropic", "claude-sonnet-4-5"],
  ["anthropic", "claude-3-5-sonnet-latest"],
] as const;

async function ask(
  [provider, model]: (typeof servers)[number],
  changes: CallChanges = {},
  effects: readonly FaultEffect[] = [],
): Promise<ProviderOutcome> {
  await standIn.script({ rules: effects.map((effect) => ({ match: {}, effect })) });
  return await providers.call({ ...providerCall({ model, messages, tools, ...changes }), provider });
}

/** What was called, and how the model ended. */
function calledIn(outcome: ProviderOutcome): unknown {
  if (outcome.kind === "failure") return outcome.code;
  return (outcome.toolCalls ?? []).map((call) => [call.name, call.arguments]);
}

const oslo = ["weather", '{"city":"Oslo","days":3}'];

for (const server of servers) {
  const [provider, model] = server;
  for (const stream of [false, true]) {
    const way = `${model}, ${stream ? "streamed" : "whole"}`;

    test(`${way}: a call of a tool is an answer without words, with usage`, async () => {
      const outcome = await ask(server, { stream });
      assert.ok(outcome.kind === "answer" && outcome.usage !== null);
      assert.deepEqual([outcome.text, calledIn(outcome)], ["", [oslo]]);
      assert.equal(outcome.finishReason, provider === "openai" ? "tool_calls" : "tool_use");
    });

    test(`${way}: several calls keep their order, each with an id of its own`, async () => {
      const two: Message[] = [
        { role: "user", content: "weather City: Oslo\nDays: 3\nweather City: Bergen\nDays: 4\n" },
      ];
      const outcome = await ask(server, { stream, messages: two });
      assert.deepEqual(calledIn(outcome), [oslo, ["weather", '{"city":"Bergen","days":4}']]);
      assert.ok(outcome.kind === "answer" && new Set(outcome.toolCalls?.map(({ id }) => id)).size === 2);
      assert.deepEqual(calledIn(await ask(server, { stream, messages: two, parallelToolCalls: false })), [oslo]);
    });

    test(`${way}: a result is answered in words, by the other's ids too`, async () => {
      const outcome = await ask(server, { stream });
      assert.ok(outcome.kind === "answer");
      const [call] = outcome.toolCalls ?? [];
      for (const id of [call?.id ?? "", "functions.weather:0"]) {
        const turns: Message[] = [
          ...messages,
          { role: "assistant", content: "", tool_calls: [{ id, name: "weather", arguments: { city: "Oslo" } }] },
          { role: "tool", content: "It is 4 C in Oslo.", tool_call_id: id },
        ];
        for (const offered of [tools, undefined]) {
          const answered = await ask(server, { stream, messages: turns, tools: offered });
          assert.ok(answered.kind === "answer", JSON.stringify(answered));
          assert.deepEqual([answered.text, answered.toolCalls], ["It is 4 C in Oslo.", undefined]);
        }
      }
    });

    test(`${way}: a choice is kept`, async () => {
      const silent: Message[] = [{ role: "user", content: "Days: 3\nCity: Oslo\n" }];
      assert.deepEqual(calledIn(await ask(server, { stream, messages: silent })), []);
      for (const toolChoice of ["required", { name: "weather" }] as const) {
        assert.deepEqual(calledIn(await ask(server, { stream, messages: silent, toolChoice })), [oslo]);
      }
      assert.deepEqual(calledIn(await ask(server, { stream, toolChoice: "none" })), []);
    });

    test(`${way}: a schema beside tools is kept by the answer, and a call is not held to it`, async () => {
      assert.deepEqual(calledIn(await ask(server, { stream, jsonSchema })), [oslo]);
      const total: Message[] = [{ role: "user", content: "Total: 90.50\n" }];
      const outcome = await ask(server, { stream, jsonSchema, messages: total });
      assert.ok(outcome.kind === "answer" && outcome.toolCalls === undefined);
      assert.deepEqual(JSON.parse(outcome.text), { total: 90.5 });
    });

    test(`${way}: broken arguments come as they were written`, async () => {
      const outcome = await ask(server, { stream }, [{ kind: "bad_tool_arguments" }]);
      assert.deepEqual(calledIn(outcome), [["weather", '{"city":"Oslo","days":3,']]);
    });

    test(`${way}: an unknown tool comes with the name that the model made up`, async () => {
      const outcome = await ask(server, { stream }, [{ kind: "unknown_tool" }]);
      assert.ok(outcome.kind === "answer" && outcome.toolCalls?.[0]?.name !== "weather");
    });

    test(`${way}: an answer that was cut off within a call says so`, async () => {
      const outcome = await ask(server, { stream, maxOutputTokens: 3 });
      assert.ok(outcome.kind === "answer");
      assert.equal(outcome.finishReason, provider === "openai" ? "length" : "max_tokens");
      assert.deepEqual(calledIn(outcome), [["weather", '{"city":"Osl']]);
    });
  }

  test(`${model}: of a call whose stream stalls, what had come is counted`, async () => {
    const limits = { connectMs: 20_000, firstByteMs: 20_000, idleMs: 60 };
    const ended = await ask(server, { stream: true, limits }, [{ kind: "stall", afterEvents: 4 }]);
    assert.ok(ended.kind === "failure" && ended.code === "stalled" && (ended.streamedTokens ?? 0) > 0);
  });
}
