/**
 * The law of the sealer: whatever is repeated, written twice, not confirmed or
 * written by two at once, the chain that the log holds is whole and has every
 * record once, in the order of the source.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { judgeChain } from "../audit-chain/judge-chain.ts";
import { linksIn, readLink } from "../audit-chain/read-link.ts";
import { readHead } from "../audit-chain/signed-head.ts";
import { openTagKey } from "../audit-chain/tags.ts";
import { TransientError } from "../runtime/errors.ts";
import { openHeadSigner } from "../runtime/secrets/head-signer.ts";
import type { Emission, StageContext } from "../runtime/stage.ts";
import { MemoryLog } from "../../test/pipeline/memory-log.ts";
import { sealingSeed } from "../../test/support/sealed-chain.ts";
import { mostBlockBytes } from "./chain-blocks.ts";
import { chainTopic, readTip } from "./chain-log.ts";
import { knownEvents, type SourceRecord } from "./chain-tip.ts";
import { openSealer, type PartitionSealer } from "./partition-sealer.ts";

const partition = 0;
const logger = { warn: () => undefined };
const signer = openHeadSigner(sealingSeed);

/** What the broker does with a write. */
type Fate = "written" | "twice" | "unconfirmed" | "lost" | "late" | "first half";

/** A chain topic, and contexts that write to it. */
class Chain {
  readonly log = new MemoryLog(1);
  /** Of the next writes; then all are written. */
  readonly fates: Fate[] = [];
  readonly #late: (() => void)[] = [];

  context(signal = new AbortController().signal): Pick<StageContext, "publish" | "nowMs" | "signal"> {
    return { signal, nowMs: () => 1_795_167_000_000, publish: (emissions) => this.#publish(emissions) };
  }

  open(signal?: AbortSignal): Promise<PartitionSealer> {
    return openSealer(partition, { reader: this.log, signer, logger, gatherMs: 0 }, this.context(signal));
  }

  /** What a process that died had sent arrives. */
  arrive(): void {
    for (const write of this.#late.splice(0)) write();
  }

  /** Links as they count, judged, with heads. */
  async judged() {
    const records = this.log.values(chainTopic);
    const values = records.flatMap((record) => linksIn(record) ?? []);
    const { tip } = await readTip(this.log, { partition, tagKey: openTagKey });
    const counted = new Map<unknown, unknown>();
    for (const value of values)
      if (readLink(value, "").sequence !== null) addFirst(counted, readLink(value, "").sequence, value);
    const heads = records.filter((value) => readHead(value, "", null).head !== null);
    const links = [...counted.values()].slice(0, tip.sequence);
    const verdict = judgeChain({
      links: links.map((link, at) => readLink(link, `link ${at + 1}`)),
      heads: heads.map((head, at) => readHead(head, `head ${at + 1}`, null)),
      first: new Map(),
    });
    return { verdict, links, heads, events: links.map(eventIn), tip, records };
  }

  async #publish(emissions: readonly Emission[]) {
    const write = (some = emissions) =>
      some.map(({ topic, key, value }) => {
        const bytes = Buffer.from(JSON.stringify(value));
        const { offset } = this.log.append({ topic, key, partition, value: bytes, headers: {} });
        return { topic, partition, offset };
      });
    const fate = this.fates.shift() ?? "written";
    await new Promise((resolve) => setImmediate(resolve));
    switch (fate) {
      case "written":
        return write();
      case "twice":
        write();
        return write();
      case "unconfirmed":
        write();
        break;
      case "first half":
        write(emissions.slice(0, Math.ceil(emissions.length / 2)));
        break;
      case "late":
        this.#late.push(() => void write());
        break;
      case "lost":
        break;
    }
    throw new TransientError("broker_unavailable", "not confirmed");
  }
}

function addFirst(map: Map<unknown, unknown>, key: unknown, value: unknown): void {
  if (!map.has(key)) map.set(key, value);
}

function eventIn(link: unknown): string {
  const text = JSON.stringify(link);
  return /"event_id":"([^"]+)"/.exec(text)?.[1] ?? "";
}

const source = (offset: number, eventId = `event-${offset}`): SourceRecord => ({
  offset: BigInt(offset),
  eventId,
  record: { kind: "decision", event_id: eventId, offset },
  bytes: 100,
});

const upTo = (count: number): readonly SourceRecord[] => Array.from({ length: count }, (_, offset) => source(offset));

async function sealAll(sealer: PartitionSealer, records: readonly SourceRecord[]): Promise<void> {
  await Promise.all(records.map((record) => sealer.seal(record)));
}

