/** Each fault in a topic is named with its place; what is no fault is none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ChainTopic, sealedFromMs } from "../../../test/support/chain-topic.ts";
import { sealedChain } from "../../../test/support/sealed-chain.ts";
import { genesisHash, linkAfter, type Link } from "../../audit-chain/link.ts";
import { readHead } from "../../audit-chain/signed-head.ts";
import { openTagKey } from "../../audit-chain/tags.ts";
import { faultText } from "../../audit-chain/proof-text.ts";
import { sayProof } from "./say-proof.ts";
import { proveTopic, type Proof } from "./verify.ts";
import type { ChainRange } from "./read-chain.ts";

const chain = sealedChain({ lengths: [8, 5], signEvery: 4, texts: ["a", "b"] });
const whole: ChainRange = { trusted: null };
const headOf = (partition: number, sequence: number) =>
  chain.heads.filter((head) => head.partition === partition && head.sequence === sequence);
const witness = (partition: number, sequence: number) =>
  headOf(partition, sequence).map((head) => readHead(head, "elsewhere", null));

function topicWith(damage: (log: unknown[], topic: ChainTopic) => void): ChainTopic {
  const topic = new ChainTopic(chain);
  damage(topic.logs[0] ?? [], topic);
  return topic;
}

/** The log of partition 0: links 1 to 4, a head, links 5 to 8, a head. */
const faults: readonly (readonly [what: string, damage: (log: unknown[], topic: ChainTopic) => void, said: string])[] =
  [
    [
      "one bit of a record flipped",
      (log) => (log[2] = JSON.stringify(log[2]).replace('"text":"b"', '"text":"c"')),
      "CHANGED: record 3 of partition 0, at offset 2: its record does not have the hash that was sealed",
    ],
    [
      "one bit flipped in a block of many",
      (log) =>
        log.splice(0, 4, { kind: "links", links: [log[0], log[1], { ...object(log[2]), hash: genesisHash }, log[3]] }),
      "CHANGED: record 3 of partition 0, at offset 0, link 3: its hash is not that of its fields",
    ],
    [
      "a hash changed",
      (log) => (log[2] = { ...object(log[2]), previous_hash: genesisHash }),
      "CHANGED: record 3 of partition 0, at offset 2: its hash is not that of its fields",
    ],
    ["one removed", (log) => log.splice(2, 1), "REMOVED: record 3 of partition 0, at offset 2: 3 is missing"],
    [
      "two swapped",
      (log) => ([log[1], log[2]] = [log[2], log[1]]),
      "SWAPPED: record 2 of partition 0, at offset 1: 3 stands in its place, and it stands at offset 2",
    ],
    [
      "the tail cut off in front of its last head",
      (log) => log.splice(6, 3),
      "CUT: record 6 of partition 0, at the end: a head signed at 1970-01-01T00:00:00.008Z says that there were links up to 8",
    ],
    [
      "one inserted",
      (log) => log.splice(2, 0, forged),
      "INSERTED: record 3 of partition 0, at offset 2: nothing was sealed onto it",
    ],
    [
      "what is no link",
      (log) => log.splice(2, 0, "not JSON"),
      "CHANGED: record 3 of partition 0, at offset 2: it is not a link",
    ],
    [
      "a head that nobody signed",
      (log) => (log[4] = { ...object(log[4]), signed_at_ms: 17 }),
      "BAD HEAD: the head of record 4 of partition 0, at offset 4: its signature does not hold",
    ],
    [
      "a link of another partition",
      (log, { logs }) => (log[2] = logs[1]?.[2]),
      "CHANGED: record 3 of partition 0, at offset 2: it says that it is of partition 1",
    ],
  ];

const second = chain.links[1];
assert.ok(second);
const forged = linkAfter(second, {
  partition: 0,
  sourceOffset: 5n,
  record: { kind: "decision", event_id: "forged" },
  tagKey: openTagKey,
});

for (const [what, damage, said] of faults) {
  test(`${what} is found, with its place`, async () => {
    const { faults: found } = await proveTopic(topicWith(damage).reader, whole, []);
    assert.deepEqual(found.map(faultText), [said]);
  });
}

