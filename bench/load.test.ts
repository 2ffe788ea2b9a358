import assert from "node:assert/strict";
import { test } from "node:test";
import { percentile, runLoad, type Pipeline } from "./load.ts";

function echo(): { readonly pipeline: Pipeline; readonly most: () => number } {
  let listener: (runId: string) => void = () => undefined;
  let outstanding = 0;
  let most = 0;
  const pipeline: Pipeline = {
    name: "echo",
    publish: (runId) => {
      outstanding += 1;
      most = Math.max(most, outstanding);
      setImmediate(() => {
        outstanding -= 1;
        listener(runId);
      });
      return Promise.resolve();
    },
    onResult: (callback) => {
      listener = callback;
    },
  };
  return { pipeline, most: () => most };
}

test("a load ends when every run has its result, with never more than the window outstanding", async () => {
  const { pipeline, most } = echo();
  let next = 0;
  const shape = { window: 7, count: 100, silenceMs: 60_000, newRunId: () => String((next += 1)) };
  const figures = await runLoad(pipeline, shape);
  assert.equal(figures.runs, 100);
  assert.equal(most(), 7);
  assert.ok(figures.perSecond > 0 && figures.p50Ms <= figures.p99Ms);
});

test("a pipeline that goes silent is named, with the runs it lost", async () => {
  const silent: Pipeline = { name: "silent", publish: () => Promise.resolve(), onResult: () => undefined };
  const shape = { window: 3, count: 10, silenceMs: 1, newRunId: () => crypto.randomUUID() };
  await assert.rejects(runLoad(silent, shape), /silent: 3 runs have no result/);
});

test("a percentile is the value at that share of the sorted times", () => {
  assert.equal(percentile([1, 2, 3, 4], 0.5), 3);
  assert.equal(percentile([1, 2, 3, 4], 0.99), 4);
  assert.ok(Number.isNaN(percentile([], 0.5)));
});
