/** Pages of models, as Anthropic's SDK turns them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { sampleHarness } from "../../../test/support/sample-definition.ts";
import { anthropicModels, openaiModels, type Page } from "./models.ts";

const harnesses = ["a", "b", "c", "d"].map((name) => sampleHarness({ name }));
const shown = z.object({
  data: z.array(z.object({ id: z.string(), max_input_tokens: z.int(), max_tokens: z.int() })),
  has_more: z.boolean(),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
});
const pages: readonly (readonly [page: Page, ids: string, hasMore: boolean])[] = [
  [{}, "abcd", false],
  [{ limit: 2 }, "ab", true],
  [{ limit: 2, after_id: "b" }, "cd", false],
  [{ limit: 2, after_id: "c" }, "d", false],
  [{ after_id: "d" }, "", false],
  [{ limit: 2, before_id: "d" }, "bc", true],
  [{ limit: 2, before_id: "c" }, "ab", false],
  [{ before_id: "a" }, "", false],
  [{ after_id: "c", before_id: "b" }, "", false],
  [{ after_id: "gone" }, "abcd", false],
  [{ before_id: "gone" }, "", false],
];
for (const [page, ids, hasMore] of pages) {
  test(`${JSON.stringify(page)} is ${ids === "" ? "nothing" : ids}${hasMore ? ", with more" : ""}`, () => {
    const { data, has_more: more, first_id: first, last_id: last } = shown.parse(anthropicModels(harnesses, page));
    assert.equal(data.map(({ id }) => id).join(""), ids);
    assert.deepEqual([more, first, last], [hasMore, ids.at(0) ?? null, ids.at(-1) ?? null]);
  });
}

test("OpenAI's list is whole, and has every field of the real one", () => {
  const [first] = harnesses;
  assert.ok(first !== undefined);
  assert.deepEqual(openaiModels([first]), {
    object: "list",
    data: [{ id: "a", object: "model", created: 0, owned_by: "breakwater" }],
  });
});
