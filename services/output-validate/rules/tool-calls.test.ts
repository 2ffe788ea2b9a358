/** Which calls of tools go out, which are asked for again, and why: in words that quote nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { WrittenToolCall } from "../../../schemas/parts/tools.ts";
import { judgeArguments, maxArgumentsDepth, readToolCalls, type CallRules } from "./tool-calls.ts";

const tools = [
  {
    name: "book_room",
    parameters: {
      type: "object",
      properties: { city: { type: "string" }, nights: { type: "integer", minimum: 1 } },
      required: ["city"],
      additionalProperties: false,
    },
  },
  { name: "list_rooms" },
  { name: "note", parameters: {} },
];
const offered: CallRules = { tools };

const call = (text: string, name = "book_room", id = `call_${name}_${text.length}`): WrittenToolCall => ({
  id,
  name,
  arguments: text,
});
const good = call('{"city":"Oslo","nights":2}');
const nested = (depth: number): string => `{"a":`.repeat(depth) + "1" + "}".repeat(depth);

interface Judged {
  readonly codes: string;
  readonly verdicts: string;
}

/** Both halves, as an answer without pseudonyms goes through them. */
function judged(written: readonly WrittenToolCall[], rules: CallRules, mayRepair = true): Judged {
  const read = readToolCalls(written, rules, mayRepair);
  if (read === null) return { codes: "", verdicts: "" };
  const { reasons, report } = read.reasons.length > 0 ? read : judgeArguments(read.calls, rules);
  const codes = reasons.map(({ code, path, rule = code }) => `${rule} ${path}`).join(", ");
  const verdicts = [read.report, ...(report === read.report ? [] : [report])];
  return { codes, verdicts: verdicts.map(({ verdict }) => verdict).join(" ") };
}

type Case = readonly [
  name: string,
  written: readonly WrittenToolCall[],
  rules: CallRules,
  codes: string,
  verdicts: string,
];

const cases: readonly Case[] = [
  ["an answer without calls is none of its business", [], offered, "", ""],
  ["a call as its tool wants it goes out", [good], offered, "", "passed passed"],
  ["several at once go out", [good, call("{}", "list_rooms")], offered, "", "passed passed"],
  [
    "a tool that was not offered is named",
    [call("{}", "drop_table")],
    offered,
    "tool_not_offered /tool_calls/0/name",
    "failed",
  ],
  ["without any tool no call is as it should be", [good], {}, "tool_not_offered /tool_calls/0/name", "failed"],
  [
    "a tool's name is taken as it is written",
    [call("{}", "List_Rooms")],
    offered,
    "tool_not_offered /tool_calls/0/name",
    "failed",
  ],
  ["broken JSON is mended", [call("{'city': 'Oslo',}")], offered, "", "repaired passed"],
  [
    "an object in a string is taken out of it",
    [call(JSON.stringify('{"city":"Oslo"}'))],
    offered,
    "",
    "repaired passed",
  ],
  [
    "what is cut off is not guessed at",
    [call('{"city":"Os')],
    offered,
    "json_cut_off /tool_calls/0/arguments",
    "failed",
  ],
  [
    "a key that is given twice is refused",
    [call('{"city":"Oslo","city":"Bergen"}')],
    offered,
    "json_duplicate_key /tool_calls/0/arguments",
    "failed",
  ],
  [
    "a number that would be altered is refused",
    [call('{"city":"Oslo","nights":12345678901234567890}')],
    offered,
    "json_number_inexact /tool_calls/0/arguments",
    "failed",
  ],
  ["a list is no object", [call('["Oslo"]')], offered, "arguments_not_object /tool_calls/0/arguments", "failed"],
  ["neither is a word", [call('"Oslo"')], offered, "arguments_not_object /tool_calls/0/arguments", "failed"],
  [
    "a field of another type is not coerced",
    [call('{"city":"Oslo","nights":"2"}')],
    offered,
    "type /tool_calls/0/arguments/nights",
    "passed failed",
  ],
  [
    "a mended object is held to the schema too",
    [call("{'nights': 0}")],
    offered,
    "required /tool_calls/0/arguments/city, minimum /tool_calls/0/arguments/nights",
    "repaired failed",
  ],
  [
    "a key that only the model knows is not repeated",
    [call('{"city":"Oslo","SECRET":1}')],
    offered,
    "additionalProperties /tool_calls/0/arguments",
    "passed failed",
  ],
  ["nothing at all is no arguments", [call("", "list_rooms")], offered, "", "repaired passed"],
  [
    "a tool without parameters takes none",
    [call('{"all":true}', "list_rooms")],
    offered,
    "additionalProperties /tool_calls/0/arguments",
    "passed failed",
  ],
  ["a tool with any parameters takes any", [call('{"all":[1,{"b":null}]}', "note")], offered, "", "passed passed"],
  [
    "every call's faults are named",
    [call("[]"), good, call("{}", "x")],
    offered,
    "arguments_not_object /tool_calls/0/arguments, tool_not_offered /tool_calls/2/name",
    "failed",
  ],
  ["nesting up to the limit goes out", [call(nested(maxArgumentsDepth), "note")], offered, "", "passed passed"],
  [
    "nesting beyond it is refused",
    [call(nested(maxArgumentsDepth + 1), "note")],
    offered,
    "json_too_deep /tool_calls/0/arguments",
    "failed",
  ],
  [
    "nesting without end is refused",
    [call(nested(100_000), "note")],
    offered,
    "json_too_deep /tool_calls/0/arguments",
    "failed",
  ],
  [
    "a prototype is no field",
    [call('{"a":[{"__proto__":{"admin":true}}]}', "note")],
    offered,
    "json_key_refused /tool_calls/0/arguments",
    "failed",
  ],
  [
    "a tool must be called where one is required",
    [],
    { tools, tool_choice: "required" },
    "tool_call_missing /tool_calls",
    "failed",
  ],
  [
    "so must the one that was chosen",
    [],
    { tools, tool_choice: { name: "note" } },
    "tool_call_missing /tool_calls",
    "failed",
  ],
  [
    "another than the chosen one may not be",
    [good],
    { tools, tool_choice: { name: "note" } },
    "tool_not_chosen /tool_calls/0/name",
    "failed",
  ],
  ["the chosen one may be", [call("{}", "note")], { tools, tool_choice: { name: "note" } }, "", "passed passed"],
  [
    "none may be where none is wanted",
    [good],
    { tools, tool_choice: "none" },
    "tool_not_offered /tool_calls/0/name",
    "failed",
  ],
  [
    "one at a time means one",
    [good, call("{}", "note")],
    { tools, parallel_tool_calls: false },
    "tool_calls_too_many /tool_calls",
    "failed",
  ],
  ["one at a time may be one", [good], { tools, parallel_tool_calls: false }, "", "passed passed"],
  ["two calls must be told apart", [good, good], offered, "tool_call_id_repeated /tool_calls", "failed"],
  [
    "a schema that cannot be used is kept by nothing",
    [good],
    { tools: [{ name: "book_room", parameters: { type: "nonsense" } }] },
    "schema_unusable /tool_calls/0/arguments",
    "passed failed",
  ],
];
for (const [name, written, rules, codes, verdicts] of cases) {
  test(name, () => assert.deepEqual(judged(written, rules), { codes, verdicts }));
}

