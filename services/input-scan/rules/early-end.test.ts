import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sampleHarness } from "../../../test/support/sample-definition.ts";
import { earlyEnd, type Standing } from "./early-end.ts";

const receivedAtMs = 1_000_000;
const harness = { version: "0123456789abcdef", definition: { ...sampleHarness({}), deadlineMs: 5000 } };
const cancelled = { code: "cancelled", message: "the run was cancelled" };
const base: Standing = { harness, cancelled: null, receivedAtMs, nowMs: receivedAtMs };

const cases: readonly (readonly [name: string, given: Partial<Standing>, kind: string | undefined])[] = [
  ["a fresh request goes on", {}, undefined],
  ["up to its last millisecond", { nowMs: receivedAtMs + 4999 }, undefined],
  ["a request whose time is over expires", { nowMs: receivedAtMs + 5000 }, "expired"],
  ["a cancelled run ends", { cancelled }, "cancelled"],
  ["cancelled and too late: cancelled", { cancelled, nowMs: receivedAtMs + 9000 }, "cancelled"],
  ["an unknown harness is left to the envelope's rule", { harness: null, nowMs: receivedAtMs + 9000 }, undefined],
  ["a publisher's time ahead of ours changes nothing", { nowMs: receivedAtMs - 60_000 }, undefined],
];

describe("before anything is scanned", () => {
  for (const [name, given, kind] of cases) {
    test(name, () => assert.equal(earlyEnd({ kind: "request" }, { ...base, ...given })?.kind, kind));
  }

  test("what cannot be read is invalid, not cancelled", () => {
    assert.equal(earlyEnd({ kind: "unusable" }, { ...base, cancelled }), null);
  });
});
