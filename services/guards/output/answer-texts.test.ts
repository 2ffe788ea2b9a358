import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTexts } from "./answer-texts.ts";

test("a text is one text", () => {
  assert.deepEqual(answerTexts("All is well."), [{ field: "answer", text: "All is well." }]);
});

test("of a JSON value each string and number is one, by its pointer", () => {
  const value = { name: "A", rows: [{ "a/b~c": 1.5 }, null, true], none: {} };
  assert.deepEqual(answerTexts(value), [
    { field: "answer/name", text: "A" },
    { field: "answer/rows/0/a~1b~0c", text: "1.5" },
  ]);
});
