import assert from "node:assert/strict";
import { test } from "node:test";
import { causeOf } from "./letter-cause.ts";

const cases: readonly (readonly [what: string, message: string, cause: string])[] = [
  ["the first reason stands for all", "/client_id is missing; /input is missing", "/client_id is missing"],
  ["of several attempts, the first one's", "attempt 1: not_json; attempt 2: schema /a type", "not_json"],
  ["places in lists are one cause", "attempt 3: schema /items/12/price type", "schema /items/N/price type"],
  ["sizes are one cause", "the value has 1048999 bytes", "the value has N bytes"],
  ["no message is no words", "", ""],
  ["a message without end is cut", "x".repeat(500), `${"x".repeat(159)}…`],
];
for (const [what, message, cause] of cases) {
  test(what, () => {
    assert.equal(causeOf(message), cause);
  });
}
