/** Rewriting a folded text: what it then says, and where each part of that stands in the original. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fold, originalSpan } from "./fold.ts";
import { Rewriter, type Reading } from "./rewriter.ts";

function rewritten(original: string, write: (rewriter: Rewriter) => void): Reading {
  const rewriter = new Rewriter(fold(original));
  write(rewriter);
  const reading = rewriter.finish(["test"]);
  assert.ok(reading !== null);
  return reading;
}

function standsAt(reading: Reading, part: string): string {
  const start = reading.folded.indexOf(part);
  assert.ok(start >= 0, reading.folded);
  const span = originalSpan(reading, start, start + part.length);
  return reading.original.slice(span.start, span.end);
}

test("gives nothing when nothing was replaced", () => {
  assert.equal(new Rewriter(fold("as it is")).finish(["test"]), null);
});

test("maps a part of the same length letter by letter", () => {
  const reading = rewritten("say h3llo now", (rewriter) => rewriter.replace(4, 9, "hello"));
  assert.equal(reading.folded, "say hello now");
  assert.equal(standsAt(reading, "ell"), "3ll");
  assert.equal(standsAt(reading, "now"), "now");
});

test("maps a part of another length to the whole of what it replaces", () => {
  const reading = rewritten("say %68%69 now", (rewriter) => rewriter.replace(4, 10, "hi"));
  assert.equal(reading.folded, "say hi now");
  assert.equal(standsAt(reading, "hi"), "%68%69");
  assert.equal(standsAt(reading, "y hi n"), "y %68%69 n");
});

test("drops a part that is replaced by nothing", () => {
  const reading = rewritten("a-b-c", (rewriter) => {
    rewriter.replace(1, 2, "");
    rewriter.replace(3, 4, "");
  });
  assert.equal(reading.folded, "abc");
  assert.equal(standsAt(reading, "bc"), "b-c");
});

test("puts a part in that came from elsewhere in the original", () => {
  const reading = rewritten("ab\u200b\u200bcd", (rewriter) => rewriter.put(2, " x ", { start: 2, end: 4 }));
  assert.equal(reading.folded, "ab x cd");
  assert.equal(standsAt(reading, "x"), "\u200b\u200b");
  assert.equal(standsAt(reading, "cd"), "cd");
});

test("maps through a text that was rewritten before, and says both", () => {
  const first = rewritten("so %68%33llo", (rewriter) => rewriter.replace(3, 9, "h3"));
  const again = new Rewriter(first);
  again.replace(4, 5, "e");
  const second = again.finish(["leet"]);
  assert.ok(second !== null);
  assert.equal(second.folded, "so hello");
  assert.deepEqual(second.how, ["test", "leet"]);
  assert.equal(standsAt(second, "hello"), "%68%33llo");
});

test("tells where it was touched first and last, over several rounds", () => {
  const first = rewritten("one two three four", (rewriter) => rewriter.replace(14, 18, "4"));
  assert.deepEqual(first.touched, { start: 14, end: 15 });
  const again = new Rewriter(first);
  again.replace(0, 3, "1");
  assert.deepEqual(again.finish(["again"])?.touched, { start: 0, end: 13 });
});

test("grows beyond the length of what it replaces", () => {
  const long = "x".repeat(5000);
  const reading = rewritten("ab", (rewriter) => rewriter.replace(1, 2, long));
  assert.equal(reading.folded, `a${long}`);
  assert.equal(standsAt(reading, "xx"), "b");
});

interface Change {
  readonly keep: number;
  readonly drop: number;
  readonly text: string;
}

const changes = fc.array(
  fc.record({ keep: fc.nat(5), drop: fc.integer({ min: 1, max: 5 }), text: fc.string({ maxLength: 6 }) }),
  { minLength: 1, maxLength: 10 },
);

/** The same change made the plain way. */
function spliced(text: string, list: readonly Change[]): string {
  let result = "";
  let at = 0;
  for (const { keep, drop, text: put } of list) {
    result += text.slice(at, at + keep) + put;
    at = Math.min(text.length, at + keep + drop);
  }
  return result + text.slice(at);
}

test("law: it says what splicing says, its offsets never fall, and kept letters stand where they stood", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 60, maxLength: 120 }), changes, (original, list) => {
      const view = fold(original);
      fc.pre(view.folded.length > 0);
      const rewriter = new Rewriter(view);
      let at = 0;
      for (const { keep, drop, text } of list) {
        const start = Math.min(view.folded.length - 1, at + keep);
        if (start < at) break;
        const end = Math.min(view.folded.length, start + drop);
        rewriter.replace(start, end, text);
        at = end;
      }
      const reading = rewriter.finish(["test"]);
      assert.ok(reading?.offsets !== null && reading !== null);
      assert.equal(reading.offsets.length, reading.folded.length);
      for (const [place, offset] of reading.offsets.entries()) assert.ok(offset >= (reading.offsets[place - 1] ?? 0));
    }),
  );
});

test("law: a replaced text reads as if it had been spliced", () => {
  fc.assert(
    fc.property(changes, (list) => {
      const text = "abcdefghijklmnopqrstuvwxyz".repeat(8);
      const rewriter = new Rewriter(fold(text));
      let at = 0;
      for (const { keep, drop, text: put } of list) {
        rewriter.replace(at + keep, at + keep + drop, put);
        at += keep + drop;
      }
      assert.equal(rewriter.finish(["test"])?.folded, spliced(text, list));
    }),
  );
});
