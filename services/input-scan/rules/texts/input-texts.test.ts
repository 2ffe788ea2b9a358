/** Every text of an input is seen once and can be replaced where it stood. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readTexts, replaceTexts } from "./input-texts.ts";

const declared = new Set(["a", "b", "list", "a/b"]);
const seen = (input: Record<string, unknown>) =>
  readTexts(input, declared).map(({ path, folded }) => `${path} ${folded.original}`);

const inputs: readonly [what: string, input: Record<string, unknown>, expected: readonly string[]][] = [
  ["strings", { a: "x", b: "" }, ["/a x", "/b "]],
  ["items of lists", { list: ["x", ["y"]] }, ["/list/0 x", "/list/1/0 y"]],
  ["long numbers, as they are written", { a: 4111111111111111, b: 12345 }, ["/a 4111111111111111"]],
  [
    "keys that the contract does not declare, by a star",
    { a: { "ann@example.com": "y" } },
    ["/a/* ann@example.com", "/a/* y"],
  ],
  ["declared names with a slash, escaped", { "a/b": "x" }, ["/a~1b x"]],
  ["nothing in booleans and null", { a: true, b: null }, []],
];
for (const [what, input, expected] of inputs) {
  test(`sees ${what}`, () => assert.deepEqual(seen(input), expected));
}

test("replaces by place, keeps the rest, and never merges two keys", () => {
  const input = { a: "x", list: [1, "y", { k1: "z", k2: true }] };
  const texts = seen(input);
  assert.deepEqual(texts, ["/a x", "/list/1 y", "/list/2/* k1", "/list/2/* z", "/list/2/* k2"]);
  const replaced = replaceTexts(input, {
    declared,
    replacements: new Map([
      [1, "[Y]"],
      [2, "[K]"],
      [4, "[K]"],
    ]),
  });
  assert.deepEqual(replaced, { a: "x", list: [1, "[Y]", { "[K]": "z", "[K] 2": true }] });
});

test("a key named __proto__ is a key like any other", () => {
  const input: unknown = JSON.parse('{"a":{"__proto__":"x"}}');
  assert.ok(typeof input === "object" && input !== null);
  assert.equal(
    JSON.stringify(replaceTexts({ ...input }, { declared, replacements: new Map([[1, "y"]]) })),
    '{"a":{"__proto__":"y"}}',
  );
});

test("law: replacing nothing changes nothing", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (input) => {
      const plain: unknown = JSON.parse(JSON.stringify(input));
      assert.ok(typeof plain === "object" && plain !== null);
      assert.equal(
        JSON.stringify(replaceTexts({ ...plain }, { declared, replacements: new Map() })),
        JSON.stringify(plain),
      );
    }),
  );
});

const turns = [
  { role: "system", content: "s" },
  { role: "user", content: "u" },
  { role: "assistant", content: "", tool_calls: [{ id: "i", name: "n", arguments: { q: "v", id: "w" } }] },
  { role: "tool", content: "t", tool_call_id: "i" },
];
const parts = new Set(["turns", "role", "content", "tool_calls", "tool_call_id", "id", "name", "arguments"]);

test("in a conversation the role says whose a text is; roles themselves and ids of calls are no texts", () => {
  const texts = readTexts({ turns }, parts, { channels: { turns: "document" }, conversation: "turns" });
  assert.deepEqual(
    texts.map(({ path, channel, folded }) => `${path} ${channel} ${folded.original}`),
    [
      "/turns/0/content system s",
      "/turns/1/content document u",
      "/turns/2/content document ",
      "/turns/2/tool_calls/0/name document n",
      "/turns/2/tool_calls/0/arguments/* document q",
      "/turns/2/tool_calls/0/arguments/* document v",
      "/turns/2/tool_calls/0/arguments/id document w",
      "/turns/3/content tool_result t",
    ],
  );
});

test("what is replaced in a conversation is what was read there", () => {
  const source = { conversation: "turns" };
  const replacements = new Map(
    readTexts({ turns }, parts, source).map(({ folded }, at) => [at, `<${folded.original}>`]),
  );
  assert.deepEqual(replaceTexts({ turns }, { declared: parts, replacements, ...source })["turns"], [
    { role: "system", content: "<s>" },
    { role: "user", content: "<u>" },
    {
      role: "assistant",
      content: "<>",
      tool_calls: [{ id: "i", name: "<n>", arguments: { "<q>": "<v>", id: "<w>" } }],
    },
    { role: "tool", content: "<t>", tool_call_id: "i" },
  ]);
});
