import assert from "node:assert/strict";
import { test } from "node:test";
import { compileContract } from "../../../services/guards/contract.ts";
import { seededRandom } from "../../pii/random.ts";
import { mendable, unmendable } from "./breakages.ts";
import { contracts } from "./contracts.ts";
import { makeDocuments } from "./documents.ts";
import { strictStyle, write } from "./write.ts";

const documents = makeDocuments(70, 3);

test("every document keeps its contract", () => {
  for (const { schema, value } of documents) {
    assert.deepEqual(compileContract({ ...schema })(JSON.parse(JSON.stringify(value))), []);
  }
});

test("every contract has documents, and no two are alike", () => {
  assert.deepEqual(new Set(documents.map(({ schema }) => schema)), new Set(contracts));
  assert.ok(new Set(documents.map(({ value }) => JSON.stringify(value))).size > 60);
});

test("the same seed gives the same documents, another one others", () => {
  assert.deepEqual(makeDocuments(10, 3), documents.slice(0, 10));
  assert.notDeepEqual(makeDocuments(10, 4), documents.slice(0, 10));
});

test("the strict style writes JSON, on one line and on many", () => {
  for (const { value } of documents) {
    for (const indent of [0, 2]) assert.deepEqual(JSON.parse(write(value, { ...strictStyle, indent })), value);
  }
});

/** What it writes of some documents is JSON all the same, as these have nothing to break. */
const mayBeJson = new Set([
  "inner-quotes",
  "raw-line-breaks",
  "missing-commas",
  "same-key-twice",
  "no-number",
  "half-quoted-keys",
  "comments",
  "beginning-lost",
  "ellipsis",
  "cut-off",
]);

for (const [kind, breakage] of Object.entries({ ...mendable, ...unmendable })) {
  test(`${kind}: most documents come out broken, and the same each time`, () => {
    const all = (seed: number): readonly string[] => {
      const random = seededRandom(seed);
      return documents.map(({ value }) => breakage(value, random));
    };
    assert.deepEqual(all(1), all(1));
    const valid = all(1).filter((text, index) => parses(text, documents[index]?.value)).length;
    assert.ok(valid <= (mayBeJson.has(kind) ? documents.length * 0.7 : 0), String(valid));
  });
}

/** Whether it is JSON of this very value. */
function parses(text: string, value: unknown): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(value);
  } catch {
    return false;
  }
}
