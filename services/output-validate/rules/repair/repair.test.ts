import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { maxRepairChars } from "./mended-text.ts";
import type { Shape } from "./choose.ts";
import { repairJson } from "./repair.ts";

const fence = "```";
const invoice = {
  number: "A-17",
  total: 12.5,
  lines: [
    { text: "it's", paid: true },
    { text: "b\nc", paid: null },
  ],
};
const strict = JSON.stringify(invoice);

const repaired: readonly (readonly [name: string, answer: string, value: unknown])[] = [
  ["prose before and after", `Here you are:\n${strict}\nAnything else?`, invoice],
  ["a code fence", `${fence}json\n${strict}\n${fence}`, invoice],
  ["brackets in the prose beside one valid value", `The lines [as asked, {x}] are: ${strict}`, invoice],
  ["a value among many bracketed notes", `${"[note] ".repeat(100)}{"a": 1}`, { a: 1 }],
  ["trailing commas", '{"a": [1, 2,], "b": {"c": 3,},}', { a: [1, 2], b: { c: 3 } }],
  ["a line comment", '{"a": 1, // don\'t ask\n"b": 2}', { a: 1, b: 2 }],
  ["a block comment with a brace", '{"a": 1 /* not } yet */, "b": 2}', { a: 1, b: 2 }],
  ["single quotes", "{'a': 'it\\'s', 'b': ['c']}", { a: "it's", b: ["c"] }],
  ["curly quotes", "{“a”: “b”}", { a: "b" }],
  ["Python's words", '{"a": None, "b": True, "c": False}', { a: null, b: true, c: false }],
  [
    "words that every object knows",
    "{constructor: toString, __proto__: 1, valueOf: 2 b: 3}",
    JSON.parse('{"constructor": "toString", "__proto__": 1, "valueOf": 2, "b": 3}'),
  ],
  ["keys without quotes", '{a: 1, b_c: "d"}', { a: 1, b_c: "d" }],
  ["a missing comma between members", '{"a": 1 "b": 2}', { a: 1, b: 2 }],
  ["a raw line break in a string", '{"a": "one\ntwo"}', { a: "one\ntwo" }],
  ["unescaped quotes in a string", '{"a": "he said "hi" to me"}', { a: 'he said "hi" to me' }],
  ["a comment of Python", '{"a": 1, # the first\n"b": 2}', { a: 1, b: 2 }],
  [
    "texts in three quotes",
    `{"a": """he said "hi"\nto me""", 'b': '''it's'''}`,
    { a: 'he said "hi"\nto me', b: "it's" },
  ],
  ["a key without its closing quote", '{"a: 1,\n "b": "x"}', { a: 1, b: "x" }],
  ["a key without its opening quote", '{"a": 1, b": "x"}', { a: 1, b: "x" }],
  ["two keys on two lines, each with one quote", '{"a: 1,\nb": "x"}', { a: 1, b: "x" }],
  ["a key without its colon", '{"a" 1, "b" "x"}', { a: 1, b: "x" }],
  ["numbers as JavaScript has them", "{a: +5, b: .5, c: 5., d: -.25}", { a: 5, b: 0.5, c: 5, d: -0.25 }],
  ["the same value twice", `${fence}\n{"a": 1}\n${fence}\nAgain: {"a":1}`, { a: 1 }],
  ["an apostrophe in a bracket of the prose", "[it's done] {'a': 1}", { a: 1 }],
  ["a broken value beside words in brackets", "As [you asked]: {'a': [1,]}", { a: [1] }],
  ["what stands behind the model's thoughts", '<think>Maybe {"a": 2}?</think>\n{"a": 1}', { a: 1 }],
  ["an assignment", 'const result = {"a": 1};', { a: 1 }],
  ["all of it in a fence in prose", `Sure!\n${fence}\n{'a': [1,], // x\n}\n${fence}\nBye.`, { a: [1] }],
];

for (const [name, answer, value] of repaired) {
  test(`repaired: ${name}`, () => {
    const repair = repairJson(answer);
    assert.deepEqual(repair.kind === "repaired" ? repair.value : repair, value);
  });
}

