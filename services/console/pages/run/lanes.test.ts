import assert from "node:assert/strict";
import { test } from "node:test";
import { calls, decisions, ended, reviewEvents } from "../../../../test/support/console-runs.ts";
import type { RunTimeline } from "../../../ledger/timeline.ts";
import { beginOf, lanesOf } from "./lanes.ts";

const whole: RunTimeline = { result: ended, calls, decisions, reviews: reviewEvents };
const nowMs = Date.parse(ended.finished_at);
const empty: RunTimeline = { result: null, calls: [], decisions: [], reviews: [] };

test("stages come in the order of the journey, each with what it did by its time", () => {
  assert.deepEqual(
    lanesOf(whole, nowMs).map(({ stage, bars }) => [stage, bars.length]),
    [
      ["input-scan", 1],
      ["model-invoke", 4],
      ["output-validate", 4],
      ["review", 1],
    ],
  );
});

test("every bar lies on the scale, begins before it ends, and each begins at or after the one before it", () => {
  for (const { bars } of lanesOf(whole, nowMs)) {
    let before = 0;
    for (const { from, to } of bars) {
      assert.ok(from >= before && to >= from && to <= 1, `${from} to ${to}`);
      before = from;
    }
  }
});

test("two hours of waiting leave the work its room", () => {
  const [wait] = lanesOf(whole, nowMs).find(({ stage }) => stage === "review")?.bars ?? [];
  assert.ok(wait !== undefined);
  assert.ok(wait.to - wait.from > 0.1 && wait.to - wait.from < 0.2);
  assert.equal(wait.note, "2 h 0 min");
});

test("without a wait the scale is that of the clock", () => {
  const [first] = calls;
  assert.ok(first !== undefined);
  const beginMs = Date.parse(ended.received_at);
  const result = { ...ended, finished_at: new Date(beginMs + 1000).toISOString() };
  const call = { ...first, started_at: ended.received_at, finished_at: new Date(beginMs + 250).toISOString() };
  const [lane] = lanesOf({ ...empty, result, calls: [call] }, beginMs + 5000);
  assert.deepEqual([lane?.bars[0]?.from, lane?.bars[0]?.to], [0, 0.25]);
});

test("what goes on ends now; what nobody saw the end of is said to be so", () => {
  const [, , , orphan] = calls;
  assert.ok(orphan !== undefined);
  const startMs = Date.parse(orphan.started_at);
  const flying = { ...orphan, state: "in_flight" } as const;
  const [lane] = lanesOf({ ...empty, calls: [flying] }, startMs + 2000);
  assert.deepEqual([lane?.bars[0]?.tone, lane?.bars[0]?.note, lane?.bars[0]?.to], ["accent", "2.0 s", 1]);
  const [lost] = lanesOf({ ...empty, calls: [orphan] }, startMs + 600_000);
  assert.deepEqual([lost?.bars[0]?.tone, lost?.bars[0]?.note], ["bad", "no end seen"]);
});

test("a run of which nothing is known has no lane and no beginning", () => {
  assert.deepEqual([lanesOf(empty, nowMs), beginOf(empty)], [[], Infinity]);
});

test("a wait that goes on is a bar until now", () => {
  const reviews = reviewEvents.slice(0, 1);
  const lanes = lanesOf({ ...whole, result: null, reviews }, nowMs);
  const [wait] = lanes.find(({ stage }) => stage === "review")?.bars ?? [];
  assert.deepEqual([wait?.label, wait?.tone, wait?.to], ["waits for a person", "accent", 1]);
});
