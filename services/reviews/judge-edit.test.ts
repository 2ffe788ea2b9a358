import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReviewHeld } from "../../schemas/records/review.ts";
import { maxAnswerBytes } from "../guards/output/answer-size.ts";
import type { JsonValue } from "../guards/output/json-value.ts";
import { judgeEdit } from "./judge-edit.ts";

const text = { format: "text", maxTokens: 10 } as const;
const json: ReviewHeld["contract"] = {
  format: "json",
  maxTokens: 10,
  schema: { type: "object", properties: { year: { type: "integer" } }, required: ["year"] },
};

type Case = readonly [name: string, output: JsonValue, contract: ReviewHeld["contract"], codes: readonly string[]];
const cases: readonly Case[] = [
  ["a text for a text", "In short.", text, []],
  ["a value for a text is refused", { year: 1841 }, text, ["answer_not_text"]],
  ["a blank text is refused", " \n", text, ["answer_blank"]],
  ["a text above 1 MiB is refused", "a".repeat(maxAnswerBytes + 1), text, ["answer_too_large"]],
  ["a value that keeps the contract", { year: 1841 }, json, []],
  ["a value that breaks it is refused, and never coerced", { year: "1841" }, json, ["contract_broken"]],
  ["a value above 1 MiB is refused", { year: 1, more: "a".repeat(maxAnswerBytes) }, json, ["answer_too_large"]],
];
for (const [name, output, contract, codes] of cases) {
  test(name, () => {
    const { reasons, guards } = judgeEdit(output, contract);
    assert.deepEqual(
      reasons.map(({ code }) => code),
      codes,
    );
    assert.ok(guards[0]?.verdict !== "passed" || codes.length === 0, "what is refused has not passed");
  });
}

test("it is made safe for where it goes, after its contract", () => {
  const { output, reasons, guards } = judgeEdit("<b>In short</b>", { ...text, destination: "html" });
  assert.deepEqual([output, reasons, guards[1]?.verdict], ["&lt;b&gt;In short&lt;/b&gt;", [], "sanitised"]);
});

test("keys that would become one are refused", () => {
  const { reasons } = judgeEdit({ year: 1, "year\u202e": 2 }, { ...json, destination: "plain" });
  assert.deepEqual(
    reasons.map(({ code }) => code),
    ["keys_not_distinct"],
  );
});
