import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkGrounding } from "../check-grounding.ts";

const context =
  "The report is at https://www.harlow.example/report/2024/. Tickets: kestrel.example (or doi:10.1000/182).";

const accused = (answer: string, of = context): readonly string[] =>
  checkGrounding(answer, [of])
    .filter(({ rule }) => rule === "grounding.link")
    .map(({ span }) => answer.slice(span.start, span.end));

type Row = readonly [name: string, answer: string, links: readonly string[]];
const rows: readonly Row[] = [
  ["an address of the context may be given", "See https://www.harlow.example/report/2024/", []],
  ["without its scheme, its www. and its last stroke", "See http://harlow.example/report/2024.", []],
  ["a site that is named without a scheme may be given one", "Go to https://kestrel.example!", []],
  ["in brackets", "(see www.kestrel.example)", []],
  ["a number of a publication too", "It says so (doi:10.1000/182).", []],
  ["another page of a known site is invented", "See https://harlow.example/scores.", ["https://harlow.example/scores"]],
  ["another site is", "www.osprey.example, they say", ["www.osprey.example"]],
  ["another publication is", "as in doi:10.1000/183", ["doi:10.1000/183"]],
  ["in Markdown, without the brackets", "[here](https://osprey.example)", ["https://osprey.example"]],
  ["each of several", "http://a.example and http://b.example", ["http://a.example", "http://b.example"]],
  ["a scheme alone is no link", "It begins with https:// or www. or so.", []],
  ["a site that is only named is no link", "It is osprey.example.", []],
];
for (const [name, answer, links] of rows) test(name, () => assert.deepEqual(accused(answer), links));

test("an address of the context is known in whatever punctuation it is dressed", () => {
  const part = fc.stringMatching(/^[a-z]{2,8}$/);
  const dress = fc.constantFrom(["", ""], ["(", ")"], ['"', '"'], ["", "."], ["see ", ", and"], ["", "?!"]);
  fc.assert(
    fc.property(part, part, dress, dress, (site, page, [before, behind], [first, last]) => {
      const address = `https://${site}.example/${page}`;
      assert.deepEqual(accused(`${before}${address}${behind}`, `${first}${address}${last}`), []);
      assert.equal(accused(`${before}${address}x${behind}`, `${first}${address}${last}`).length, 1);
    }),
  );
});
