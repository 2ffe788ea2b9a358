/** What is put in place of a value is known again, and nothing a person writes passes for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isWithinForm, labelOf, placeholderOf, pseudonymsIn, replacePseudonyms } from "./token-forms.ts";

const labels = new Set(["CARD", "BIRTH_DATE", "EMPLOYEE_ID"]);

const names: readonly [entity: string, placeholder: string][] = [
  ["card", "[CARD]"],
  ["birthDate", "[BIRTH_DATE]"],
  ["employeeId", "[EMPLOYEE_ID]"],
  ["claim_no", "[CLAIM_NO]"],
  ["form27b", "[FORM27B]"],
];
for (const [entity, placeholder] of names) {
  test(`${entity} is written ${placeholder}`, () => {
    assert.equal(placeholderOf(entity), placeholder);
    assert.equal(`[${labelOf(entity)}]`, placeholder);
  });
}

const forms: readonly [what: string, form: string, expected: boolean][] = [
  ["a placeholder", "[CARD]", true],
  ["a hash", "[CARD:8f3a21c04d7e]", true],
  ["a pseudonym", "[BIRTH_DATE_12]", true],
  ["another spelling of one", "[EMPLOYEE_ID_1.2]", true],
  ["a label that stands for nothing", "[PASSPORTS]", false],
  ["a number in place of a hash", "[CARD:411111111111]", false],
  ["a whole card in place of a hash", "[CARD:4111111111111111]", false],
  ["upper-case digits in place of a hash", "[CARD:8F3A21C04D7E]", false],
  ["a long number in place of a pseudonym's", "[CARD_4111111111111111]", false],
  ["a pseudonym numbered zero", "[CARD_0]", false],
  ["no bracket at the end", "[CARD_1", false],
];
for (const [what, form, expected] of forms) {
  test(`${what} ${expected ? "is left alone" : "hides nothing"}`, () => {
    const text = `before ${form} after`;
    const inner = { start: 8, end: 7 + form.length - 1 };
    assert.equal(isWithinForm(text, inner, labels), expected);
    assert.equal(isWithinForm(text, { start: 7, end: 7 + form.length }, labels), expected);
    assert.equal(isWithinForm(text, { start: 6, end: 7 + form.length }, labels), false);
    assert.equal(isWithinForm(text, { start: 8, end: 7 + form.length + 2 }, labels), false);
  });
}

test("only what is known is put in place of a pseudonym, and it is not looked at again", () => {
  const values = new Map([
    ["[A_1]", "[A_2]"],
    ["[A_2]", "two"],
  ]);
  assert.equal(
    replacePseudonyms("[A_1] [A_2] [A_3] [a_1] [A_1", (token) => values.get(token)),
    "[A_2] two [A_3] [a_1] [A_1",
  );
});

test("law: every pseudonym of a text is found, in order", () => {
  const token = fc
    .tuple(fc.stringMatching(/^[A-Z][A-Z_]{0,8}[A-Z]$/), fc.integer({ min: 1, max: 999_999 }))
    .map(([label, number]) => `[${label}_${number}]`);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.stringMatching(/^[a-z ,.]{0,9}$/), token)), (parts) => {
      assert.deepEqual(
        pseudonymsIn(parts.flat().join("")),
        parts.map(([, pseudonym]) => pseudonym),
      );
    }),
  );
});
