import assert from "node:assert/strict";
import { test } from "node:test";
import { batchOf } from "../../../../test/support/gateway-parts.ts";
import { BatchBook } from "./batch-book.ts";

const id = (no: number): string => `7c49b594-22ab-811f-98d4-${String(no).padStart(12, "0")}`;
const taken = (no: number, client_id = "acme") => batchOf({ batch_id: id(no), client_id }).taken;
const published = (no: number) => ({ kind: "published", batch_id: id(no), published_at_ms: 1 }) as const;

test("the first record of a batch counts", () => {
  const book = new BatchBook();
  book.take(taken(1), 5n);
  book.take(taken(1, "other"), 6n);
  assert.deepEqual(book.get(id(1)), { taken: taken(1), offset: 5n, isPublished: false });
});

test("it is complete when that is said of it, and a later record does not undo it", () => {
  const book = new BatchBook();
  book.take(published(1), 1n);
  assert.equal(book.get(id(1)), undefined);
  book.take(taken(1), 2n);
  book.take(published(1), 3n);
  book.take(taken(1), 4n);
  assert.equal(book.get(id(1))?.isPublished, true);
});

test("the oldest are forgotten beyond the bound", () => {
  const book = new BatchBook(3);
  for (let no = 1; no <= 5; no += 1) book.take(taken(no, no % 2 === 0 ? "even" : "odd"), BigInt(no));
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((no) => book.get(id(no)) !== undefined),
    [false, false, true, true, true],
  );
  assert.deepEqual(
    book.latest("odd", 10).map(({ taken: { batch_id } }) => batch_id),
    [id(5), id(3)],
  );
  assert.equal(book.latest("odd", 1).length, 1);
  assert.deepEqual(
    book.latest(undefined, 2).map(({ taken: { batch_id } }) => batch_id),
    [id(5), id(4)],
  );
});
