/** Which of two overlapping findings gives its name, and that nothing of either is left standing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Confidence, PiiSpan } from "./entity.ts";
import { settleOverlaps } from "./settle-overlaps.ts";

const span = (entity: PiiSpan["entity"], confidence: Confidence, start: number, end: number): PiiSpan => ({
  entity,
  confidence,
  start,
  end,
});

const cases: readonly [what: string, spans: readonly PiiSpan[], winner: PiiSpan["entity"]][] = [
  ["validated over contextual", [span("phone", "contextual", 0, 12), span("card", "validated", 2, 9)], "card"],
  ["contextual over bare", [span("phone", "bare", 0, 12), span("mrn", "contextual", 0, 9)], "mrn"],
  ["the longer of two as sure", [span("ssn", "validated", 0, 5), span("card", "validated", 2, 12)], "card"],
  ["the earlier of two as long", [span("ssn", "validated", 0, 5), span("card", "validated", 3, 8)], "ssn"],
];
for (const [what, spans, winner] of cases) {
  test(`takes ${what}, over the place of both`, () => {
    const [settled, ...others] = settleOverlaps(spans);
    assert.deepEqual(others, []);
    assert.equal(settled?.entity, winner);
    assert.deepEqual([settled?.start, settled?.end], [0, Math.max(...spans.map(({ end }) => end))]);
  });
}

test("keeps what only touches apart", () => {
  const spans = [span("ip", "validated", 4, 8), span("card", "validated", 0, 4)];
  assert.deepEqual(
    settleOverlaps(spans).map(({ entity }) => entity),
    ["card", "ip"],
  );
});

test("law: in order, apart, and every place that was found is covered", () => {
  const any = fc
    .tuple(fc.nat(50), fc.integer({ min: 1, max: 20 }), fc.constantFrom<Confidence>("validated", "contextual", "bare"))
    .map(([start, length, confidence]) => span("card", confidence, start, start + length));
  fc.assert(
    fc.property(fc.array(any, { maxLength: 12 }), (spans) => {
      const settled = settleOverlaps(spans);
      settled.forEach((one, at) => assert.ok(at === 0 || one.start >= (settled[at - 1]?.end ?? 0)));
      for (const { start, end } of spans) assert.ok(settled.some((one) => one.start <= start && one.end >= end));
    }),
  );
});
