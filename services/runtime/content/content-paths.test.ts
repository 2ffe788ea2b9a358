/** Each topic's content, as its schema says; a change here is a change of what is sealed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { contentOf, textContent } from "../../../schemas/parts/content.ts";
import { catalog } from "../../../topics/catalog.ts";
import { contentPathsOf } from "./content-paths.ts";

const task = ["messages", "context", "pseudonyms"];

const expected: Readonly<Record<string, readonly string[]>> = {
  "harness-scanned": task,
  "harness-scanned-batch": task,
  "harness-retries": task,
  "harness-calls": [...task.map((field) => `settlement.task.${field}`), "settlement.answer", "settlement.tool_calls"],
  "harness-reviews": ["output", "tool_calls", "excerpts"],
  "harness-results": ["output", "tool_calls"],
};

for (const { name, schema } of catalog) {
  test(`${name} holds content in ${expected[name]?.join(", ") ?? "no field"}`, () => {
    const found = contentPathsOf(schema).map((path) => path.join("."));
    assert.deepEqual(found, expected[name] ?? []);
  });
}

test("content in a list is refused, as it would stay plain", () => {
  assert.throws(
    () => contentPathsOf(z.object({ answers: z.array(z.object({ text: textContent })) })),
    /list, at answers/,
  );
});

test("what is inside content is not looked at", () => {
  assert.deepEqual(contentPathsOf(z.object({ a: contentOf(z.object({ b: textContent })) })), [["a"]]);
});
