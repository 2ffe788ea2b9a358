import assert from "node:assert/strict";
import { test } from "node:test";
import { collectedMetrics } from "../../../test/support/collected-metrics.ts";
import { readBehind } from "./behind.ts";
import { createRollUpMetrics } from "./roll-up-metrics.ts";

test("builds are timed by kind, and what waits is told for every kind, also where nothing does", async () => {
  const collect = collectedMetrics();
  const metrics = createRollUpMetrics();
  metrics.built("spend", 1500);
  metrics.behind(await readBehind({ query: () => Promise.resolve([{ kind: "runs", seconds: 90.5 }]) }));
  assert.deepEqual((await collect()).toSorted(), [
    "breakwater.roll_up.behind{breakwater.roll_up.kind=audit} 0",
    "breakwater.roll_up.behind{breakwater.roll_up.kind=runs} 90.5",
    "breakwater.roll_up.behind{breakwater.roll_up.kind=spend} 0",
    "breakwater.roll_up.build.duration{breakwater.roll_up.kind=spend} 1 of 1.5",
  ]);
});

test("a server whose clock goes back tells of no wait below zero", async () => {
  const behind = await readBehind({ query: () => Promise.resolve([{ kind: "spend", seconds: -3 }]) });
  assert.deepEqual(
    behind.map(({ seconds }) => seconds),
    [0, 0, 0],
  );
});
