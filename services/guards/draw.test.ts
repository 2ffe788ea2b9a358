import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { drawOf } from "./draw.ts";

const runIds = Array.from({ length: 20_000 }, (_, at) => `0198c0de-0000-7000-8000-${String(at).padStart(12, "0")}`);

test("a draw is from 0 to below 1 and the same for every call", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (id, purpose) => {
      const draw = drawOf(id, purpose);
      assert.ok(draw >= 0 && draw < 1);
      assert.equal(drawOf(id, purpose), draw);
    }),
  );
});

test("ids that differ only in their count are spread evenly: a share of 0.05 gets about a twentieth", () => {
  for (const share of [0.01, 0.05, 0.5, 0.9]) {
    const taken = runIds.filter((id) => drawOf(id, "signatures") < share).length / runIds.length;
    assert.ok(Math.abs(taken - share) < 0.012, `${taken} for ${share}`);
  }
});

test("two purposes draw independently", () => {
  const both = runIds.filter((id) => drawOf(id, "signatures") < 0.5 && drawOf(id, "definition") < 0.5).length;
  assert.ok(Math.abs(both / runIds.length - 0.25) < 0.015, String(both));
});
