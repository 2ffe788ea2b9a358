/**
 * The shell on a real broker under a random storm of kills, joins and orderly
 * leaves while records flow. Whatever happens: no record is lost, and none runs
 * again once a commit has said that it is done. The seed is printed; set
 * CHAOS_SEED to repeat a storm, CHAOS_EVENTS for a longer one.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ConformanceBench, partitions, type Worker } from "../support/conformance-bench.ts";

const events = Number(process.env["CHAOS_EVENTS"] ?? 8);
const seed = Number(process.env["CHAOS_SEED"] ?? Date.now() % 100_000);
const mostWorkers = 3;

let bench: ConformanceBench;
before(async () => void (bench = await ConformanceBench.open()));
after(() => bench.close());

/** Park and Miller's minimal generator. */
function createRandom(start: number): (below: number) => number {
  let state = (start % 2_147_483_646) + 1;
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below;
}

/** Watches commits: what each says is done, and how many starts had been written down when it was seen. */
class CommitWatch {
  readonly #idAt = new Map<string, string>();
  readonly #doneAfter = new Map<string, number>();
  readonly #lowAt = new Map<number, number>();
  readonly violations: string[] = [];

  know(partition: number, offset: number, id: string): void {
    this.#idAt.set(`${partition}/${offset}`, id);
  }

  async look(): Promise<void> {
    for (let partition = 0; partition < partitions; partition += 1) {
      const { low, done } = await bench.committed(partition);
      const starts = bench.said("start").length;
      const from = this.#lowAt.get(partition) ?? -1;
      if (low < from) this.violations.push(`partition ${partition} went back from ${from} to ${low}`);
      for (let offset = Math.max(0, from); offset < low; offset += 1) this.#mark(partition, offset, starts);
      for (const offset of done) this.#mark(partition, offset, starts);
      this.#lowAt.set(partition, Math.max(low, from));
    }
  }

  /** Ids that were started after a commit that was seen had said that they are done. */
  startedAgain(): string[] {
    return bench.said("start").filter((id, at) => at >= (this.#doneAfter.get(id) ?? Number.POSITIVE_INFINITY));
  }

  #mark(partition: number, offset: number, starts: number): void {
    const id = this.#idAt.get(`${partition}/${offset}`);
    if (id !== undefined && !this.#doneAfter.has(id)) this.#doneAfter.set(id, starts);
  }
}

async function storm(random: (below: number) => number, workers: Worker[]): Promise<string[]> {
  const told: string[] = [];
  for (let at = 0; at < events; at += 1) {
    await sleep(500 + random(2000));
    const join = workers.length === 0 || (workers.length < mostWorkers && random(2) === 0);
    const kill = random(3) > 0;
    told.push(join ? "join" : kill ? "kill -9" : "leave");
    if (join) workers.push(await bench.start());
    else {
      const [worker] = workers.splice(random(workers.length), 1);
      worker?.signal(kill ? "SIGKILL" : "SIGTERM");
      await worker?.exited;
    }
  }
  return told;
}

test(`kills, joins and leaves under load, seed ${seed}: none lost, none again that a commit marked done`, async (context) => {
  const random = createRandom(seed);
  const watch = new CommitWatch();
  const workers = [await bench.start()];
  const ids: string[] = [];
  const state = { storming: true };
  const publishing = (async () => {
    while (state.storming) {
      const partition = random(partitions);
      const group = bench.ids(20);
      const offsets = await bench.publish(
        group.map((id) => ({ id, do: "slow" })),
        partition,
      );
      group.forEach((id, at) => watch.know(partition, Number(offsets[at]), id));
      ids.push(...group);
      await sleep(100);
    }
  })();
  const watching = (async () => {
    while (state.storming) {
      await watch.look();
      await sleep(50);
    }
  })();
  const told = await storm(random, workers);
  if (workers.length === 0) workers.push(await bench.start());
  state.storming = false;
  await Promise.all([publishing, watching]);

  const ends = await bench.reader.offsets("harness-requests");
  await bench.until("everything is committed", async () => {
    const lows = await Promise.all([...ends.keys()].map((partition) => bench.committed(partition)));
    await watch.look();
    return [...ends.values()].every(({ high }, at) => (lows[at]?.low ?? -1) === Number(high));
  });
  for (const worker of workers) worker.signal("SIGTERM");
  for (const worker of workers) assert.equal(await worker.exited, 0);

  const emitted = await bench.emitted(ids);
  const lost = ids.filter((_, at) => emitted[at] === 0);
  const again = bench.said("start").length - ids.length;
  context.diagnostic(`${ids.length} records, ${told.join(", ")}: lost ${lost.length}, run again ${again}`);
  assert.deepEqual(lost, []);
  assert.deepEqual(watch.startedAgain(), [], "run again though a commit said done");
  assert.deepEqual(watch.violations, [], "a commit went back");
});
