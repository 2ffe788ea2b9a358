import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ClaimBook, readBackMs } from "./claim-book.ts";

const hourMs = 3_600_000;
const keyOf = (name: string | number): string => createHash("sha256").update(String(name)).digest("hex");
const noonMs = Date.UTC(2026, 10, 23, 12);

describe("a claim", () => {
  test("counts when it is the first of its key, and the first goes on counting", () => {
    const book = new ClaimBook();
    assert.equal(book.standing(keyOf("a"), noonMs), undefined);
    assert.equal(book.take(keyOf("a"), 7, noonMs), 7);
    assert.equal(book.take(keyOf("a"), 9, noonMs + 1), 7);
    assert.equal(book.take(keyOf("b"), 10, noonMs + 1), 10);
    assert.equal(book.standing(keyOf("a"), noonMs + 2), 7);
  });

  test("counts for a day and never for longer than an hour more, in whichever minute of an hour it was made", () => {
    for (const minute of [0, 17, 59]) {
      const madeMs = noonMs + minute * 60_000;
      const book = new ClaimBook();
      book.take(keyOf("a"), 7, madeMs);
      assert.equal(book.standing(keyOf("a"), madeMs + 24 * hourMs), 7);
      assert.equal(book.standing(keyOf("a"), madeMs + 25 * hourMs), undefined);
      assert.equal(book.take(keyOf("a"), 9, madeMs + 25 * hourMs), 9);
    }
  });

  test("is forgotten when its day is over", () => {
    const book = new ClaimBook();
    for (let hour = 0; hour < 100; hour++) {
      for (let no = 0; no < 10; no++) book.take(keyOf(`${hour}/${no}`), hour * 10 + no, noonMs + hour * hourMs);
    }
    assert.equal(book.size, 260);
  });
});

test("beyond what it may hold, the oldest go, a sixteenth at a time", () => {
  const book = new ClaimBook(32);
  for (let no = 0; no < 100; no++) {
    book.take(keyOf(no), no, noonMs + Math.floor(no / 20) * hourMs);
    assert.ok(book.size <= 32);
    for (let recent = Math.max(0, no - 29); recent <= no; recent++)
      assert.equal(book.standing(keyOf(recent), noonMs + 4 * hourMs), recent);
  }
});

/** Claims as two gateways write them: the same key at the same time at both, or again once it does not count any more. */
const claims = fc.array(
  fc.record({
    key: fc.integer({ min: 0, max: 4 }),
    afterMs: fc.integer({ min: 0, max: 3 * hourMs }),
    twice: fc.boolean(),
  }),
  { maxLength: 80 },
);

test("whenever a gateway starts, it knows the same claims to count as one that was always there", () => {
  fc.assert(
    fc.property(claims, fc.double({ min: 0, max: 1, noNaN: true }), (asked, startsAt) => {
      const veteran = new ClaimBook();
      const log: { key: string; timestampMs: number }[] = [];
      let nowMs = noonMs;
      for (const { key, afterMs, twice } of asked) {
        nowMs += afterMs;
        if (veteran.standing(keyOf(key), nowMs) !== undefined) continue;
        for (let copy = 0; copy < (twice ? 2 : 1); copy++) {
          veteran.take(keyOf(key), log.length, nowMs);
          log.push({ key: keyOf(key), timestampMs: nowMs });
        }
        nowMs += 1;
      }
      const newcomer = new ClaimBook();
      const startMs = noonMs + (nowMs - noonMs) * startsAt;
      const [first = 0] = log.flatMap(({ timestampMs }, offset) =>
        timestampMs >= startMs - readBackMs ? [offset] : [],
      );
      for (const [offset, { key, timestampMs }] of log.entries())
        if (offset >= first) newcomer.take(key, offset, timestampMs);
      for (let key = 0; key <= 4; key++)
        assert.equal(newcomer.standing(keyOf(key), nowMs), veteran.standing(keyOf(key), nowMs));
    }),
  );
});
