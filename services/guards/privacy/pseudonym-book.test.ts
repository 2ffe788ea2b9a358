/** Pseudonyms: one number for one value, one token for one spelling, none that is taken. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PseudonymBook } from "./pseudonym-book.ts";
import { replacePseudonyms } from "./token-forms.ts";

test("values are numbered by kind, in the order in which they come", () => {
  const book = new PseudonymBook(new Set());
  assert.equal(book.tokenOf("email", "ann@example.com"), "[EMAIL_1]");
  assert.equal(book.tokenOf("card", "4111111111111111"), "[CARD_1]");
  assert.equal(book.tokenOf("email", "bob@example.com"), "[EMAIL_2]");
  assert.equal(book.tokenOf("email", "ann@example.com"), "[EMAIL_1]");
});

test("another spelling of a value keeps its number, so that the model sees one person", () => {
  const book = new PseudonymBook(new Set());
  assert.equal(book.tokenOf("email", "ann@example.com"), "[EMAIL_1]");
  assert.equal(book.tokenOf("email", "Ann@example.com"), "[EMAIL_1.2]");
  assert.equal(book.tokenOf("email", "ANN@example.com"), "[EMAIL_1.3]");
  assert.equal(book.tokenOf("email", "Ann@example.com"), "[EMAIL_1.2]");
  assert.equal(book.values.get("[EMAIL_1.2]"), "Ann@example.com");
});

test("what looks like a pseudonym in the text already is not given to a value", () => {
  const book = new PseudonymBook(new Set(["[EMAIL_1]", "[EMAIL_3]", "[EMAIL_2.2]"]));
  assert.equal(book.tokenOf("email", "ann@example.com"), "[EMAIL_2]");
  assert.equal(book.tokenOf("email", "bob@example.com"), "[EMAIL_4]");
  assert.equal(book.tokenOf("email", "ANN@example.com"), "[EMAIL_2.3]");
});

test("law: the tokens of different spellings differ, and each leads back to its own", () => {
  const value = fc.oneof(fc.emailAddress(), fc.stringMatching(/^[0-9 -]{9,19}$/), fc.string({ minLength: 1 }));
  const entity = fc.constantFrom("email", "card", "secret", "custom");
  fc.assert(
    fc.property(fc.array(fc.tuple(entity, value)), (values) => {
      const book = new PseudonymBook(new Set(["[EMAIL_1]"]));
      const tokens = values.map(([kind, text]) => book.tokenOf(kind, text));
      tokens.forEach((token, index) => {
        assert.equal(
          replacePseudonyms(token, (known) => book.values.get(known)),
          values[index]?.[1],
        );
      });
      const distinct = new Set(values.map((pair) => JSON.stringify(pair)));
      assert.equal(new Set(tokens).size, distinct.size);
      assert.equal(book.values.size, distinct.size);
    }),
  );
});
