import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import fc from "fast-check";
import { dateIn, documentIn, keywordsOf, labelled, leadOf, numbersIn, rowsIn, sentencesOf } from "./facts.ts";
import { jsonAnswer } from "./json-value.ts";
import { patternValue } from "./pattern-value.ts";
import { summarise } from "./summary.ts";

const invoice = `Invoice number: INV-2041
Date: March 4, 2026
Bill to: Harbour Supplies Ltd

Description          Qty   Price    Amount
Rope, 20 m             3   12.50     37.50
Anchor                 1  249.00    249.00

Subtotal: 286.50
VAT: 57.30
Total: EUR 343.80
Payment status: overdue
Questions: billing@harbour.example
`;

const invoiceSchema = {
  type: "object",
  required: ["invoice_number", "date", "total", "currency", "line_items", "status", "contact"],
  additionalProperties: false,
  properties: {
    invoice_number: { type: "string", minLength: 1 },
    date: { type: "string", format: "date" },
    bill_to: { type: "string" },
    total: { type: "number", minimum: 0 },
    vat: { anyOf: [{ type: "null" }, { type: "number" }] },
    currency: { type: "string", pattern: "^[A-Z]{3}$" },
    status: { enum: ["paid", "open", "overdue"] },
    contact: { type: "string", format: "email" },
    line_items: {
      type: "array",
      items: { $ref: "#/$defs/line" },
    },
  },
  $defs: {
    line: {
      type: "object",
      required: ["description", "quantity", "unit_price", "amount"],
      properties: {
        description: { type: "string" },
        quantity: { type: "integer", minimum: 1 },
        unit_price: { type: "number" },
        amount: { type: "number" },
      },
    },
  },
};

test("an invoice's fields are read off its text, its line items off the table", () => {
  assert.deepEqual(jsonAnswer(invoiceSchema, invoice), {
    invoice_number: "INV-2041",
    date: "2026-03-04",
    bill_to: "Harbour Supplies Ltd",
    total: 343.8,
    vat: 57.3,
    currency: "EUR",
    status: "overdue",
    contact: "billing@harbour.example",
    line_items: [
      { description: "Rope, 20 m", quantity: 3, unit_price: 12.5, amount: 37.5 },
      { description: "Anchor", quantity: 1, unit_price: 249, amount: 249 },
    ],
  });
});

test("where null is permitted and the text says nothing, nothing is made up", () => {
  const schema = {
    type: "object",
    properties: {
      due_on: { type: ["string", "null"], format: "date" },
      tax: { anyOf: [{ type: "number" }, { type: "null" }] },
      seller: { type: ["string", "null"] },
    },
  };
  assert.deepEqual(jsonAnswer(schema, "Please pay twenty for the fence."), { due_on: null, tax: null, seller: null });
  assert.deepEqual(jsonAnswer(schema, "From: Jones & Sons\nVAT 19 %: 38.00\nDue date: 1 May 2026"), {
    due_on: "2026-05-01",
    tax: 38,
    seller: "Jones & Sons",
  });
});

test("what the schema allows is drawn from any text, and the same text gives the same value", () => {
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  const schemas = [
    invoiceSchema,
    {
      type: "object",
      properties: { key_points: { type: "array", items: { type: "string", maxLength: 30 }, minItems: 2, maxItems: 4 } },
      required: ["key_points"],
    },
    {
      type: "object",
      properties: { score: { type: "number", minimum: 0, maximum: 1, multipleOf: 0.25 } },
      required: ["score"],
    },
    {
      type: "object",
      properties: { id: { type: "string", pattern: "^[A-Z]{2}-\\d{4}$" }, at: { type: "string", format: "date-time" } },
      required: ["id", "at"],
    },
    {
      type: "object",
      properties: {
        tags: { type: "array", items: { enum: ["a", "b"] }, minItems: 1 },
        name: { type: ["string", "null"], minLength: 3, maxLength: 9 },
      },
      required: ["tags", "name"],
    },
    { allOf: [{ type: "object", properties: { kind: { const: "x" } }, required: ["kind"] }] },
    { type: "array", items: { type: "integer", minimum: 5, maximum: 9 }, minItems: 3 },
    {
      type: "object",
      properties: {
        n: { type: "number", exclusiveMinimum: 0 },
        i: { type: "integer", exclusiveMinimum: 2, exclusiveMaximum: 4 },
      },
      required: ["n", "i"],
    },
    {
      type: "object",
      properties: { id: { type: "string", format: "uuid" }, link: { type: "string", format: "uri" } },
      required: ["id", "link"],
    },
  ];
  for (const schema of schemas) {
    const validate = ajv.compile(schema);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "grapheme", maxLength: 400 }), fc.constant(invoice)), (text) => {
        const value = jsonAnswer(schema, text);
        assert.ok(validate(value), `${JSON.stringify(value)} breaks ${JSON.stringify(validate.errors)}`);
        assert.deepEqual(value, jsonAnswer(schema, text));
      }),
      { numRuns: 60 },
    );
  }
});

