/**
 * The shell on a real Kafka: what crashes, rebalances and shutdowns may and may
 * not do to records. Run on one broker and on three. Every test leaves the topic
 * processed and committed.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { partitions, type ConformanceBench, type TestKafka } from "./conformance-bench.ts";

const all = (ids: readonly string[], what: string) => ids.map((id) => ({ id, do: what }));

const finish = async (worker: { signal(name: NodeJS.Signals): void; exited: Promise<number | null> }) => {
  worker.signal("SIGTERM");
  assert.equal(await worker.exited, 0);
};

/** Registers the tests. */
export function conformanceSuite(standsOn: () => ConformanceBench<TestKafka>): void {
  let bench: ConformanceBench<TestKafka>;
  before(() => void (bench = standsOn()));

  const saidAll = (what: string, ids: readonly string[], pid?: number) => () => {
    const said = new Set(bench.said(what, pid));
    return ids.every((id) => said.has(id));
  };
  const times = (what: string, ids: readonly string[]) =>
    ids.map((id) => bench.said(what).filter((said) => said === id).length);

  test("records flow, are emitted once, and SIGTERM commits all of them", async () => {
    const worker = await bench.start();
    const ids = bench.ids(300);
    const offsets = await bench.publish(all(ids, "emit"));
    await bench.until("all done", saidAll("end", ids));
    await finish(worker);
    assert.deepEqual(
      await bench.emitted(ids),
      ids.map(() => 1),
    );
    assert.equal((await bench.committed()).low, Number(offsets.at(-1)) + 1);
  });

  test("a slow record holds up no other of its partition, and the commit stays below it with the others packed in", async () => {
    const worker = await bench.start();
    const [slow = "", ...quick] = bench.ids(40);
    const offsets = await bench.publish([{ id: slow, do: "wait" }, ...all(quick, "emit")]);
    await bench.until("the quick ones done", saidAll("end", quick));
    const first = Number(offsets[0]);
    await bench.until("a commit packs them", async () => (await bench.committed()).done.length === quick.length);
    assert.equal((await bench.committed()).low, first);
    bench.allow(slow);
    await bench.until("the commit moves on", async () => (await bench.committed()).low === first + 40);
    await finish(worker);
  });

  test("kill -9 with a commit that packs done records: they do not run again, the others do, none is lost", async () => {
    const worker = await bench.start();
    const [slow = "", ...quick] = bench.ids(60);
    await bench.publish([{ id: slow, do: "wait" }, ...all(quick, "emit")]);
    await bench.until("a commit packs them", async () => (await bench.committed()).done.length === quick.length);
    worker.signal("SIGKILL");
    await worker.exited;
    bench.allow(slow);
    const next = await bench.start();
    await bench.until("the slow one done", saidAll("end", [slow]));
    await finish(next);
    assert.deepEqual(
      times("start", quick),
      quick.map(() => 1),
    );
    assert.deepEqual(times("start", [slow]), [2]);
    assert.deepEqual(
      await bench.emitted([slow, ...quick]),
      [slow, ...quick].map(() => 1),
    );
  });

  test("kill -9 between write and commit: every record runs again, and none is lost", async () => {
    const never = { BREAKWATER_COMMIT_INTERVAL_MS: "3600000" };
    const worker = await bench.start(never);
    const ids = bench.ids(30);
    await bench.publish(all(ids, "emit"));
    await bench.until("all emitted", async () => (await bench.emitted(ids)).every((count) => count === 1));
    worker.signal("SIGKILL");
    await worker.exited;
    const next = await bench.start();
    await bench.until("all again", () => times("end", ids).every((count) => count === 2));
    await finish(next);
  });

  test("the same for a stage that keeps what it emitted: nothing runs again, what was not emitted runs", async () => {
    const keeps = { CONFORMANCE_KEEPS: "true" };
    const worker = await bench.start({ ...keeps, BREAKWATER_COMMIT_INTERVAL_MS: "3600000" });
    const [unfinished = "", ...ids] = bench.ids(30);
    const offsets = await bench.publish([...all(ids, "emit"), { id: unfinished, do: "wait" }]);
    await bench.until("all emitted", async () => (await bench.emitted(ids)).every((count) => count === 1));
    await bench.until("the last one runs", saidAll("start", [unfinished]));
    worker.signal("SIGKILL");
    await worker.exited;
    bench.allow(unfinished);
    const next = await bench.start(keeps);
    await bench.until("all committed", async () => (await bench.committed()).low === Number(offsets.at(-1)) + 1);
    await finish(next);
    assert.deepEqual(
      times("start", ids),
      ids.map(() => 1),
    );
    assert.deepEqual(
      await bench.emitted([...ids, unfinished]),
      [...ids, unfinished].map(() => 1),
    );
  });

  test("a worker that joins takes its share; what runs elsewhere meanwhile is neither lost nor committed twice", async () => {
    const one = await bench.start();
    const ids = bench.ids(partitions * 10);
    const perPartition = Array.from({ length: partitions }, (_, at) => ids.slice(at * 10, at * 10 + 10));
    for (const [partition, group] of perPartition.entries()) await bench.publish(all(group, "wait"), partition);
    await bench.until("all run", saidAll("start", ids, one.pid));
    const two = await bench.start();
    const moved = bench.said("takeover", two.pid).map(Number);
    assert.equal(moved.length, partitions / 2);
    assert.deepEqual(new Set(bench.said("release", one.pid).map(Number)), new Set(moved));
    const movedIds = moved.flatMap((partition) => perPartition[partition] ?? []);
    await bench.until("the new owner runs them", saidAll("start", movedIds, two.pid));
    bench.allow(...ids);
    await bench.until("both done", () => times("end", movedIds).every((count) => count === 2));
    await finish(two);
    await finish(one);
    const kept = ids.filter((id) => !movedIds.includes(id));
    assert.deepEqual(
      times("start", kept),
      kept.map(() => 1),
      "what stayed with its worker did not run again",
    );
  });

  test("a worker that leaves in order hands everything over: no record runs twice", async () => {
    const one = await bench.start();
    const two = await bench.start();
    const ids = bench.ids(partitions * 50);
    for (let at = 0; at < partitions; at += 1) await bench.publish(all(ids.slice(at * 50, at * 50 + 50), "emit"), at);
    await finish(two);
    await bench.until("all done", saidAll("end", ids));
    await finish(one);
    assert.deepEqual(
      await bench.emitted(ids),
      ids.map(() => 1),
    );
  });

  test("a frozen worker that wakes up after its partitions moved commits nothing and loses nothing", async () => {
    const zombie = await bench.start();
    const ids = bench.ids(20);
    const offsets = await bench.publish(all(ids, "wait"));
    await bench.until("all run", saidAll("start", ids, zombie.pid));
    zombie.signal("SIGSTOP");
    const heir = await bench.start();
    await bench.until("the heir runs them", saidAll("start", ids, heir.pid));
    const [late = ""] = bench.ids(1);
    await bench.publish([{ id: late, do: "wait" }]);
    bench.allow(...ids);
    await bench.until(
      "committed up to the last",
      async () => (await bench.committed()).low === Number(offsets.at(-1)) + 1,
    );
    const before = await bench.committed();
    zombie.signal("SIGCONT");
    await bench.until("the zombie ends its records", saidAll("end", ids, zombie.pid));
    bench.allow(late);
    await bench.until("the late one done", saidAll("end", [late]));
    assert.ok((await bench.committed()).low >= before.low);
    await finish(heir);
    await finish(zombie);
    assert.deepEqual(
      (await bench.emitted([late])).map((count) => count >= 1),
      [true],
    );
    assert.equal((await bench.committed()).low, Number(offsets.at(-1)) + 2);
  });

  test("SIGTERM lets what runs finish, starts nothing new, and leaves what waited to the next worker", async () => {
    const worker = await bench.start({ BREAKWATER_MAX_IN_FLIGHT: "5" });
    const ids = bench.ids(20);
    await bench.publish(all(ids, "wait"));
    await bench.until("five run", () => times("start", ids).filter((count) => count === 1).length === 5);
    worker.signal("SIGTERM");
    await bench.until("it was told", () => worker.log().includes("stopping"));
    bench.allow(...ids);
    assert.equal(await worker.exited, 0);
    assert.equal(times("start", ids).filter((count) => count > 0).length, 5, "in flight is bounded, and stays so");
    const next = await bench.start();
    await bench.until("all done", saidAll("end", ids));
    await finish(next);
    assert.deepEqual(
      times("start", ids),
      ids.map(() => 1),
    );
  });

  test("SIGTERM in the middle of a fetch: what was fetched and not taken in is left to the next worker", async () => {
    const ids = Array.from({ length: partitions }, () => bench.ids(40));
    for (const [partition, own] of ids.entries()) await bench.publish(all(own, "wait"), partition);
    // More than full with the first partition's records: the others' wait inside kafkajs.
    const worker = await bench.start({ BREAKWATER_MAX_IN_FLIGHT: "1" }, "spawned");
    await bench.until("one runs", () => bench.said("start", worker.pid).length > 0);
    worker.signal("SIGTERM");
    await bench.until("it was told", () => worker.log().includes("stopping"));
    bench.allow(...ids.flat());
    assert.equal(await worker.exited, 0);
    const next = await bench.start();
    await bench.until("all done", saidAll("end", ids.flat()));
    await finish(next);
  });

  test("a record that is told to give up is left uncommitted and done by the next worker", async () => {
    const worker = await bench.start();
    const ids = bench.ids(1);
    const offsets = await bench.publish(all(ids, "abortable"));
    await bench.until("it runs", saidAll("start", ids));
    await finish(worker);
    assert.deepEqual(times("aborted", ids), [1]);
    assert.equal((await bench.committed()).low, Number(offsets[0]));
    const next = await bench.start();
    await bench.until("it runs again", () => times("start", ids)[0] === 2);
    bench.allow(...ids);
    await bench.until("it ends", saidAll("end", ids));
    await finish(next);
    assert.equal((await bench.committed()).low, Number(offsets[0]) + 1);
  });
}
