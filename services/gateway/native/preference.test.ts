import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readPreference } from "./preference.ts";

const longestMs = 60_000;

for (const { header, isAsync, waitMs, applied } of [
  { header: undefined, isAsync: false, waitMs: longestMs, applied: [] },
  { header: "respond-async", isAsync: true, waitMs: 0, applied: ["respond-async"] },
  { header: "wait=5", isAsync: false, waitMs: 5000, applied: ["wait=5"] },
  { header: "respond-async, wait=10", isAsync: true, waitMs: 10_000, applied: ["respond-async", "wait=10"] },
  { header: "Wait=0", isAsync: false, waitMs: 0, applied: ["wait=0"] },
  { header: 'wait="7"; foo=bar', isAsync: false, waitMs: 7000, applied: ["wait=7"] },
  { header: "wait=9999", isAsync: false, waitMs: longestMs, applied: ["wait=9999"] },
  { header: "wait=-1, handling=lenient", isAsync: false, waitMs: longestMs, applied: [] },
]) {
  test(`Prefer: ${header ?? "(none)"}`, () => {
    assert.deepEqual(readPreference(header, longestMs), { isAsync, waitMs, applied });
  });
}

test("whatever is preferred, a wait is between nothing and the longest", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), (header, longest) => {
      const { waitMs } = readPreference(header, longest);
      assert.ok(waitMs >= 0 && waitMs <= longest);
    }),
  );
});