const unrepaired: readonly (readonly [name: string, answer: string, fault: string])[] = [
  ["no JSON at all", "I cannot do that.", "json_absent"],
  ["cut off in a string", '{"a": "b", "c": "d', "json_cut_off"],
  ["cut off after a whole member, which may not have been the last", '{"a": 1, "b": [1, 2]', "json_cut_off"],
  ["cut off in a comment", '{"a": 1 /* and', "json_cut_off"],
  ["two valid values", '{"a": 1}\n{"a": 2}', "json_ambiguous"],
  ["a valid value beside a broken one", "Fill in {} like this: {'a': 1}", "json_ambiguous"],
  ["a valid value before one that is cut off", '{"a": 1} {"a": 2', "json_ambiguous"],
  ["a value out of an object whose braces are missing", '"a": {"b": 1}, "c": 2', "json_ambiguous"],
  ["a value out of an answer whose beginning is missing", '1, 2], {"b": 1}]}', "json_ambiguous"],
  ["a citation beside a value, where either could be meant", 'From [1]: {"a": 1}', "json_ambiguous"],
  ["a closing bracket that nothing opened", '{"a": 1}}', "json_ambiguous"],
  ["a comment in the place of what was left out", '{"a": [1, 2 /* and so on */]}', "json_malformed"],
  ["a key over two lines, which could be two", '{"*: 1,\n*": 2, }', "json_malformed"],
  ["a key that could be two", '{"a: 1, b": 2, }', "json_malformed"],
  ["two broken values", "{'a': 1} or {'a': 2}", "json_ambiguous"],
  ["an ellipsis for what was left out", '{"a": [1, 2, ...]}', "json_malformed"],
  ["NaN, which no JSON type stands for", '{"a": NaN,}', "json_no_value"],
  ["Infinity", "{'a': -Infinity}", "json_no_value"],
  ["undefined", "{'a': undefined}", "json_no_value"],
  ["a number with a leading zero, which could be a code", '{"a": 007}', "json_malformed"],
  ["a hexadecimal number", '{"a": 0x10}', "json_malformed"],
  ["a member without a value", '{"a": }', "json_malformed"],
  ["an escape that JSON does not know, whose backslash would be lost", '{"a": "C:\\qux",}', "json_malformed"],
  ["a closing bracket that does not match", '{"a": [1, 2}', "json_malformed"],
  [
    "an address that a stray quote makes look like a comment",
    '{"a": [\n"b"*",\nnull\n],\n"c": [\n1,\n"http://x.y/z",\n2,\n"http://x.y/z"\n]\n}',
    "json_malformed",
  ],
  ["the same key twice, of which one would be lost", "{'a': 1, 'a': 2}", "json_duplicate_key"],
  ["an integer that a double would change", "{'a': 12345678901234567890}", "json_number_inexact"],
  ["more brackets than one value's prose has", `${"[note] ".repeat(300)}{"a": 1}`, "json_ambiguous"],
  ["nesting without end", "[".repeat(100_000), "json_too_deep"],
  ["more than the repair may take time for", `[${"1 ".repeat(maxRepairChars)}]`, "json_too_long_to_repair"],
];

for (const [name, answer, fault] of unrepaired) {
  test(`left as it is: ${name}`, () => {
    assert.deepEqual(repairJson(answer), { kind: "unrepaired", fault });
  });
}

test("a valid value of any size is taken out of its prose", () => {
  const value = { a: "x".repeat(900_000) };
  const repair = repairJson(`Here: ${JSON.stringify(value)} done`);
  assert.deepEqual(repair, { kind: "repaired", value, steps: ["extracted"] });
});

const whole: Shape = {
  root: "object",
  isWhole: (value) => typeof value === "object" && value !== null && "a" in value && "b" in value,
};

test("a last brace alone is put back when nothing more could follow", () => {
  for (const answer of [
    '{"a": 1, "b": [2]',
    '{"a": 1, "b": 2,',
    '{"b": 2, "a": "x"',
    'So: {"a": {"c": 1}, "b": 2, // end',
  ]) {
    assert.equal(repairJson(answer, whole).kind, "repaired", answer);
    assert.deepEqual(repairJson(answer), { kind: "unrepaired", fault: "json_cut_off" });
  }
});

test("a last brace is not put back behind what may have been longer", () => {
  const answers = [
    '{"a": 1, "b": 2',
    '{"a": 1, "b": tru',
    '{"a": 1, "b": "x',
    '{"a": 1, "b":',
    '{"a": 1, "b": [2',
    '{"a": 1, "c": 2,',
    '[{"a": 1, "b": 2}',
  ];
  for (const answer of answers) assert.equal(repairJson(answer, whole).kind, "unrepaired", answer);
});

