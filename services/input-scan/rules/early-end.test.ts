import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RunRequest } from "../../../schemas/records/run-request.ts";
import { sampleHarness } from "../../../test/support/sample-definition.ts";
import { unusable, type Envelope } from "./envelope.ts";
import { deadlineOf, earlyEnd, type Standing } from "./early-end.ts";

const receivedAtMs = 1_000_000;
const harness = { version: "0123456789abcdef", definition: { ...sampleHarness({}), deadlineMs: 5000 } };
const cancelled = { code: "cancelled", message: "the run was cancelled" };
const base: Standing = { harness, cancelled: null, receivedAtMs, nowMs: receivedAtMs };

function requestOf(more: Partial<RunRequest> = {}): Envelope {
  return { kind: "request", request: { harness: "h", client_id: "acme", input: {}, ...more } };
}

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
    test(name, () => assert.equal(earlyEnd(requestOf(), { ...base, ...given })?.kind, kind));
  }

  test("what cannot be read is invalid, not cancelled", () => {
    assert.equal(earlyEnd(unusable("not_json", []), { ...base, cancelled }), null);
  });
});

describe("a document of a batch with a deadline", () => {
  const deadline_at_ms = receivedAtMs + 86_400_000;
  const times = { receivedAtMs: 0, deadlineMs: 5000, contentUntilMs: undefined };

  test("does not expire in the queue after the harness's own time", () => {
    assert.equal(earlyEnd(requestOf({ deadline_at_ms }), { ...base, nowMs: deadline_at_ms - 1 }), null);
  });

  test("expires unscanned when the batch's time is over", () => {
    assert.equal(earlyEnd(requestOf({ deadline_at_ms }), { ...base, nowMs: deadline_at_ms })?.kind, "expired");
  });

  test("lives a week at most, whatever its publisher's clock says", () => {
    assert.equal(deadlineOf({ deadline_at_ms: Number.MAX_SAFE_INTEGER }, times), 7 * 86_400_000);
  });

  test("has no time when nobody can read its content any more", () => {
    const contentUntilMs = 3000;
    assert.equal(deadlineOf({ deadline_at_ms }, { ...times, contentUntilMs }), contentUntilMs);
    assert.equal(deadlineOf({}, { ...times, contentUntilMs }), contentUntilMs);
    assert.equal(deadlineOf({}, { ...times, contentUntilMs: 6000 }), 5000);
  });
});
