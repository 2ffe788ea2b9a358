/** Whose turn it is: a table of small cases, and what holds for any mixture of clients, partitions and sizes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { clientHeader } from "../../stage.ts";
import { OwnedPartition, PartitionWork } from "../partition-work.ts";
import { nothingDoneAbove } from "../progress/done-map.ts";
import { OffsetTracker } from "../progress/offset-tracker.ts";
import type { ReceivedRecord } from "../received-record.ts";
import { ClientTurns, quantumBytes } from "./client-turns.ts";

interface Sent {
  readonly client: string;
  readonly partition?: number;
  readonly bytes?: number;
}

/** Puts records in, in this order; each partition numbers its own. Named `client:partition/offset`. */
function opened(sent: readonly Sent[]) {
  const turns = new ClientTurns();
  const works = new Map<number, PartitionWork>();
  const workOf = (partition: number): PartitionWork => {
    const known = works.get(partition);
    if (known !== undefined) return known;
    const owner = new OwnedPartition(partition, ["harness-requests"], 1);
    owner.state = "ready";
    const work = new PartitionWork("harness-requests", owner, new OffsetTracker(nothingDoneAbove(0)));
    work.claimed = true;
    works.set(partition, work);
    return work;
  };
  const add = ({ client, partition = 0, bytes = 10 }: Sent): void => {
    const work = workOf(partition);
    const offset = work.tracker.position;
    work.tracker.deliver(offset);
    turns.add(work, recordOf({ client, partition, offset, bytes }));
  };
  sent.forEach(add);
  const take = (): string | undefined => {
    const taken = turns.take();
    return taken && nameOf(taken.record);
  };
  const takeAll = (): string[] => {
    const names: string[] = [];
    for (let name = take(); name !== undefined; name = take()) names.push(name);
    return names;
  };
  return { turns, workOf, add, take, takeAll };
}

/** One buffer a size: the laws make many large records. */
const values = new Map<number, Buffer>();

function valueOf(bytes: number): Buffer {
  const value = values.get(bytes) ?? Buffer.alloc(bytes);
  values.set(bytes, value);
  return value;
}

function recordOf(given: Required<Sent> & { readonly offset: number }): ReceivedRecord {
  const { client, partition, offset, bytes } = given;
  const place = { topic: "harness-requests", partition, offset: BigInt(offset) } as const;
  const headers = client === "" ? {} : { [clientHeader]: client };
  return { ...place, timestampMs: 0, key: null, value: valueOf(bytes), headers, rawHeaders: null };
}

function nameOf({ headers, partition, offset }: ReceivedRecord): string {
  return `${headers[clientHeader] ?? ""}:${partition}/${offset}`;
}

const clientOf = (name: string): string => name.slice(0, name.indexOf(":"));
const many = (count: number, sent: Sent): Sent[] => Array.from({ length: count }, () => sent);
const orderOf = (sent: readonly Sent[]): string => opened(sent).takeAll().map(clientOf).join("");

const a = { client: "a" };
const b = { client: "b" };
const c = { client: "c" };
const large = { client: "a", bytes: 4 * quantumBytes - 1000 };

const orders: readonly (readonly [string, readonly Sent[], string])[] = [
  ["one client alone: in order", many(4, a), "aaaa"],
  ["a burst before another's one record does not hold it up", [...many(5, a), b], "abaaaa"],
  ["clients take turns, whoever has sent more", [...many(3, a), ...many(3, b), c], "abcabab"],
  ["a client that is done leaves its turn to the others", [a, ...many(3, b), ...many(2, c)], "abcbcb"],
  ["a record of four quanta is paid by three turns that are left out", [large, a, ...many(5, b)], "abbbbab"],
  ["with nobody else there nothing is left out", [large, large, a], "aaa"],
];

for (const [what, sent, order] of orders) test(what, () => assert.equal(orderOf(sent), order));

