/** All PII rules together: overlaps, disguises, and the laws of redaction. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PseudonymBook } from "../privacy/pseudonym-book.ts";
import { replaceValues } from "../privacy/replace-values.ts";
import { fold } from "../text/fold.ts";
import { luhn } from "./checksums.ts";
import { piiEntities, type PiiEntity } from "./entity.ts";
import { findPii } from "./find-pii.ts";

const all: readonly PiiEntity[] = piiEntities.map(({ entity }) => entity);
const keyless = { clientId: "", tokeniser: null, book: new PseudonymBook(new Set()) };

function redacted(text: string): string {
  const found = findPii(fold(text), all).map((span) => ({ ...span, action: "redact" as const }));
  return replaceValues(text, found, keyless);
}

const cases: readonly [what: string, text: string, expected: string][] = [
  [
    "each kind in place",
    "Card 4111 1111 1111 1111, SSN 536-90-4399, mail ann@example.com.",
    "Card [CARD], SSN [SSN], mail [EMAIL].",
  ],
  ["a card in the name of an address", "4111111111111111@example.com", "[EMAIL]"],
  ["a card beside an address", "4111111111111111/ann@example.com", "[CARD]/[EMAIL]"],
  ["a card in a path", "https://shop.example/pay/4111111111111111/done", "https://shop.example/pay/[CARD]/done"],
  ["full-width digits", "４１１１ １１１１ １１１１ １１１１!", "[CARD]!"],
  ["digits of another script", "٤١١١١١١١١١١١١١١١", "[CARD]"],
  ["zero-width characters inside", "4111\u200b1111\u200b1111\u200b1111 ok", "[CARD] ok"],
  ["a soft hyphen in an address", "ann@exam\u00adple.com ok", "[EMAIL] ok"],
  ["a full-width sign", "ann＠example．com ok", "[EMAIL] ok"],
  ["several spaces between groups", "536  90  4399", "[SSN]"],
  ["typographic dashes", "536–90–4399", "[SSN]"],
  ["text around it that must stay", "Ünïcode 𝐁old 4111111111111111 日本", "Ünïcode 𝐁old [CARD] 日本"],
  ["nothing", "No numbers here.", "No numbers here."],
];
for (const [what, text, expected] of cases) {
  test(`redacts ${what}`, () => assert.equal(redacted(text), expected));
}

test("looks only for the kinds it is asked for", () => {
  const text = fold("4111111111111111 ann@example.com");
  assert.deepEqual(
    findPii(text, ["email"]).map(({ entity }) => entity),
    ["email"],
  );
  assert.deepEqual(findPii(text, []), []);
});

test("a finding holds no part of the value", () => {
  const [match] = findPii(fold("4111111111111111"), all);
  assert.deepEqual(Object.keys(match ?? {}).toSorted(), ["confidence", "end", "entity", "start"]);
});

const digits = (length: number) =>
  fc.array(fc.nat(9), { minLength: length, maxLength: length }).map((list) => list.join(""));
const card = fc.tuple(fc.constantFrom("4", "51", "2221", "6011", "3530"), digits(15)).map(([prefix, rest]) => {
  const body = (prefix + rest).slice(0, 15);
  const check = "0123456789".split("").find((digit) => luhn(body + digit)) ?? "0";
  return body + check;
});
const ssn = fc
  .tuple(fc.integer({ min: 1, max: 899 }), fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 9999 }))
  .filter(([area]) => area !== 666)
  .map(([area, group, serial]) => `${pad(area, 3)}-${pad(group, 2)}-${pad(serial, 4)}`);
const email = fc
  .tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,12}$/), fc.stringMatching(/^[a-z]{2,10}$/))
  .map(([name, host]) => `${name}@${host}.com`);
const value = fc.oneof(card, ssn, email);
/** Words too long to be one that says what a number is: after `ean` it is no card. */
const around = fc.stringMatching(/^(?:[A-Za-zäß]{6,9}[ ,.!?\n]){0,6}$/);

/** Values, parts of values, and the words that give numbers a meaning. */
const fragments = [
  ..."-@./:1[],+( ".split(""),
  ..."ssn |call |order |phone: |born |passport |mrn |npi |address |ip |version |token=|password: |key ".split("|"),
  ..."+44 20 7946 0958|(415) 555-2671|020 7946 0958|030 123456|555|12 345 678|1/2/1980|March 3, 1985".split("|"),
  ..."GB82WEST12345698765432|192.168.10.20|fe80::1ff|00:1b:44:11:3a:b7|40.71280, -74.00600|1234567893".split("|"),
  ..."12 Queen Street|X1234567L|123456789|12345678|1EG4-TE5-MK73|A1b2C3d4E5f6G7h8I9|2001:db8::7| 12 34 56 ".split("|"),
];

function pad(number: number, length: number): string {
  return String(number).padStart(length, "0");
}

test("law: a redacted text never contains the value, and the text around it stays", () => {
  fc.assert(
    fc.property(around, value, around, (before, secret, after) => {
      const text = `${before}: ${secret} ${after}`;
      const result = redacted(text);
      assert.equal(result.includes(secret), false);
      assert.ok(result.startsWith(`${before}: [`));
      assert.ok(result.endsWith(`] ${after}`));
    }),
    { numRuns: 500 },
  );
});

test("law: redacting twice is redacting once", () => {
  const mixed = fc.array(fc.oneof(value, around, fc.string({ maxLength: 8 }), fc.constantFrom(...fragments)), {
    maxLength: 10,
  });
  fc.assert(
    fc.property(mixed, (parts) => {
      const once = redacted(parts.join(""));
      assert.equal(redacted(once), once);
    }),
    { numRuns: 2000 },
  );
});

test("law: for any text at all, spans are inside it, in order and apart", () => {
  const digitsAndMarks = fc.string({ unit: fc.constantFrom(..."0123456789 -.@abc\u200b４".split("")), maxLength: 80 });
  fc.assert(
    fc.property(fc.oneof(digitsAndMarks, fc.string({ unit: "binary" })), (text) => {
      let end = 0;
      for (const match of findPii(fold(text), all)) {
        assert.ok(match.start >= end && match.end > match.start && match.end <= text.length);
        end = match.end;
      }
    }),
    { numRuns: 1000 },
  );
});
