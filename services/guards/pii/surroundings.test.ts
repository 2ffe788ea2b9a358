/** Words beside a value, and whether it is a value of its own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isNamed, standsAlone, textAfter, textBefore } from "./surroundings.ts";

const place = (marked: string): readonly [string, number, number] => {
  const start = marked.indexOf("<");
  return [marked.replace("<", "").replace(">", ""), start, marked.indexOf(">") - 1];
};

const alone: readonly string[] = [
  "<12>",
  "a <12> b",
  "(<12>)",
  "<12>.",
  "<12>, 13",
  "id:<12>",
  "a/<12>/b",
  "=<12>;",
  "<12>\n",
];
for (const marked of alone) test(`stands alone: ${marked}`, () => assert.equal(standsAlone(...place(marked)), true));

const joined: readonly string[] = [
  "a<12>",
  "<12>b",
  "é<12>",
  "_<12>",
  "3.<12>",
  "<12>.5",
  "a-<12>",
  "<12>-b",
  "1+<12>",
];
for (const marked of joined)
  test(`is part of more: ${marked}`, () => assert.equal(standsAlone(...place(marked)), false));

test("words are looked for before and a little after", () => {
  assert.equal(isNamed("ssn is 12", 7, 9, /ssn/), true);
  assert.equal(isNamed("12 (ssn)", 0, 2, /ssn/), true);
  assert.equal(isNamed(`ssn ${"x ".repeat(30)}12`, 64, 66, /ssn/), false);
});

test("no word is heard through a placeholder", () => {
  assert.equal(textBefore("ssn [SSN] and 12", 14), " and ");
  assert.equal(textAfter("12 and [SSN] ssn", 2), " and ");
  assert.equal(textAfter("12 and ]]]]] ssn", 2), " and ");
});
