/** Tools through the official SDKs against the stand-in: their types, their streams, and what the real APIs refuse. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { startTestStandIn } from "../../../test/support/stand-in.ts";

const standIn = await startTestStandIn();
after(() => standIn.stop());
const quiet = { apiKey: "any", maxRetries: 0 } as const;
const openai = new OpenAI({ ...quiet, baseURL: standIn.environment.OPENAI_BASE_URL });
const anthropic = new Anthropic({ ...quiet, baseURL: standIn.environment.ANTHROPIC_BASE_URL });

const parameters = { properties: { city: { type: "string" } }, required: ["city"] };
const question = { role: "user", content: "weather City: Oslo\nweather City: Bergen\n" } as const;
const cities = [{ city: "Oslo" }, { city: "Bergen" }];

describe("OpenAI's SDK", () => {
  const offered = {
    type: "function",
    function: { name: "weather", parameters: { ...parameters, type: "object" } },
  } as const;
  const body = { model: "gpt-4o", messages: [question], tools: [offered] };

  test("reads calls, whole and streamed, and gets words for their results", async () => {
    const whole = await openai.chat.completions.create(body);
    const streamed = await openai.chat.completions.stream(body).finalChatCompletion();
    for (const { choices } of [whole, streamed]) {
      const [choice] = choices;
      assert.deepEqual([choice?.finish_reason, choice?.message.content], ["tool_calls", null]);
      const calls = choice?.message.tool_calls ?? [];
      const given = calls.map((call) => call.type === "function" && JSON.parse(call.function.arguments));
      assert.deepEqual(given, cities);
      const results = calls.map(({ id }) => ({ role: "tool", tool_call_id: id, content: "It is 4 C." }) as const);
      const messages = [question, choice?.message ?? question, ...results];
      const answered = await openai.chat.completions.create({ ...body, messages });
      assert.deepEqual(
        [answered.choices[0]?.finish_reason, answered.choices[0]?.message.tool_calls],
        ["stop", undefined],
      );
      assert.match(answered.choices[0]?.message.content ?? "", /4 C/);
      assert.ok((answered.usage?.prompt_tokens ?? 0) > (whole.usage?.prompt_tokens ?? 0));
    }
  });

  test("is told that a call by name ended like words", async () => {
    const tool_choice = { type: "function", function: { name: "weather" } } as const;
    const { choices } = await openai.chat.completions.create({ ...body, tool_choice });
    assert.deepEqual([choices[0]?.finish_reason, choices[0]?.message.tool_calls?.length], ["stop", 1]);
  });

  const call = { id: "a", type: "function", function: { name: "weather", arguments: "{}" } } as const;
  const calling = { role: "assistant" as const, tool_calls: [call] };
  const refused: readonly (readonly [string, Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>])[] = [
    ["no tools where there is a list of them", { tools: [] }],
    ["a choice of a tool that is not there", { tool_choice: { type: "function", function: { name: "other" } } }],
    ["a name with a space", { tools: [{ type: "function", function: { name: "the weather" } }] }],
    ["a call without its result", { messages: [question, calling, question] }],
    ["a result without its call", { messages: [question, { role: "tool", tool_call_id: "a", content: "x" }] }],
  ];
  for (const [name, changes] of refused) {
    test(`is refused ${name}`, async () => {
      await assert.rejects(openai.chat.completions.create({ ...body, ...changes }), OpenAI.BadRequestError);
    });
  }
});

describe("Anthropic's SDK", () => {
  const offered = { name: "weather", input_schema: { ...parameters, type: "object" } as const };
  const body = { model: "claude-sonnet-4-5", max_tokens: 200, messages: [question], tools: [offered] };

  test("reads calls, whole and streamed, and gets words for their results", async () => {
    const whole = await anthropic.messages.create(body);
    const streamed = await anthropic.messages.stream(body).finalMessage();
    for (const { stop_reason, content } of [whole, streamed]) {
      const uses = content.flatMap((block) => (block.type === "tool_use" ? [block] : []));
      assert.deepEqual([stop_reason, content.length], ["tool_use", 2]);
      assert.deepEqual(
        uses.map(({ input }) => input),
        cities,
      );
      const results = uses.map(({ id }) => ({ type: "tool_result", tool_use_id: id, content: "It is 4 C." }) as const);
      const messages = [question, { role: "assistant" as const, content }, { role: "user" as const, content: results }];
      const answered = await anthropic.messages.create({ ...body, messages });
      const [words] = answered.content;
      assert.ok(answered.stop_reason === "end_turn" && words?.type === "text" && words.text.includes("4 C"));
    }
  });

  test("gets one call where no more may be", async () => {
    const tool_choice = { type: "any", disable_parallel_tool_use: true } as const;
    assert.equal((await anthropic.messages.create({ ...body, tool_choice })).content.length, 1);
  });

  const use: Anthropic.ToolUseBlockParam = { type: "tool_use", id: "a", name: "weather", input: {} };
  const calling = { role: "assistant" as const, content: [use] };
  const found: Anthropic.ToolResultBlockParam = { type: "tool_result", tool_use_id: "a", content: "x" };
  const result = { role: "user" as const, content: [found] };
  const { tools: _tools, ...toolless } = body;
  const refused: readonly (readonly [string, Anthropic.MessageCreateParamsNonStreaming])[] = [
    ["a choice without tools", { ...toolless, tool_choice: { type: "auto" } }],
    ["a choice of a tool that is not there", { ...body, tool_choice: { type: "tool", name: "other" } }],
    ["calls in the conversation without tools", { ...toolless, messages: [question, calling, result] }],
    ["a call without its result", { ...body, messages: [question, calling, question] }],
    ["a result without its call", { ...body, messages: [question, result] }],
  ];
  for (const [name, changes] of refused) {
    test(`is refused ${name}`, async () => {
      await assert.rejects(anthropic.messages.create(changes), Anthropic.BadRequestError);
    });
  }
});
