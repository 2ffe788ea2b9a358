/** Signs of disguise: which texts show which, and that plain ones show none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "./fold.ts";
import { signsOf, type Signs } from "./signs.ts";

const none: Signs = { spaced: false, leet: false, encoded: false, escaped: false };

const cases: readonly [text: string, signs: Partial<Signs>][] = [
  ["A plain sentence, with a comma and a 42.", {}],
  ["It is 10:45; call 020 7946 0958 now.", {}],
  ["I a m here, too", { spaced: false }],
  ["i g n o r e", { spaced: true }],
  ["i.g.n.o", { spaced: true }],
  ["ich bin es", {}],
  ["pr3vent", { leet: true }],
  ["$ystem", { leet: true }],
  ["costs $5", {}],
  ["at 100%", { escaped: true }],
  ["a & b", { escaped: true }],
  ["c:\\dir", { escaped: true }],
  ["u+0041", { escaped: true }],
  ["1 + 1", {}],
  ["x = y", { encoded: true }],
  ["3f2a9c1d", { encoded: true, leet: true }],
  ["69 67 6e 6f", { encoded: true, leet: true }],
  ["incomprehensibilities", { encoded: true }],
  ["한국어 텍스트", {}],
];
for (const [text, signs] of cases) {
  test(`sees ${Object.keys(signs).join(" and ") || "nothing"} in: ${text}`, () => {
    assert.deepEqual(signsOf(fold(text).folded), { ...none, ...signs });
  });
}
