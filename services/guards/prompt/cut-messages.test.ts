/** Cuts carried out: parts, several in one message, whole messages, marks in their place. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../schemas/parts/content.ts";
import type { MessageCut } from "../../../schemas/records/attempt-task.ts";
import { cutMessages } from "./cut-messages.ts";

const messages: readonly Message[] = [
  { role: "system", content: "Be exact." },
  { role: "user", content: "0123456789" },
  { role: "assistant", content: "" },
];

const cases: readonly [what: string, cuts: readonly MessageCut[], contents: readonly string[]][] = [
  ["nothing", [], ["Be exact.", "0123456789", ""]],
  ["an end", [{ message: 1, start: 7, end: 10 }], ["Be exact.", "0123456", ""]],
  ["a beginning", [{ message: 1, start: 0, end: 7 }], ["Be exact.", "789", ""]],
  ["a middle with a mark", [{ message: 1, start: 2, end: 8, insert: "~" }], ["Be exact.", "01~89", ""]],
  [
    "two parts, in any order",
    [
      { message: 1, start: 6, end: 8 },
      { message: 1, start: 1, end: 3 },
    ],
    ["Be exact.", "034589", ""],
  ],
  ["a whole message", [{ message: 1, start: 0, end: 10 }], ["Be exact.", ""]],
  ["a whole text with a mark", [{ message: 1, start: 0, end: 10, insert: "~" }], ["Be exact.", "~", ""]],
  ["an empty message", [{ message: 2, start: 0, end: 0 }], ["Be exact.", "0123456789"]],
  ["a message that is not there", [{ message: 9, start: 0, end: 1 }], ["Be exact.", "0123456789", ""]],
];
for (const [what, cuts, contents] of cases) {
  test(`cuts ${what}`, () => {
    assert.deepEqual(
      cutMessages(messages, cuts).map(({ content }) => content),
      contents,
    );
  });
}
