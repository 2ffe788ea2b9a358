import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { DeskBench } from "../../../test/support/desk-bench.ts";
import { openLiveResults, type LiveResults } from "./live-results.ts";
import type { Standing } from "./run-desk.ts";

const runId = (no: number): string => `0199d000-0000-7000-8000-${String(no).padStart(12, "0")}`;
const one = runId(1);

const open: LiveResults[] = [];
afterEach(async () => {
  for (const live of open.splice(0)) await live.close();
});

async function following() {
  const bench = new DeskBench();
  const warnings: string[] = [];
  const logger = { warn: (_: object, message: string) => void warnings.push(message) };
  await bench.end(runId(99));
  const live = await openLiveResults({ reader: bench.reader, logger, nowMs: Date.now });
  open.push(live);
  const heard: Standing[] = [];
  const listen = (id = one) => live.listen(id, (standing) => heard.push(standing));
  return { bench, live, heard, listen, warnings };
}

describe("who listens for a run", () => {
  test("hears its first result and nothing more, and nothing of other runs", async () => {
    const { bench, heard, listen } = await following();
    listen();
    await bench.end(runId(2));
    await bench.end(one, { status: "refused" });
    await bench.end(one);
    assert.deepEqual(
      heard.map((standing) => (standing.kind === "ended" ? standing.result.status : standing.kind)),
      ["refused"],
    );
  });

  test("hears nothing of a result that is not the first, though the first came before anybody listened", async () => {
    const { bench, live, heard, listen } = await following();
    await bench.end(one);
    const place = live.place(one);
    listen();
    await bench.end(one);
    assert.deepEqual(heard, []);
    assert.deepEqual(live.place(one), place);
  });

  test("hears that its answer is held, once; the result then says the rest", async () => {
    const { bench, live, heard, listen } = await following();
    listen();
    await bench.review(one, "held");
    await bench.review(one, "held");
    assert.deepEqual(heard, [{ kind: "in_review" }]);
    assert.equal(live.isHeld(one), true);
    await bench.review(one, "decided");
    assert.equal(live.isHeld(one), true, "whether a decision stands, only the result says");
    await bench.end(one);
    assert.equal(live.isHeld(one), false);
    await bench.review(one, "held");
    assert.equal(live.isHeld(one), false, "a repeat of what is over");
  });

  test("hears nothing once it stopped listening, and others still do", async () => {
    const { bench, heard, listen } = await following();
    const stop = listen();
    listen();
    stop();
    stop();
    await bench.end(one);
    assert.equal(heard.length, 1);
  });

  test("goes on listening past a record that is no result, which is told", async () => {
    const { bench, heard, listen, warnings } = await following();
    listen();
    await bench.publish([{ topic: "harness-results", key: one, id: one, type: "t", value: { kind: "result" } }]);
    await bench.publish([{ topic: "harness-results", key: one, id: one, type: "t", value: null }]);
    await bench.end(one);
    assert.equal(heard[0]?.kind, "ended");
    assert.equal(warnings.length, 2);
  });
});

test("the place of every result is kept, and from where on it is complete", async () => {
  const { bench, live } = await following();
  assert.equal(live.place(runId(99)), null, "it came before following began");
  assert.equal(live.seenFrom(runId(99)), 1);
  const partition = live.partitionOf(one);
  const from = live.seenFrom(one);
  await bench.end(one);
  assert.deepEqual(live.place(one), { topic: "harness-results", partition, offset: BigInt(from) });
  assert.equal(live.seenFrom(one), from);
  assert.equal(live.seenTo(one), from + 1);
});

test("what was forgotten for newer ones is not claimed to be seen", async () => {
  const bench = new DeskBench();
  const live = await openLiveResults({ reader: bench.reader, logger: { warn: () => undefined }, nowMs: Date.now }, 4);
  open.push(live);
  for (let no = 1; no <= 40; no++) {
    await bench.end(runId(no));
    for (let earlier = 1; earlier <= no; earlier++) {
      const { offset } = bench.log.records("harness-results").find(({ key }) => String(key) === runId(earlier)) ?? {};
      const isKept = live.place(runId(earlier)) !== null;
      assert.ok(isKept || Number(offset) < live.seenFrom(runId(earlier)), `run ${earlier} of ${no}`);
    }
  }
  assert.ok(live.seenFrom(runId(40)) > 0);
});

test("a following that fails before it began is the caller's error", async () => {
  const { reader } = new DeskBench();
  const follow = () => Promise.reject(new Error("no such topic"));
  const opening = openLiveResults({
    reader: { ...reader, follow },
    logger: { warn: () => undefined },
    nowMs: Date.now,
  });
  await assert.rejects(opening, /no such topic/);
});
