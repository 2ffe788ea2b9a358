import assert from "node:assert/strict";
import { test } from "node:test";
import { goodEdit, heldReview } from "../../test/support/review-topic.ts";
import { sampleDefinition } from "../../test/contract/sample-records.ts";
import { knobsWith } from "../../test/support/sample-definition.ts";
import { checkEdit, readEdit } from "./check-edit.ts";

const { contract } = heldReview;
const definition = { ...sampleDefinition, knobs: knobsWith({ content: { hate: "fallback" } }) };
const words = { format: "text", maxTokens: 10 } as const;

const cases: readonly (readonly [name: string, text: string, format: "text" | "json", says: RegExp | null])[] = [
  ["JSON that keeps the contract", goodEdit, "json", null],
  ["a text, without its last line end", "In short.\n", "text", null],
  ["what is no JSON", "In short.", "json", /not valid JSON/],
  ["a key that is there twice", goodEdit.replace("{", '{"total":1,'), "json", /same key/],
  ["a field of another type", goodEdit.replace("286.5", '"286.5"'), "json", /^\/total must be number type$/],
  ["a blank text", " \n", "text", /the answer is blank/],
];
for (const [name, text, format, says] of cases) {
  test(`${name} ${says === null ? "is read" : "is refused, with its field and rule"}`, () => {
    const read = readEdit(text, format === "text" ? words : contract);
    if (says === null) {
      assert.ok(read.kind === "good");
      assert.equal(JSON.stringify(read.output), format === "text" ? '"In short."' : goodEdit);
    } else {
      assert.ok(read.kind === "broken");
      const [{ path, message, rule } = { message: "" }] = read.reasons;
      assert.match([path, message, rule].filter((part) => part !== undefined && part !== "").join(" "), says);
    }
  });
}

test("a check shows what would go out, and what guards note in it", () => {
  const html = { ...words, destination: "html" } as const;
  const good = checkEdit("Kill all Jews. <i>Now</i>", html, definition);
  assert.ok(good.kind === "good");
  assert.deepEqual([good.output, good.given], ["Kill all Jews. <i>Now</i>", "Kill all Jews. &lt;i&gt;Now&lt;/i&gt;"]);
  assert.deepEqual(
    good.guards.map(({ guard, verdict }) => `${guard} ${verdict}`),
    ["leaks passed", "content flagged"],
  );
});

test("guards do not look at what breaks its contract, and say so where the definition is gone", () => {
  assert.deepEqual(checkEdit("{}", contract, definition).guards, []);
  const gone = checkEdit(goodEdit, contract, undefined);
  assert.deepEqual(new Set(gone.guards.map(({ verdict }) => verdict)), new Set(["not_run"]));
});
