import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callOf, ended, situation, startMs, type Given } from "../../../test/support/plan-situation.ts";
import { hedgeTurn } from "./hedge-turn.ts";
import { nextStep } from "./plan.ts";

const slow = callOf(0, null);
const running = new Set([slow.callId]);

describe("beside a slow call of the first tier", () => {
  const table: readonly [string, Given, number | null][] = [
    ["the next tier is asked", {}, 1],
    ["the one after it when that has had its turn", { calls: [ended(1, "timeout"), slow] }, 2],
    ["nobody when the next tier's breaker is open", { openTiers: new Set([1]) }, null],
    ["nobody when the next tier has no room", { crowdedTiers: new Map([[1, 5]]) }, null],
    ["nobody when the others have had their turn", { calls: [ended(1, "timeout"), ended(2, "timeout"), slow] }, null],
    ["nobody when there is no other tier", { models: situation().definition.models.slice(0, 1) }, null],
    ["nobody when the run has no time left", { nowMs: startMs + 59_950 }, null],
    ["nobody when it is settled", { settled: true }, null],
    ["nobody when it is over", { calls: [{ ...slow, end: ended(0, "timeout").end }] }, null],
    ["nobody when the call is another process'", { running: new Set() }, null],
  ];
  for (const [name, given, tier] of table) {
    test(name, () => assert.equal(hedgeTurn(situation({ calls: [slow], running, ...given }))?.tier ?? null, tier));
  }

  test("nobody is asked as a third", () => {
    const second = callOf(1, null);
    const both = { calls: [slow, second], running: new Set([slow.callId, second.callId]) };
    assert.equal(hedgeTurn(situation(both)), null);
  });

  test("the second gets its tier's time, or what is left until the deadline", () => {
    const timeoutAt = (nowMs: number) => hedgeTurn(situation({ calls: [slow], running, nowMs }))?.timeoutMs;
    assert.equal(timeoutAt(startMs), 4000);
    assert.equal(timeoutAt(startMs + 58_000), 2000);
  });
});

test("an attempt with a call of its own in flight waits for it, whatever became of the other", () => {
  for (const outcome of ["timeout", "bad_request", "unauthorized"] as const) {
    const step = nextStep(situation({ calls: [ended(1, outcome), slow], running }));
    assert.equal(step.kind, "wait");
  }
});
