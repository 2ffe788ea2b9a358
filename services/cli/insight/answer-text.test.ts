import assert from "node:assert/strict";
import { test } from "node:test";
import { answerText, type Answered } from "./answer-text.ts";

const sealed = { key_id: "k1", sealed: "AAAA" };
const calls = { plain: [{ id: "1", name: "book_room", arguments: { city: "Oslo" } }] };

const cases: readonly (readonly [name: string, answered: Answered, text: string])[] = [
  ["nothing is nothing", {}, ""],
  ["a text is shown as it is", { output: { plain: "In short." } }, "In short."],
  ["a value is shown as JSON", { output: { plain: { year: 1841 } } }, '{\n  "year": 1841\n}'],
  [
    "calls stand behind the words",
    { output: { plain: "So:" }, tool_calls: calls },
    'So:\n\nCalls of tools:\n  book_room {"city":"Oslo"}',
  ],
  [
    "calls may stand alone",
    { output: { plain: "" }, tool_calls: calls },
    'Calls of tools:\n  book_room {"city":"Oslo"}',
  ],
  [
    "what is sealed is said to be",
    { output: sealed, tool_calls: sealed },
    "(sealed under the key k1)\n\nCalls of tools: (sealed under the key k1)",
  ],
  ["what is erased too", { output: { key_id: "erased", sealed: "" } }, "(erased: its key is gone)"],
  ["what would steer the terminal does not", { output: { plain: "a\tb\nc\u0007" } }, "a\tb\nc?"],
];
for (const [name, answered, text] of cases) test(name, () => assert.equal(answerText(answered), text));
