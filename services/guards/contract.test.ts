/** Contracts: which field broke which rule, in words that hold nothing of the value. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { authoringDefect, compileContract, contractDefect, declaredNames } from "./contract.ts";

const order = {
  type: "object",
  properties: {
    id: { type: "string", format: "uuid" },
    email: { type: "string", format: "email" },
    placed_on: { type: "string", format: "date" },
    amount: { type: "number", minimum: 0 },
    currency: { enum: ["EUR", "USD"] },
    code: { type: "string", pattern: "^[A-Z]{3}$" },
    lines: { type: "array", items: { type: "object", properties: { qty: { type: "integer" } }, required: ["qty"] } },
    "a/b": { type: "string" },
    labels: { type: "object", additionalProperties: { type: "string" } },
  },
  required: ["id"],
  additionalProperties: false,
};
const valid = { id: "4d2ba3c0-6a6a-4c4e-9d2c-1f0c3a1b2c3d" };
const judge = compileContract(order);

test("a value that keeps the contract has no reasons", () => {
  assert.deepEqual(judge({ ...valid, amount: 3, currency: "EUR", placed_on: "2024-02-29", lines: [{ qty: 1 }] }), []);
});

const broken: readonly [what: string, value: unknown, path: string, rule: string][] = [
  ["a missing field", {}, "/id", "required"],
  ["a wrong type", { ...valid, amount: "3" }, "/amount", "type"],
  ["a number below its minimum", { ...valid, amount: -1 }, "/amount", "minimum"],
  ["a value outside a list", { ...valid, currency: "GBP" }, "/currency", "enum"],
  ["a wrong pattern", { ...valid, code: "abc" }, "/code", "pattern"],
  ["a wrong format", { ...valid, email: "nobody" }, "/email", "format"],
  ["a day that does not exist", { ...valid, placed_on: "2023-02-29" }, "/placed_on", "format"],
  ["a field deep inside", { ...valid, lines: [{ qty: 1 }, { qty: 1.5 }] }, "/lines/1/qty", "type"],
  ["a missing field deep inside", { ...valid, lines: [{}] }, "/lines/0/qty", "required"],
  ["a name with a slash, escaped", { ...valid, "a/b": 1 }, "/a~1b", "type"],
  ["an unknown field", { ...valid, extra: 1 }, "", "additionalProperties"],
  ["another kind of value", [], "", "type"],
  ["no value", null, "", "type"],
];
for (const [what, value, path, rule] of broken) {
  test(`names path and rule of ${what}`, () => {
    assert.deepEqual(
      judge(value).map((reason) => [reason.path, reason.rule]),
      [[path, rule]],
    );
  });
}

test("all mistakes are named at once", () => {
  assert.deepEqual(
    judge({ amount: "x", currency: 1 })
      .map(({ path }) => path ?? "")
      .toSorted(),
    ["/amount", "/currency", "/id"],
  );
});

test("reasons repeat nothing of the value: not a text, not a key that only the value knows", () => {
  const secret = "4111-1111-1111-1111";
  const reasons = judge({
    id: secret,
    email: secret,
    amount: secret,
    currency: secret,
    code: secret,
    [secret]: 1,
    labels: { [secret]: 1 },
  });
  assert.ok(reasons.length >= 6);
  assert.equal(JSON.stringify(reasons).includes("4111"), false);
  assert.ok(reasons.some(({ path }) => path === "/labels/*"));
});

test("a hostile value gets few reasons, however many mistakes it holds", () => {
  const numbers = compileContract({ type: "array", items: { type: "string" } });
  assert.equal(numbers(Array.from({ length: 1000 }, () => 1)).length, 20);
  assert.equal(numbers(Array.from({ length: 100_000 }, () => 1)).length, 1);
});

test("a schema is compiled once", () => assert.equal(compileContract(order), judge));

test("two schemas may carry the same id", () => {
  const first = compileContract({ $id: "https://example.com/a", type: "string" });
  const second = compileContract({ $id: "https://example.com/a", type: "number" });
  assert.deepEqual([first("x").length, second("x").length], [0, 1]);
});

const defects: readonly [what: string, schema: Record<string, unknown>, message: RegExp][] = [
  ["an unknown keyword", { type: "string", maxLenght: 3 }, /maxLenght/],
  ["an unknown format", { type: "string", format: "postcode" }, /postcode/],
  ["a type that does not exist", { type: "text" }, /type/],
  ["a pattern that is none", { type: "string", pattern: "(" }, /./],
  ["a reference to nowhere", { $ref: "#/$defs/missing" }, /missing/],
];
for (const [what, schema, message] of defects) {
  test(`a schema with ${what} does not compile, and says why`, () =>
    assert.match(authoringDefect(schema) ?? "", message));
}

test("a good schema has no defect", () => assert.equal(contractDefect({ type: "string", format: "date-time" }), null));

test("the names that a schema declares, at any depth", () => {
  assert.deepEqual([...declaredNames(order)].toSorted(), [
    "a/b",
    "amount",
    "code",
    "currency",
    "email",
    "id",
    "labels",
    "lines",
    "placed_on",
    "qty",
  ]);
});

const wishes: readonly [what: string, schema: Record<string, unknown>, value: unknown, expected: string | undefined][] =
  [
    ["a type", { type: "integer" }, "x", "an integer"],
    ["several types", { type: ["string", "null"] }, 1, "a string or null"],
    ["a list of values", { enum: ["EUR", "USD"] }, "GBP", 'one of "EUR", "USD"'],
    [
      "a long list",
      { enum: Array.from({ length: 12 }, (_, at) => at) },
      "x",
      "one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more",
    ],
    ["one value", { const: { a: 1 } }, 1, '{"a":1}'],
    ["a length", { type: "string", maxLength: 3 }, "four", "at most 3 characters"],
    ["a number of items", { type: "array", minItems: 2 }, [], "at least 2 items"],
    ["a bound", { type: "number", exclusiveMinimum: 0 }, 0, "> 0"],
    ["a multiple", { type: "number", multipleOf: 5 }, 3, "a multiple of 5"],
    ["a format", { type: "string", format: "date" }, "x", "a text in the format date"],
    ["a pattern", { type: "string", pattern: "^[A-Z]{3}$" }, "x", "a text that matches ^[A-Z]{3}$"],
    ["a field", { type: "object", properties: { a: {} }, required: ["a"] }, {}, 'a field named "a"'],
    [
      "no other field",
      { type: "object", properties: { a: {}, b: {} }, additionalProperties: false },
      { c: 1 },
      'no other fields than "a", "b"',
    ],
    ["different items", { type: "array", uniqueItems: true }, [{ a: 1 }, { a: 1 }], "no two equal items"],
    ["what cannot be said shortly", { not: { type: "string" } }, "x", undefined],
  ];
for (const [what, schema, value, expected] of wishes) {
  test(`says what was expected: ${what}`, () => {
    assert.deepEqual(
      compileContract(schema)(value).map((reason) => reason.expected),
      [expected],
    );
  });
}

test("draft 7 is read as draft 7, by its $schema", () => {
  const draft7 = {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    definitions: { code: { type: "string", minLength: 2 } },
    properties: { pair: { type: "array", items: [{ $ref: "#/definitions/code" }, { type: "integer" }] } },
  };
  const judgeDraft7 = compileContract(draft7);
  assert.deepEqual(judgeDraft7({ pair: ["ab", 1] }), []);
  assert.deepEqual(
    judgeDraft7({ pair: ["a", "b"] }).map(({ path }) => path),
    ["/pair/0", "/pair/1"],
  );
  const { $schema: _, ...undeclared } = draft7;
  assert.match(authoringDefect(undeclared) ?? "", /items|definitions/);
});

const unspoken: readonly [what: string, schema: Record<string, unknown>, message: RegExp][] = [
  ["an older draft", { $schema: "http://json-schema.org/draft-04/schema#" }, /only 2020-12 and draft-07/],
  ["look-ahead", { type: "string", pattern: "^(?!x)a" }, /look-around cannot be matched in linear time/],
  ["look-behind", { type: "string", pattern: "(?<=x)a" }, /look-around/],
  ["a back-reference", { type: "string", pattern: "(a)\\1" }, /back-reference/],
  ["a named back-reference", { type: "string", pattern: "(?<n>a)\\k<n>" }, /back-reference/],
];
for (const [what, schema, message] of unspoken) {
  test(`a schema with ${what} does not compile, and says why`, () =>
    assert.match(authoringDefect(schema) ?? "", message));
}

test("patterns mean what they mean in JavaScript", () => {
  const patterns = ["^[\\w.-]+$", "\\u00e9", "^\\p{Lu}", "a|^$", "^\\d{2,4}$", "[^a-c]", "\\\\1", "x\\/y", "\\bcat\\b"];
  const texts = ["", "a", "é", "Éa", "123", "12345", "abc", "\\1", "x/y", "a cat", "concat", "a.b-c"];
  for (const pattern of patterns) {
    const contract = compileContract({ type: "string", pattern });
    for (const text of texts)
      assert.equal(contract(text).length === 0, new RegExp(pattern, "u").test(text), `${pattern} on ${text}`);
  }
});

const hostile: readonly (readonly [what: string, schema: Record<string, unknown>, value: unknown])[] = [
  ["a pattern that hangs V8", { type: "string", pattern: "^(a+)+$" }, `${"a".repeat(50_000)}!`],
  ["nested bounds", { type: "string", pattern: "^(a{1,20}){1,20}$" }, `${"a".repeat(50_000)}!`],
  ["equal items", { type: "array", uniqueItems: true, items: { type: "object" } }, rows(50_000)],
  [
    "a key that a pattern reads",
    { type: "object", patternProperties: { "^(x+)+$": {} } },
    { ["x".repeat(50_000) + "!"]: 1 },
  ],
  ...["email", "uri", "date-time", "hostname", "ipv6", "uri-template", "regex", "duration", "json-pointer"].map(
    (format) => [`the format ${format}`, { type: "string", format }, "a.@:/-1".repeat(20_000)] as const,
  ),
];
for (const [what, schema, value] of hostile) {
  test(`ends on ${what}`, () => assert.ok(compileContract(schema)(value).length <= 1));
}

function rows(count: number): readonly object[] {
  return Array.from({ length: count }, (_, at) => ({ at, text: "x" }));
}
