import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { exampleValue } from "../../test/contract/examples.ts";
import { erasedContent } from "../../schemas/parts/content.ts";
import { reviewRecord, type ReviewRecord } from "../../schemas/records/review.ts";
import { ReviewBook } from "./review-book.ts";

const example = (name: string): ReviewRecord => reviewRecord.parse(exampleValue("harness-reviews", name));
const held = example("held");
const escalated = example("escalated");
const approve = example("decided-approve");
const edit = example("decided-edit");
const broken = example("decided-edit-broken");
const reject = example("decided-reject");
const timedOut = example("decided-timed-out");

const erased = (decision: ReviewRecord): ReviewRecord => reviewRecord.parse({ ...decision, output: erasedContent });

/** What is said of each record when the log is read in its order. */
function said(log: readonly ReviewRecord[], book = new ReviewBook()): string[] {
  return log.map((record, offset) => book.apply(record, BigInt(offset)).kind);
}

const cases: readonly (readonly [name: string, log: readonly ReviewRecord[], expected: readonly string[]])[] = [
  ["a decision on what is not held is unknown", [approve, held], ["unknown", "noted"]],
  ["the first decision counts, another is late", [held, reject, approve], ["noted", "counts", "late"]],
  ["a reviewer who is later than the clock is late", [held, timedOut, approve], ["noted", "counts", "late"]],
  ["the same decision again is repeated", [held, approve, approve], ["noted", "counts", "repeated"]],
  ["an edit that was erased since stands as it stood", [held, erased(edit), approve], ["noted", "counts", "late"]],
  ["an edit that breaks the contract does not count", [held, broken, edit], ["noted", "broken", "counts"]],
  [
    "a second record of what is held changes nothing",
    [held, approve, held, reject],
    ["noted", "counts", "noted", "late"],
  ],
  ["urgency decides nothing", [held, escalated, approve], ["noted", "noted", "counts"]],
];
for (const [name, log, expected] of cases) {
  test(name, () => {
    const book = new ReviewBook();
    assert.deepEqual(said(log, book), expected);
    assert.deepEqual(said(log, book), expected, "shown again, it says the same");
  });
}

test("what is open is what was held and not decided", () => {
  const book = new ReviewBook();
  said([held, escalated, broken], book);
  assert.deepEqual(
    [...book.open()].map(({ offset, escalated: isUrgent }) => [offset, isUrgent]),
    [[0n, true]],
  );
  book.apply(reject, 3n);
  assert.deepEqual([...book.open()], []);
  assert.equal(book.get(held.run_id)?.decided?.by, "omar");
});

test("what was decided is forgotten with the topic, what waits never", () => {
  const book = new ReviewBook();
  said([held], book);
  book.forget(Number.MAX_SAFE_INTEGER);
  assert.ok(book.get(held.run_id) !== undefined);
  book.apply(approve, 1n);
  book.forget(0);
  assert.ok(book.get(held.run_id) !== undefined);
  book.forget(Number.MAX_SAFE_INTEGER);
  assert.equal(book.get(held.run_id), undefined);
});

test("law: of any log at most one decision counts, the same one however much of it was learned before", () => {
  const record = fc.constantFrom(held, escalated, approve, edit, broken, reject, timedOut);
  fc.assert(
    fc.property(fc.array(record, { maxLength: 12 }), fc.nat(12), (log, learned) => {
      const inOrder = said(log);
      assert.ok(inOrder.filter((kind) => kind === "counts").length <= 1);
      const book = new ReviewBook();
      said(log.slice(0, learned), book);
      assert.deepEqual(said(log, book).slice(log.indexOf(held)), inOrder.slice(log.indexOf(held)));
    }),
  );
});
