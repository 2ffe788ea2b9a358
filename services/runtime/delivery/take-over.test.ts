import assert from "node:assert/strict";
import { test } from "node:test";
import type { LoadedPartition } from "../consumer/assignments.ts";
import { OwnedPartition } from "../consumer/partition-work.ts";
import { nothingDoneAbove } from "../consumer/progress/done-map.ts";
import { TransientError } from "../errors.ts";
import type { LogRecord } from "../kafka/log-reader.ts";
import { createLogger } from "../logger.ts";
import type { Stage, Takeover } from "../stage.ts";
import { tailMarginMs, type TailReader } from "./emitted-tail.ts";
import { takeOverPartitions } from "./take-over.ts";

const committedAtMs = 1_000_000;

interface Entry {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly atMs: number;
  readonly origin?: string;
}

/** A log of records, and notes of what was read of it. */
function logOf(entries: readonly Entry[], failures: Error[] = []) {
  const read: string[] = [];
  const reader: TailReader = {
    offsets: (topic) => {
      const ends = new Map(
        [0, 1].map((partition) => [partition, { low: 0n, high: BigInt(inLog(topic, partition).length) }]),
      );
      return Promise.resolve(ends);
    },
    offsetAt: (topic, partition, atMs) => {
      const later = inLog(topic, partition).find((entry) => entry.atMs >= atMs);
      return Promise.resolve(later?.offset ?? BigInt(inLog(topic, partition).length));
    },
    read: async ({ topic, ranges, onRecord }) => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      for (const { partition, from, to } of ranges) {
        read.push(`${topic}/${partition} ${from}-${to}`);
        for (const entry of inLog(topic, partition))
          if (entry.offset >= from && entry.offset < to) await onRecord(shown(entry));
      }
    },
  };
  const inLog = (topic: string, partition: number) =>
    entries.filter((entry) => entry.topic === topic && entry.partition === partition);
  return { reader, read };
}

function shown({ topic, partition, offset, atMs, origin }: Entry): LogRecord {
  const headers: Record<string, string> = origin === undefined ? {} : { origin };
  return { topic, partition, offset, timestampMs: atMs, key: null, value: null, headers };
}

function loadedAt(partition: number, low: number, end: number, nonce: string | null = "aaaabbbbcccc"): LoadedPartition {
  const source = {
    topic: "harness-requests",
    partition,
    done: nothingDoneAbove(low),
    endOffset: end,
    nonce,
    committedAtMs,
  } as const;
  return { owner: new OwnedPartition(partition, ["harness-requests"], 1), sources: [source] };
}

function takeOver(
  stage: Pick<Stage, "takeOver" | "keepsEmitted">,
  reader: TailReader,
  loaded: readonly LoadedPartition[],
) {
  const logger = createLogger("test", "error", { write: () => undefined });
  const context = { publish: () => Promise.resolve([]), worker: "w", clusterId: "c", nowMs: () => 0 };
  return Promise.all(
    takeOverPartitions({ stage, reader, contextFor: (signal) => ({ ...context, signal }), logger }, loaded),
  );
}

const keeps = { keepsEmitted: ["harness-scanned", "harness-results"] } as const;
const out = (offset: bigint, origin: string, more: Partial<Entry> = {}): Entry => ({
  topic: "harness-scanned",
  partition: 0,
  offset,
  atMs: committedAtMs,
  origin,
  ...more,
});

test("records whose emission is out are done, on whatever partition and topic it is", async () => {
  const { reader } = logOf([
    out(0n, "harness-requests/0/11"),
    out(0n, "harness-requests/0/13", { partition: 1 }),
    out(0n, "harness-requests/1/5", { topic: "harness-results" }),
  ]);
  const [zero, one] = await takeOver(keeps, reader, [loadedAt(0, 10, 20), loadedAt(1, 5, 6)]);
  assert.deepEqual(
    zero?.map(({ offset }) => offset),
    [11n, 13n],
  );
  assert.deepEqual(
    one?.map(({ offset }) => offset),
    [5n],
  );
});

const ignored: readonly (readonly [string, string | undefined])[] = [
  ["of a record that is committed", "harness-requests/0/9"],
  ["of a partition that is not taken over", "harness-requests/7/11"],
  ["of another topic", "harness-retries/0/11"],
  ["without origin", undefined],
  ["with an origin that is none", "harness-requests/0/eleven"],
];

for (const [what, origin] of ignored) {
  test(`an emission ${what} changes nothing`, async () => {
    const entry: Entry = { topic: "harness-scanned", partition: 0, offset: 0n, atMs: committedAtMs };
    const { reader } = logOf([origin === undefined ? entry : { ...entry, origin }]);
    assert.deepEqual(await takeOver(keeps, reader, [loadedAt(0, 10, 20)]), [[]]);
  });
}

test("only the tail is read: from a minute before the last commit", async () => {
  const old = out(0n, "harness-requests/0/11", { atMs: committedAtMs - tailMarginMs - 1 });
  const edge = out(1n, "harness-requests/0/12", { atMs: committedAtMs - tailMarginMs });
  const { reader, read } = logOf([old, edge]);
  const [done] = await takeOver(keeps, reader, [loadedAt(0, 10, 20)]);
  assert.deepEqual(
    done?.map(({ offset }) => offset),
    [12n],
  );
  assert.ok(read.includes("harness-scanned/0 1-2"));
});

const unread: readonly (readonly [string, LoadedPartition])[] = [
  ["everything is committed", loadedAt(0, 20, 20)],
  ["the partition was never claimed", loadedAt(0, 10, 20, null)],
];

for (const [why, loaded] of unread) {
  test(`nothing is read when ${why}`, async () => {
    const { reader, read } = logOf([out(0n, "harness-requests/0/11")]);
    assert.deepEqual(await takeOver(keeps, reader, [loaded]), [[]]);
    assert.deepEqual(read, []);
  });
}

test("the stage is told where each source stands, with the time of the oldest open record", async () => {
  const told: Takeover[] = [];
  const stage = { takeOver: (takeover: Takeover) => Promise.resolve(void told.push(takeover)) };
  const { reader } = logOf([{ topic: "harness-requests", partition: 0, offset: 10n, atMs: 77 }]);
  await takeOver(stage, reader, [loadedAt(0, 10, 20), loadedAt(1, 4, 4)]);
  const common = { topic: "harness-requests", committedAtMs };
  assert.deepEqual(told, [
    { partition: 0, sources: [{ ...common, fromOffset: 10n, endOffset: 20n, oldestTimestampMs: 77 }] },
    { partition: 1, sources: [{ ...common, fromOffset: 4n, endOffset: 4n, oldestTimestampMs: null }] },
  ]);
});

test("Kafka away meanwhile is waited for", async () => {
  const { reader } = logOf([out(0n, "harness-requests/0/11")], [new TransientError("broker_unavailable", "away")]);
  const [done] = await takeOver(keeps, reader, [loadedAt(0, 10, 20)]);
  assert.deepEqual(
    done?.map(({ offset }) => offset),
    [11n],
  );
});

test("a bug in a takeover comes out", async () => {
  const stage = { takeOver: () => Promise.reject(new TypeError("bug")) };
  await assert.rejects(takeOver(stage, logOf([]).reader, [loadedAt(0, 1, 1)]), TypeError);
});

test("a partition that is lost during its takeover is given up", async () => {
  const loaded = loadedAt(0, 10, 20);
  loaded.owner.abort("lost");
  const stage = { takeOver: () => Promise.reject(new TransientError("broker_unavailable", "away")) };
  assert.deepEqual(await takeOver(stage, logOf([]).reader, [loaded]), [[]]);
});