describe("a sealer", () => {
  test("seals records in their order, with gaps of the source, and signs what it sealed", async () => {
    const chain = new Chain();
    const sealer = await chain.open();
    await sealAll(sealer, [source(3), source(7), source(8)]);
    sealer.sign();
    await sealer.idle();
    const { verdict, events, heads } = await chain.judged();
    assert.deepEqual(verdict.ranges, [{ partition, first: 1, last: 3, signedTo: 3, anchored: true }]);
    assert.deepEqual([verdict.fault, events, heads.length], [null, ["event-3", "event-7", "event-8"], 1]);
  });

  test("seals a repeated event once, also one of before a restart", async () => {
    const chain = new Chain();
    await sealAll(await chain.open(), [source(0), source(1, "event-0"), source(2)]);
    await sealAll(await chain.open(), [source(2), source(3, "event-2"), source(4)]);
    assert.deepEqual((await chain.judged()).events, ["event-0", "event-2", "event-4"]);
  });

  test("signs nothing twice, and nothing when nothing is sealed", async () => {
    const chain = new Chain();
    const sealer = await chain.open();
    sealer.sign();
    await sealer.idle();
    await sealAll(sealer, upTo(2));
    for (let asked = 0; asked < 3; asked += 1) {
      sealer.sign();
      await sealer.idle();
    }
    assert.equal((await chain.judged()).heads.length, 1);
  });

  test("knows its end from the tail of a long chain", async () => {
    const chain = new Chain();
    await sealAll(await chain.open(), upTo(knownEvents + 1200));
    const sealer = await chain.open();
    await sealAll(sealer, [...upTo(knownEvents + 1200).slice(-3), source(knownEvents + 1200)]);
    const { verdict, links } = await chain.judged();
    assert.deepEqual([verdict.fault, links.length], [null, knownEvents + 1201]);
  });

  test("writes what comes together as one block, and no block larger than a record should be", async () => {
    const chain = new Chain();
    const sealer = await chain.open();
    const large = { ...source(3), bytes: mostBlockBytes };
    await sealAll(sealer, [...upTo(3), large, source(4)]);
    const { verdict, records } = await chain.judged();
    const sizes = records.map((record) => linksIn(record)?.length);
    assert.deepEqual([verdict.fault, sizes], [null, [3, 1, 1]]);
  });

  test("gives up what waits when the partition is lost, and takes no record out of its order", async () => {
    const chain = new Chain();
    const lost = new AbortController();
    const sealer = await chain.open(lost.signal);
    await sealAll(sealer, [source(5)]);
    await assert.rejects(sealer.seal(source(4)), /out of its order/);
    lost.abort(new Error("lost"));
    await assert.rejects(sealer.seal(source(6)), /lost/);
    assert.deepEqual((await chain.judged()).events, ["event-5"]);
  });

  test("is not led astray by what is no link of this chain", async () => {
    const chain = new Chain();
    await sealAll(await chain.open(), upTo(3));
    const [, , third] = (await chain.judged()).links;
    const forged = { ...readObject(third), sequence: 9_000_000 };
    for (const value of [{ kind: "links", links: [forged, null] }, { kind: "links" }, null, "text"])
      chain.log.append({
        topic: chainTopic,
        key: "x",
        partition,
        value: Buffer.from(JSON.stringify(value)),
        headers: {},
      });
    const sealer = await chain.open();
    await sealAll(sealer, [source(3)]);
    assert.deepEqual((await chain.judged()).tip.sequence, 4);
  });

  test("whatever happens to its writes, the chain neither forks nor skips", async () => {
    const fate = fc.constantFrom<Fate>("written", "twice", "unconfirmed", "lost", "late", "first half");
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { maxLength: 4 }), fc.integer({ min: 1, max: 12 }), async (fates, count) => {
        const chain = new Chain();
        chain.fates.push(...fates);
        const sealer = await chain.open();
        const half = upTo(count).slice(0, Math.ceil(count / 2));
        await sealAll(sealer, half);
        chain.arrive();
        await sealAll(sealer, upTo(count).slice(half.length));
        sealer.sign();
        await sealer.idle();
        const { verdict, events } = await chain.judged();
        assert.equal(verdict.fault, null);
        assert.deepEqual(
          events,
          upTo(count).map(({ eventId }) => eventId),
        );
      }),
      { numRuns: 15 },
    );
  });

  test("two that seal at once, one of them unaware that it was replaced, make one chain", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 4, maxLength: 30 }), async (turns) => {
        const chain = new Chain();
        const sealers = [await chain.open(), await chain.open()] as const;
        const next: [number, number] = [0, 0];
        const work: Promise<void>[] = [];
        for (const isSecond of turns) {
          const who = isSecond ? 1 : 0;
          work.push(sealers[who].seal(source(next[who])));
          next[who] += 1;
          if (next[who] % 3 === 0) sealers[who].sign();
          if (next[who] % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
        await Promise.all(work);
        await Promise.all(sealers.map((sealer) => sealer.idle()));
        const { verdict, events } = await chain.judged();
        assert.equal(verdict.fault, null);
        assert.deepEqual(
          events,
          upTo(Math.max(...next)).map(({ eventId }) => eventId),
        );
      }),
      { numRuns: 60 },
    );
  });
});

function readObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
