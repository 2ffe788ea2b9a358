/** What callers may ask for: each right, each limit, and what goes on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleHarness } from "../../../test/support/sample-definition.ts";
import type { CallerRights, CallOptions } from "../../../schemas/parts/call-options.ts";
import { judgeOptions, maxOfferedChars } from "./caller-options.ts";

const no: CallerRights = { instructions: false, tools: false, outputSchema: false, sampling: false };
const all: CallerRights = { instructions: true, tools: true, outputSchema: true, sampling: true };
const harness = sampleHarness({ callers: all, output: { format: "text", maxTokens: 500 } });

const weather = { name: "weather", description: "Weather of a city", parameters: { type: "object" } };
const asked: CallOptions = {
  tools: [weather, { name: "now" }],
  tool_choice: { name: "now" },
  parallel_tool_calls: false,
  output_schema: { type: "object" },
  max_output_tokens: 50,
  temperature: 0.5,
  top_p: 0.9,
  stop: ["END"],
};

test("what is permitted goes on as it was asked for, and is told by name", () => {
  const judged = judgeOptions(harness, asked);
  assert.deepEqual(judged?.options, asked);
  assert.deepEqual([judged?.report.verdict, judged?.reasons], ["passed", []]);
  assert.match(judged?.report.detail ?? "", /^tools \(2\), tool_choice, /);
});

test("nothing asked for is nothing to judge", () => {
  assert.equal(judgeOptions(harness, undefined), null);
  assert.equal(judgeOptions(harness, {}), null);
});

test("a longer answer than the harness's is silently the harness's", () => {
  const { callers: _all, ...plain } = harness;
  for (const [tokens, given] of [
    [50, 50],
    [500, 500],
    [9000, 500],
  ] as const)
    assert.deepEqual(judgeOptions(plain, { max_output_tokens: tokens })?.options, { max_output_tokens: given });
});

const needs: readonly [option: keyof CallOptions, right: keyof CallerRights][] = [
  ["tools", "tools"],
  ["tool_choice", "tools"],
  ["parallel_tool_calls", "tools"],
  ["output_schema", "outputSchema"],
  ["temperature", "sampling"],
  ["top_p", "sampling"],
  ["stop", "sampling"],
];
for (const [option, right] of needs) {
  const options = { tools: asked.tools, [option]: asked[option] };
  test(`${option} needs callers.${right}`, () => {
    const { callers: _all, ...plain } = harness;
    for (const definition of [plain, { ...harness, callers: { ...no, tools: right !== "tools" } }]) {
      const reason = judgeOptions(definition, options)?.reasons.find(({ path }) => path === `/options/${option}`);
      assert.deepEqual([reason?.code, reason?.rule], ["option_not_permitted", `callers.${right}`]);
      assert.match(reason?.message ?? "", new RegExp(`leave it out.*callers\\.${right}`));
    }
    const only = { ...harness, callers: { ...no, tools: true, [right]: true } };
    assert.deepEqual(judgeOptions(only, options)?.reasons, []);
  });
}

test("a temperature of the harness's own is not replaced; what it does not set is the caller's", () => {
  const fixed = { ...harness, temperature: 0 };
  const reasons = judgeOptions(fixed, { temperature: 1, top_p: 0.5, stop: ["x"] })?.reasons;
  assert.deepEqual(
    reasons?.map(({ code, path, rule }) => [code, path, rule]),
    [["option_not_permitted", "/options/temperature", "temperature"]],
  );
});

const long = "x".repeat(60_000);
const wrong: readonly [what: string, options: CallOptions, ...broken: readonly string[]][] = [
  ["two tools of one name", { tools: [weather, { name: "a" }, weather] }, "/options/tools/2/name tool_once"],
  [
    "parameters that are no JSON Schema",
    { tools: [{ name: "a", parameters: { type: "planted" } }] },
    "/options/tools/0/parameters schema_is_usable",
  ],
  [
    "parameters that refer to somewhere else",
    { tools: [weather, { name: "a", parameters: { $ref: "https://planted.example" } }] },
    "/options/tools/1/parameters schema_is_usable",
  ],
  [
    "parameters that are no object",
    { tools: [{ name: "a", parameters: { type: "string" } }] },
    "/options/tools/0/parameters object_schema",
  ],
  [
    "an answer's schema that refers to itself",
    { output_schema: { properties: { planted: { $ref: "#" } } } },
    "/options/output_schema schema_is_usable",
  ],
  [
    "a choice of a tool that is not offered",
    { tools: [weather], tool_choice: { name: "planted" } },
    "/options/tool_choice tool_is_offered",
  ],
  ["a choice without tools", { tool_choice: "required" }, "/options/tool_choice tool_is_offered"],
  [
    "more tools than can be read",
    { tools: Array.from({ length: 5 }, (_, at) => ({ name: `t${at}`, parameters: { description: long } })) },
    "/options options_size",
  ],
];
for (const [what, options, ...broken] of wrong) {
  test(`refuses ${what}, and repeats nothing of it`, () => {
    const judged = judgeOptions(harness, options);
    assert.deepEqual(
      judged?.reasons.map(({ path, rule }) => `${path} ${rule}`),
      broken,
    );
    assert.ok(judged?.reasons.every(({ code }) => code === "option_invalid"));
    assert.deepEqual([judged?.report.verdict, judged?.options], ["blocked", undefined]);
    assert.equal(JSON.stringify(judged).includes("planted"), false);
  });
}

test("everything that is wrong is said at once, what is not permitted first", () => {
  const judged = judgeOptions(
    { ...harness, callers: { ...all, sampling: false } },
    { temperature: 1, tools: [weather, weather] },
  );
  assert.deepEqual(
    judged?.reasons.map(({ code }) => code),
    ["option_not_permitted", "option_invalid"],
  );
});

test("the limit of all tools together is above that of one", () => assert.ok(maxOfferedChars > long.length));