test("records without a client share one turn", () => {
  const { takeAll } = opened([...many(2, { client: "" }), { client: "", partition: 1 }, a]);
  assert.deepEqual(takeAll(), [":0/0", "a:0/2", ":1/0", ":0/1"]);
});

test("within a client partitions take turns", () => {
  const { takeAll } = opened([...many(3, a), ...many(2, { client: "a", partition: 1 })]);
  assert.deepEqual(takeAll(), ["a:0/0", "a:1/0", "a:0/1", "a:1/1", "a:0/2"]);
});

test("a partition that stands holds up its own records alone", () => {
  const { workOf, turns, takeAll } = opened([a, { client: "a", partition: 1 }, b]);
  workOf(0).failing = 1;
  assert.deepEqual([takeAll(), turns.waiting], [["a:1/0"], 2]);
  workOf(0).failing = 0;
  assert.deepEqual(takeAll(), ["b:0/1", "a:0/0"]);
});

test("what waits of a partition is forgotten with it, of every client", () => {
  const { turns, workOf, takeAll } = opened([a, b, { client: "a", partition: 1 }, a]);
  assert.deepEqual(turns.drop(workOf(0)).map(nameOf).toSorted(), ["a:0/0", "a:0/2", "b:0/1"]);
  assert.deepEqual([takeAll(), turns.waiting, workOf(0).waiting], [["a:1/0"], 0, 0]);
});

const sending = fc.record({
  client: fc.constantFrom("", "a", "b", "c", "d"),
  partition: fc.nat(3),
  bytes: fc.constantFrom(10, 1000, quantumBytes, 3 * quantumBytes),
});

test("law: every record starts once, and a client's records of one partition in their order", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(sending, fc.constant("take" as const)), { maxLength: 80 }), (steps) => {
      const { add, take, takeAll } = opened([]);
      const early = steps.flatMap((step) => (step === "take" ? (take() ?? []) : (add(step), [])));
      const taken = [...early, ...takeAll()];
      assert.equal(taken.length, steps.filter((step) => step !== "take").length);
      assert.equal(new Set(taken).size, taken.length);
      for (const names of Map.groupBy(taken, (name) => name.slice(0, name.indexOf("/"))).values()) {
        const offsets = names.map((name) => Number(name.slice(name.indexOf("/") + 1)));
        assert.deepEqual(
          offsets,
          offsets.toSorted((left, right) => left - right),
        );
      }
    }),
  );
});

test("law: between two starts of a client with short records no other starts more than once, whatever they have sent", () => {
  const queues = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e"), fc.integer({ min: 1, max: 40 }), {
    minKeys: 2,
  });
  fc.assert(
    fc.property(queues, (counts) => {
      const taken = opened(Object.entries(counts).flatMap(([client, count]) => many(count, { client })))
        .takeAll()
        .map(clientOf);
      for (const client of Object.keys(counts)) {
        const own = taken.flatMap((name, at) => (name === client ? [at] : []));
        [-1, ...own].slice(0, -1).forEach((from, index) => {
          const between = taken.slice(from + 1, own[index]);
          assert.equal(new Set(between).size, between.length);
        });
      }
    }),
  );
});

test("law: in the long run clients that have records all the time start as many bytes, whatever their size", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(sizes, (quanta) => {
      const clients = quanta.map((size, at) => ({ client: String(at), bytes: size * quantumBytes - 512 }));
      const { take } = opened(clients.flatMap((client) => many(200, client)));
      const bytes = new Map<string, number>();
      for (let starts = 0; starts < 150; starts++) {
        const client = clientOf(take() ?? "");
        bytes.set(client, (bytes.get(client) ?? 0) + (quanta[Number(client)] ?? 0));
      }
      const all = clients.map(({ client }) => bytes.get(client) ?? 0);
      assert.ok(Math.max(...all) - Math.min(...all) <= Math.max(...quanta), `${all.join(" ")}`);
    }),
  );
});