const patterns = [
  "^[A-Z]{3}$",
  "^\\d{4}-\\d{2}$",
  "^(open|closed)$",
  "^[a-z0-9][a-z0-9-]{0,63}$",
  "^INV-[0-9]{2,6}$",
  "^.+$",
  "^a?b*c{2}$",
];
for (const pattern of patterns) {
  test(`a string is made for ${pattern}`, () =>
    assert.match(patternValue(pattern, undefined, ""), new RegExp(pattern)));
}

test("a pattern takes what the text says before it makes something up", () => {
  assert.equal(patternValue("^[A-Z]{3}$", undefined, "paid in (CHF), at once"), "CHF");
  assert.equal(patternValue("^[A-Z]{3}$", "USD only", "CHF"), "USD");
});

test("a summary is the first sentences of the document, not of the instruction before it", () => {
  const said = "Dr. A. Smith wrote this down in the year before.";
  const prompt = `Summarise the following text for a general reader:\n\n${said} It was a long year for all of them there. And so on it went for pages and pages. More.`;
  assert.equal(
    summarise(prompt, 500).text,
    `${said} It was a long year for all of them there. And so on it went for pages and pages.`,
  );
  assert.deepEqual(summarise(prompt, 4), { text: said.slice(0, 16), cut: true });
  assert.equal(summarise("", 10).text, "There is nothing to answer.");
});

test("a document between tags is what counts", () => {
  const inner = "This sentence stands within the tags, and it is the one that matters here, as all agree.";
  assert.equal(documentIn(`Look at it.\n<document>\n${inner}\n</document>\nAnswer now.`), inner);
});

const dates: readonly (readonly [text: string, date: string | undefined])[] = [
  ["on 1857-03-04 he", "1857-03-04"],
  ["on March 4, 1857 he", "1857-03-04"],
  ["am 4. March 1857", "1857-03-04"],
  ["1/20/1977 it was", "1977-01-20"],
  ["99/99/1977 it was not", undefined],
  ["no date at all", undefined],
];
for (const [text, date] of dates) test(`the date in "${text}"`, () => assert.equal(dateIn(text), date));

test("numbers are read with their separators, and codes and dates are no numbers", () => {
  assert.deepEqual(numbersIn("$1,234.56 for 3 of A-17 on 2026-01-02, 50 % off"), [1234.56, 3, 50]);
});

test("labels are found however they are spelled", () => {
  assert.equal(labelled("Invoice No. : 17", "invoice_number"), "17");
  assert.equal(labelled("due-date: tomorrow\n", "dueDate"), "tomorrow");
  assert.equal(labelled("nothing here", "dueDate"), undefined);
});

test("rows, leads, keywords and sentences", () => {
  assert.deepEqual(rowsIn(invoice, 3).map(leadOf), ["Rope, 20 m", "Anchor"]);
  assert.deepEqual(keywordsOf("harbour harbour anchors anchors anchors rope", 2), ["anchors", "harbour"]);
  assert.deepEqual(sentencesOf("Short. This one is long enough to be kept! And?", 3), [
    "This one is long enough to be kept!",
  ]);
});
