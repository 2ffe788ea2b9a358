/**
 * Three brokers, every record on all of them and acknowledged by two: the
 * shell's conformance suite, leaders that move while records are sent, and each
 * broker killed in turn under load.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ConformanceBench, groupId, partitions, type Worker } from "../support/conformance-bench.ts";
import { conformanceSuite } from "../support/conformance-suite.ts";
import { nodeCount, startThreeBrokers, type ClusterNode, type ThreeBrokers } from "../support/three-brokers.ts";

let bench: ConformanceBench<ThreeBrokers>;
before(async () => void (bench = await ConformanceBench.on(await startThreeBrokers(), nodeCount)));
after(() => bench.close());

describe("the conformance suite on three brokers", () => conformanceSuite(() => bench));

describe("leaders that move and brokers that die", () => {
  /** The stage does not read it: what is sent here is no backlog of the tests that follow. */
  const besides = "harness-results";

  /** The node that leads its partition 0. */
  async function leader(): Promise<ClusterNode> {
    const { topics } = await bench.admin.fetchTopicMetadata({ topics: [besides] });
    const found = topics[0]?.partitions.find(({ partitionId }) => partitionId === 0)?.leader;
    const node = bench.broker.nodes.find(({ id }) => id === found);
    assert.ok(node !== undefined, `partition 0 is led by ${found}`);
    return node;
  }

  /** The node that leads the partition of __consumer_offsets that the group's name hashes to, as Java hashes. */
  async function coordinator(): Promise<ClusterNode> {
    const topic = "__consumer_offsets";
    const { topics } = await bench.admin.fetchTopicMetadata({ topics: [topic] });
    const known = topics[0]?.partitions ?? [];
    const hash = Buffer.from(groupId).reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 0);
    const at = (hash & 0x7fffffff) % known.length;
    const found = known.find(({ partitionId }) => partitionId === at)?.leader;
    const node = bench.broker.nodes.find(({ id }) => id === found);
    assert.ok(node !== undefined, `partition ${at} of ${topic} is led by ${found}`);
    return node;
  }

  async function untilCommitted(): Promise<void> {
    const ends = await bench.reader.offsets("harness-requests");
    await bench.until("everything is committed", async () => {
      const lows = await Promise.all([...ends.keys()].map((partition) => bench.committed(partition)));
      return [...ends.values()].every(({ high }, at) => (lows[at]?.low ?? -1) === Number(high));
    });
  }

  async function untilInSync(): Promise<void> {
    await bench.until("every replica is in sync", async () => {
      const { topics } = await bench.admin.fetchTopicMetadata({
        topics: ["harness-requests", "harness-scanned", besides],
      });
      return topics.every((topic) => topic.partitions.every(({ isr }) => isr.length === nodeCount));
    });
  }

  const starts = [
    { name: "when a stage has just started", start: () => Promise.resolve() },
    {
      name: "when a stage is at work",
      start: ({ pid }: Worker) => bench.until("it is at work", () => bench.said("end", pid).length > 0),
    },
  ] as const;
  const moves = [
    { name: "in order", end: (node: ClusterNode) => node.stop() },
    { name: "by kill -9", end: (node: ClusterNode) => node.kill() },
  ] as const;
  for (const { name, end } of moves) {
    test(`a leader that ends ${name} during sends: each record is where its acknowledgement says, in order`, async (t) => {
      const acknowledged = new Map<string, string>();
      const sent: string[][] = Array.from({ length: partitions }, () => []);
      const state = { sending: true };
      const sending = (async () => {
        while (state.sending) {
          const ids = bench.ids(partitions * 3);
          const records = ids.map((id, at) => ({
            key: id,
            value: Buffer.from(JSON.stringify({ id, do: "emit" })),
            headers: {},
            partition: at % partitions,
          }));
          const acks = await bench.producer.send(records.map((record) => ({ ...record, topic: besides })));
          ids.forEach((id, at) => {
            const ack = acks[at];
            acknowledged.set(id, `${ack?.partition}/${ack?.offset}`);
            sent[at % partitions]?.push(id);
          });
        }
      })();
      await bench.until("records flow", () => acknowledged.size > 100);
      const node = await leader();
      await end(node);
      const moved = acknowledged.size;
      await bench.until("they flow on", () => acknowledged.size > moved + 200);
      await node.start();
      await untilInSync();
      state.sending = false;
      await sending;

      const records = await bench.readAll(besides);
      const idAt = new Map(records.map(({ partition, offset, key }) => [`${partition}/${offset}`, String(key)]));
      const misplaced = [...acknowledged].filter(([id, place]) => idAt.get(place) !== id);
      t.diagnostic(`${acknowledged.size} acknowledged, ${records.length} on the topic`);
      assert.deepEqual(misplaced, []);
      for (const [partition, ids] of sent.entries()) {
        const there = records.filter((record) => record.partition === partition).map(({ key }) => String(key));
        const firsts = [...new Set(there)].filter((id) => acknowledged.has(id));
        assert.deepEqual(firsts, ids, `order of partition ${partition}`);
      }
    });
  }

  for (const { name, start } of starts) {
    test(`the broker that coordinates the group dies and stays away ${name}: all is processed and committed`, async () => {
      const ids = bench.ids(partitions * 10);
      for (let partition = 0; partition < partitions; partition += 1) {
        const some = ids.filter((_, at) => at % partitions === partition);
        await bench.publish(
          some.map((id) => ({ id, do: "slow" })),
          partition,
        );
      }
      const worker = await bench.start();
      await start(worker);
      const node = await coordinator();
      await node.kill();
      await bench.until("all is processed", () => {
        const ended = new Set(bench.said("end"));
        return ids.every((id) => ended.has(id));
      });
      await untilCommitted();
      await node.start();
      await untilInSync();
      worker.signal("SIGTERM");
      assert.equal(await worker.exited, 0, worker.log());
    });
  }

  test("each broker killed in turn under load: every record is emitted and committed, and the stage goes on", async (t) => {
    const earlier = new Set(bench.said("end")).size;
    const worker = await bench.start();
    const ids: string[] = [];
    const state = { publishing: true };
    const publishing = (async () => {
      while (state.publishing) {
        const group = bench.ids(20);
        await bench.publish(
          group.map((id) => ({ id, do: "slow" })),
          ids.length % partitions,
        );
        ids.push(...group);
        await sleep(100);
      }
    })();
    await bench.until("the stage is at work", () => new Set(bench.said("end")).size > earlier + 40);
    for (const node of bench.broker.nodes) {
      await node.kill();
      const at = ids.length;
      await bench.until(`records are taken without broker ${node.id}`, () => ids.length > at + 100);
      const done = new Set(bench.said("end")).size;
      await bench.until("and processed", () => new Set(bench.said("end")).size > done + 40);
      await node.start();
      await untilInSync();
    }
    state.publishing = false;
    await publishing;
    await untilCommitted();
    worker.signal("SIGTERM");
    assert.equal(await worker.exited, 0, worker.log());
    const counts = await bench.emitted(ids);
    const again = counts.filter((count) => count > 1).length;
    t.diagnostic(`${ids.length} records, ${again} emitted more than once`);
    assert.deepEqual(
      ids.filter((_, at) => counts[at] === 0),
      [],
    );
  });
});
