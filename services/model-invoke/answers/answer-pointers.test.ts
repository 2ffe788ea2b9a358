import assert from "node:assert/strict";
import { test } from "node:test";
import { AnswerPointers } from "./answer-pointers.ts";

const at = (offset: number) => ({ partition: 0, offset, finishedAtMs: 1000 + offset });

test("the place that is noted last for a key counts, until it is taken back", () => {
  const pointers = new AnswerPointers();
  pointers.note("a", at(1));
  pointers.note("a", at(2));
  assert.deepEqual(pointers.find("a"), at(2));
  pointers.forget("a");
  assert.equal(pointers.find("a"), undefined);
  pointers.forget("never there");
});

test("the newest are held, the oldest go first; a key that is noted again is new", () => {
  const pointers = new AnswerPointers(2);
  for (const [key, offset] of [
    ["a", 1],
    ["b", 2],
    ["a", 3],
    ["c", 4],
  ] as const)
    pointers.note(key, at(offset));
  assert.equal(pointers.size, 2);
  assert.deepEqual([pointers.find("a"), pointers.find("b"), pointers.find("c")], [at(3), undefined, at(4)]);
});
