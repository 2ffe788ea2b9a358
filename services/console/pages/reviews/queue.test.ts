import assert from "node:assert/strict";
import { test } from "node:test";
import { heldReview } from "../../../../test/support/review-topic.ts";
import { ReviewBook } from "../../../reviews/review-book.ts";
import { waitingView } from "../../../gateway/reviews/review-view.ts";
import { choices, moved, narrowed, nextAfter } from "./queue.ts";

const book = new ReviewBook();
book.apply(heldReview, 0n);
const review = book.get(heldReview.run_id);
assert.ok(review !== undefined);
const item = waitingView(review);
const queue = ["a", "b", "c"].map((id, index) => ({
  ...item,
  run_id: id,
  client_id: index === 2 ? "globex" : "acme",
  harness: { ...item.harness, name: index === 0 ? "summarise" : "extract-invoice" },
}));

for (const [name, filter, expected] of [
  ["without a filter all are there", { client: null, harness: null }, "abc"],
  ["by client", { client: "acme", harness: null }, "ab"],
  ["by harness", { client: null, harness: "extract-invoice" }, "bc"],
  ["by both", { client: "acme", harness: "extract-invoice" }, "b"],
] as const) {
  test(name, () =>
    assert.equal(
      narrowed(queue, filter)
        .map(({ run_id: id }) => id)
        .join(""),
      expected,
    ),
  );
}

for (const [decided, next] of [
  ["a", "b"],
  ["b", "c"],
  ["c", "b"],
  ["gone", "a"],
] as const) {
  test(`after ${decided} comes ${next}`, () => assert.equal(nextAfter(queue, decided), next));
}

test("after the last of all comes nobody", () => {
  assert.equal(nextAfter(queue.slice(0, 1), "a"), null);
  assert.equal(nextAfter([], "a"), null);
});

for (const [from, by, to] of [
  ["a", 1, "b"],
  ["c", 1, "c"],
  ["a", -1, "a"],
  [null, 1, "a"],
] as const) {
  test(`${by} from ${from ?? "nowhere"} is ${to}`, () => assert.equal(moved(queue, from, by), to));
}

test("each choice is there once, and what was chosen stays", () => {
  assert.deepEqual(choices(["b", "a", "b"], "c"), ["a", "b", "c"]);
  assert.deepEqual(choices(["b", "a"], null), ["a", "b"]);
});
