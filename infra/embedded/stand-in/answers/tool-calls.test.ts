/** When the stand-in's model calls tools, which, and with what. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import type { Ask, AskedTools } from "../ask.ts";
import { toolCallsFor } from "./tool-calls.ts";

const ajv = new Ajv2020({ strict: false });

const weather = {
  name: "get_weather",
  parameters: {
    type: "object",
    additionalProperties: false,
    required: ["city", "unit", "days"],
    properties: {
      city: { type: "string", minLength: 1, maxLength: 40 },
      unit: { enum: ["celsius", "fahrenheit"] },
      days: { type: "integer", minimum: 1, maximum: 14 },
      places: {
        type: "array",
        minItems: 2,
        items: { type: "object", required: ["lat"], properties: { lat: { type: "number" } } },
      },
    },
  },
};
const now = { name: "now", parameters: {} };

function askWith(tools: Partial<AskedTools> | null, said = "What is the weather in Oslo?"): Ask {
  return {
    provider: "openai",
    model: "gpt-4o",
    text: said,
    system: "",
    prompt: said,
    inputTokens: 5,
    maxTokens: 100,
    jsonSchema: undefined,
    tools: tools === null ? null : { offered: [weather, now], choice: "auto", parallel: true, said: [said], ...tools },
    stream: false,
    streamUsage: false,
  };
}
const namesOf = (ask: Ask): string[] => toolCallsFor(ask, null, null).map(({ name }) => name);

const cases: readonly (readonly [name: string, ask: Ask, calls: readonly string[]])[] = [
  ["no tools", askWith(null, "get_weather"), []],
  ["a name that nobody mentions", askWith({}), []],
  ["a name in what the user says", askWith({}, "Use get_weather for Oslo."), ["get_weather"]],
  ["a name in other letters", askWith({}, "What time is it NOW?"), ["now"]],
  ["a longer word is no mention", askWith({}, "I know, forget_weather and now-ish."), []],
  [
    "each mention is a call, in the text's order",
    askWith({}, "now, get_weather for Oslo, get_weather for Bergen"),
    ["now", "get_weather", "get_weather"],
  ],
  ["one at a time when no more may be", askWith({ parallel: false }, "now, get_weather, now"), ["now"]],
  ["at most eight", askWith({}, "now ".repeat(20)), Array.from({ length: 8 }, () => "now")],
  ["none may be called", askWith({ choice: "none" }, "get_weather"), []],
  ["one must be called: the mentioned one", askWith({ choice: "required" }, "get_weather"), ["get_weather"]],
  ["one must be called, and none is mentioned: the last", askWith({ choice: "required" }), ["now"]],
  ["one must be called after a result: the last", askWith({ choice: "required", said: [] }), ["now"]],
  ["a certain one", askWith({ choice: { name: "get_weather" } }), ["get_weather"]],
  ["nothing said since the last result", askWith({ said: [] }, "get_weather"), []],
  [
    "a later message that names the faults of a call",
    askWith({ said: ["Use get_weather.", "get_weather: wrong, now mend it"] }),
    ["get_weather"],
  ],
];
for (const [name, ask, calls] of cases) test(`calls: ${name}`, () => assert.deepEqual(namesOf(ask), calls));

test("two calls of one tool differ where what is asked of them does", () => {
  const [oslo, bergen] = toolCallsFor(askWith({}, "get_weather City: Oslo\nget_weather City: Bergen\n"), null, null);
  assert.deepEqual(
    [oslo, bergen].map((call) => JSON.parse(call?.arguments ?? "").city),
    ["Oslo", "Bergen"],
  );
});

test("a tool without parameters is called with an empty object", () => {
  assert.deepEqual(toolCallsFor(askWith({}, "now"), null, null), [{ name: "now", arguments: "{}" }]);
});

test("law: arguments keep the tool's schema, whatever the user says", () => {
  const keeps = ajv.compile(weather.parameters);
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (said) => {
      const [call] = toolCallsFor(askWith({}, `get_weather ${said}`), null, null);
      assert.ok(keeps(JSON.parse(call?.arguments ?? "")), call?.arguments);
    }),
  );
});

describe("scripted faults", () => {
  const called = (kind: "bad_tool_arguments" | "wrong_tool_arguments" | "unknown_tool" | "fenced_json") =>
    toolCallsFor(askWith({}, "get_weather in Oslo"), null, { kind });

  test("broken arguments are no JSON", () => {
    const [call] = called("bad_tool_arguments");
    assert.throws(() => JSON.parse(call?.arguments ?? "{}"));
  });

  test("wrong arguments are JSON that breaks the schema", () => {
    const [call] = called("wrong_tool_arguments");
    assert.equal(ajv.validate(weather.parameters, JSON.parse(call?.arguments ?? "{}")), false);
  });

  test("an unknown tool is none that was offered", () => {
    const [call] = called("unknown_tool");
    assert.ok(call !== undefined && ![weather.name, now.name].includes(call.name));
  });

  test("words are asked for in place of a call", () => assert.deepEqual(called("fenced_json"), []));

  test("arguments are drawn from what the model is made to say", () => {
    const [call] = toolCallsFor(askWith({}, "get_weather"), "City: Secretville\n", null);
    assert.equal(JSON.parse(call?.arguments ?? "").city, "Secretville");
  });
});