test("a whole chain is proved, partition by partition", async () => {
  const proof = await proveTopic(new ChainTopic(chain).reader, whole, []);
  assert.deepEqual(
    proof.ranges.map(({ partition, first, last, signedTo }) => [partition, first, last, signedTo]),
    [
      [0, 1, 8, 8],
      [1, 1, 5, 5],
    ],
  );
  assert.deepEqual([proof.links, proof.heads, proof.faults], [13, 4, []]);
  assert.match(said(proof), /^whole: 13 links in 2 partitions, signed to the last/);
});

test("a fault of one partition leaves the others proved, and each partition's first is named", async () => {
  const topic = topicWith((log, { logs }) => (log.splice(1, 1), logs[1]?.splice(2, 1)));
  const { faults: found } = await proveTopic(topic.reader, whole, []);
  assert.deepEqual(
    found.map(({ kind, partition, sequence }) => [kind, partition, sequence]),
    [
      ["removed", 0, 2],
      ["removed", 1, 3],
    ],
  );
});

test("a link that stands there once more as it is, is a repeat and no fault", async () => {
  const topic = topicWith((log) => log.push(log[5], log[2]));
  const proof = await proveTopic(topic.reader, whole, []);
  assert.deepEqual([proof.repeats, proof.faults], [2, []]);
});

test("only the partitions that are named are read", async () => {
  const topic = topicWith((log) => log.splice(2, 1));
  const { ranges, faults: found } = await proveTopic(topic.reader, { ...whole, partitions: [1] }, witness(0, 8));
  assert.deepEqual([ranges.map(({ partition }) => partition), found], [[1], []]);
});

test("a range of time is proved up to the head behind it, whatever is damaged elsewhere", async () => {
  const range = { ...whole, partitions: [0], fromMs: sealedFromMs + 1000, toMs: sealedFromMs + 2000 };
  const damaged = topicWith((log) => (log[6] = "damaged"));
  const { ranges, faults: found } = await proveTopic(damaged.reader, range, witness(0, 8));
  assert.deepEqual([ranges, found], [[{ partition: 0, first: 1, last: 4, signedTo: 4, anchored: true }], []]);
});

test("a head that was kept elsewhere shows a tail that was cut with its heads, a whole partition too", async () => {
  const cut = topicWith((log) => log.splice(5));
  assert.deepEqual((await proveTopic(cut.reader, whole, [])).faults, []);
  const { faults: found } = await proveTopic(cut.reader, whole, [...witness(0, 8), ...witness(1, 5)]);
  assert.deepEqual(
    found.map(({ kind, sequence }) => [kind, sequence]),
    [["cut", 5]],
  );
  const fewer = new ChainTopic(chain, 1);
  const { faults: lost } = await proveTopic(fewer.reader, whole, [...witness(0, 8), ...witness(1, 5)]);
  assert.deepEqual(
    lost.map(({ kind, partition, sequence }) => [kind, partition, sequence]),
    [["cut", 1, 1]],
  );
});

test("a chain that was written anew from its beginning is shown by a head that was kept", async () => {
  let last: Pick<Link, "sequence" | "hash"> = { sequence: 0, hash: genesisHash };
  const anew = topicWith((log) => {
    log.length = 0;
    for (let at = 1; at <= 8; at += 1) {
      const link = linkAfter(last, {
        partition: 0,
        sourceOffset: BigInt(at),
        record: { event_id: `new-${at}` },
        tagKey: openTagKey,
      });
      last = link;
      log.push(link);
    }
  });
  assert.deepEqual((await proveTopic(anew.reader, whole, [])).faults, []);
  const { faults: found } = await proveTopic(anew.reader, whole, witness(0, 4));
  assert.deepEqual(
    found.map(({ kind, sequence }) => [kind, sequence]),
    [["rewritten", 1]],
  );
});

test("where a key is named, heads of another do not count", async () => {
  const { faults: found } = await proveTopic(new ChainTopic(chain).reader, { trusted: new Set(["other"]) }, []);
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ["bad_head", "bad_head"],
  );
});

test("nothing proves nothing, and says so", async () => {
  const empty = new ChainTopic({ links: [], heads: [], first: new Map() });
  assert.equal(said(await proveTopic(empty.reader, whole, [])), "There is nothing to prove: no link was found.");
});

function said(proof: Omit<Proof, "askedLedger">): string {
  const lines: string[] = [];
  const keep = (text: string): void => void lines.push(text);
  sayProof({ result: keep, table: () => undefined, note: () => undefined }, { ...proof, askedLedger: null });
  return lines.join("\n");
}

function object(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