test("without the repair knob nothing is mended", () => {
  for (const [text, code] of [
    ["{'city': 'Oslo'}", "json_malformed"],
    ["", "json_malformed"],
    [JSON.stringify('{"city":"Oslo"}'), "arguments_not_object"],
  ] as const)
    assert.equal(judged([call(text)], offered, false).codes, `${code} /tool_calls/0/arguments`);
});

test("what is read is what was written, as an object", () => {
  const read = readToolCalls([call("{'city': 'Oslo', 'nights': 2}", "book_room", "one")], offered, true);
  assert.deepEqual(read?.calls, [{ id: "one", name: "book_room", arguments: { city: "Oslo", nights: 2 } }]);
  assert.equal(read?.report.detail, "arguments of 1 mended");
});

test("however many faults there are, twenty are told", () => {
  for (const text of ["[]", '{"nights":"2"}', "["]) {
    const written = Array.from({ length: 100 }, (_unused, index) => call(text, "book_room", String(index)));
    assert.equal(judged(written, offered).codes.split(", ").length, 20);
  }
});

test("law: whatever a model writes, there is a judgement, the same each time, and it quotes nothing", () => {
  const word = "zx81secret";
  const text = fc.oneof(fc.json(), fc.string(), fc.constantFrom(`{"${word}":"${word}"}`, `{"city":"${word}"`, word));
  const some = fc.record({
    id: fc.constantFrom("a", "b"),
    name: fc.constantFrom("book_room", "note", word),
    arguments: text,
  });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 3 }), fc.boolean(), (written, mayRepair) => {
      const first = judged(written, offered, mayRepair);
      assert.deepEqual(judged(written, offered, mayRepair), first);
      const read = readToolCalls(written, offered, mayRepair);
      assert.ok(!JSON.stringify([read?.reasons, read?.report]).includes(word));
      assert.ok(!JSON.stringify(judgeArguments(read?.calls ?? [], offered)).includes(word));
    }),
  );
});
