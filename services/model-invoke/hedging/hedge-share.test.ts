import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HedgeShare, shareWindow } from "./hedge-share.ts";

test("of any calls in a row, no more are hedges than the harness allows", () => {
  const shares = fc.constantFrom(0.01, 0.05, 0.1, 0.25, 0.5);
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 700 }), shares, (wants, maxShare) => {
      const share = new HedgeShare();
      const made: boolean[] = [];
      for (const wantsHedge of wants) {
        share.noteCall("digest");
        made.push(false);
        if (!wantsHedge || !share.allows("digest", maxShare)) continue;
        share.noteHedge("digest");
        made.push(true);
      }
      const hedgesIn = (calls: readonly boolean[]) => calls.filter((isHedge) => isHedge).length;
      assert.ok(hedgesIn(made) <= maxShare * made.length);
      for (let from = 0; from + shareWindow <= made.length; from += 13) {
        assert.ok(hedgesIn(made.slice(from, from + shareWindow)) <= maxShare * shareWindow);
      }
    }),
    { numRuns: 60 },
  );
});

test("a tenth is one hedge after nine calls, and each harness has its own", () => {
  const share = new HedgeShare();
  for (let call = 0; call < 8; call++) share.noteCall("digest");
  assert.equal(share.allows("digest", 0.1), false);
  share.noteCall("digest");
  assert.equal(share.allows("digest", 0.1), true);
  assert.equal(share.allows("facts", 0.1), false);
  share.noteHedge("digest");
  assert.equal(share.allows("digest", 0.1), false);
});