test("where an object is wanted, numbers in brackets are prose", () => {
  const repair = repairJson('From [1] and [2, 3]: {"a": 1, "b": 2}', whole);
  assert.deepEqual(repair, { kind: "repaired", value: { a: 1, b: 2 }, steps: ["extracted"] });
});

test("a bracket too many is passed over when nothing can be missing before it", () => {
  assert.equal(repairJson('{"a": 1, "b": 2}}\n```', whole).kind, "repaired");
  assert.equal(repairJson('{"a": 1, "c": 2}}', whole).kind, "unrepaired");
  assert.equal(repairJson('{"a": 1, "b": 2}}, "c": 3}', whole).kind, "unrepaired");
});

test("where an object is wanted, one in a string is taken out of it", () => {
  const value = { a: 'he said "hi"', b: "x\ny" };
  const escaped = JSON.stringify(JSON.stringify(value, null, 2));
  for (const answer of [escaped, escaped.slice(1, -1)]) {
    assert.deepEqual(repairJson(answer, whole), { kind: "repaired", value, steps: ["unwrapped"] });
  }
});

test("the steps say what was done", () => {
  assert.deepEqual(repairJson("{'a': 1}"), { kind: "repaired", value: { a: 1 }, steps: ["mended"] });
  assert.deepEqual(repairJson("So: {'a': 1}"), { kind: "repaired", value: { a: 1 }, steps: ["extracted", "mended"] });
});

const containers = fc.oneof(
  fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })),
  fc.array(fc.jsonValue({ maxDepth: 3 })),
);

test("law: what is cut off before its end is never called repaired", () => {
  fc.assert(
    fc.property(containers, fc.nat(), (value, at) => {
      const text = JSON.stringify(value);
      const cut = text.slice(0, at % text.length);
      assert.equal(repairJson(cut).kind, "unrepaired");
    }),
  );
});

test("law: trailing commas, comments and prose change nothing in the value", () => {
  fc.assert(
    fc.property(containers, (value) => {
      const text = JSON.stringify(value);
      const comma = text.length === 2 ? "" : ", // it's } the end\n";
      const repair = repairJson(`Here it is: ${text.slice(0, -1)}${comma}${text.slice(-1)} /* done */`);
      assert.deepEqual(repair.kind === "repaired" ? repair.value : repair, JSON.parse(text));
    }),
  );
});

test("law: single quotes and bare keys change nothing in the value", () => {
  const inPython = (value: unknown): string => {
    if (value === null) return "None";
    if (typeof value === "boolean") return value ? "True" : "False";
    if (typeof value === "string") return `'${JSON.stringify(value).slice(1, -1).replaceAll("'", "\\'")}'`;
    if (Array.isArray(value)) return `[${value.map(inPython).join(", ")}]`;
    if (typeof value !== "object") return JSON.stringify(value);
    return `{${Object.entries(value)
      .map(([key, inner]) => `${inPython(key)}: ${inPython(inner)}`)
      .join(", ")}}`;
  };
  const words = fc.dictionary(
    fc.stringMatching(/^[a-z_]{1,8}$/),
    fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.integer()),
  );
  fc.assert(
    fc.property(words, (value) => {
      const repair = repairJson(inPython(value));
      assert.deepEqual(repair.kind === "repaired" ? repair.value : repair, JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("the time grows with the length, also for an answer made to slow it down", () => {
  const slow = [
    `{"a": "${'x" '.repeat(330_000)}"}`,
    `[${'{"a":1,},'.repeat(110_000)}]`,
    "{".repeat(128).padEnd(1_000_000, "'\\"),
    "[]".repeat(500_000),
  ];
  for (const answer of slow) assert.ok(["repaired", "unrepaired"].includes(repairJson(answer).kind));
});

test("law: it never throws, whatever the text", () => {
  const piece = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    ",",
    ":",
    "\\",
    "a",
    "1",
    "//",
    "/*",
    "*/",
    "\n",
    "`",
    "“",
    "...",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      assert.ok(["repaired", "unrepaired"].includes(repairJson(pieces.join("")).kind));
    }),
    { numRuns: 2000 },
  );
});
