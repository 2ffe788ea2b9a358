import assert from "node:assert/strict";
import { test } from "node:test";
import type { FetchedPartition } from "../wire/fetch-request.ts";
import { advance, relocate, type Position } from "./position.ts";

const at = (next: bigint, to: bigint | null, emptyAnswers = 0): Position => ({ partition: 0, next, to, emptyAnswers });
const answer = (offsets: readonly bigint[], nextOffset: bigint | null, stableOffset = 100n): FetchedPartition => ({
  partition: 0,
  errorCode: 0,
  stableOffset,
  records: offsets.map((offset) => ({ offset, timestampMs: 0, key: null, value: null, headers: {} })),
  nextOffset,
});

interface Case {
  readonly name: string;
  readonly position: Position;
  readonly fetched: FetchedPartition;
  readonly answerIsEmpty?: boolean;
  readonly shown: readonly bigint[];
  readonly next: bigint;
  readonly done: boolean;
}

const cases: readonly Case[] = [
  {
    name: "records inside the range are shown and it goes on",
    position: at(5n, 10n),
    fetched: answer([5n, 6n], 7n),
    shown: [5n, 6n],
    next: 7n,
    done: false,
  },
  {
    name: "the end of the range is exclusive",
    position: at(5n, 7n),
    fetched: answer([5n, 6n, 7n], 8n),
    shown: [5n, 6n],
    next: 8n,
    done: true,
  },
  {
    name: "a range that ends in a gap ends when the batch after it comes",
    position: at(5n, 7n),
    fetched: answer([9n], 10n),
    shown: [],
    next: 10n,
    done: true,
  },
  {
    name: "a batch without records that reaches the end ends it",
    position: at(5n, 7n),
    fetched: answer([], 7n),
    shown: [],
    next: 7n,
    done: true,
  },
  {
    name: "a range past the end of the log ends at the end of the log",
    position: at(5n, 70n),
    fetched: answer([], null, 5n),
    answerIsEmpty: true,
    shown: [],
    next: 5n,
    done: true,
  },
  {
    name: "an empty answer short of the end is asked for again",
    position: at(5n, 7n),
    fetched: answer([], null),
    answerIsEmpty: true,
    shown: [],
    next: 5n,
    done: false,
  },
  {
    name: "a second empty answer short of the end is a gap up to the end",
    position: at(5n, 7n, 1),
    fetched: answer([], null),
    answerIsEmpty: true,
    shown: [],
    next: 100n,
    done: true,
  },
  {
    name: "an empty partition in an answer that other partitions filled means nothing",
    position: at(5n, 7n, 1),
    fetched: answer([], null),
    shown: [],
    next: 5n,
    done: false,
  },
  {
    name: "following never ends",
    position: at(5n, null),
    fetched: answer([5n], 6n, 6n),
    shown: [5n],
    next: 6n,
    done: false,
  },
  {
    name: "following at the end waits there",
    position: at(6n, null, 1),
    fetched: answer([], null, 6n),
    answerIsEmpty: true,
    shown: [],
    next: 6n,
    done: false,
  },
];

for (const { name, position, fetched, answerIsEmpty = false, shown, next, done } of cases) {
  test(name, () => {
    const result = advance(position, fetched, answerIsEmpty);
    assert.deepEqual(
      result.records.map(({ offset }) => offset),
      shown,
    );
    assert.equal(result.position.next, next);
    assert.equal(result.done, done);
  });
}

test("what retention took away is passed over", () => {
  const { position, done } = relocate(at(5n, 30n), { low: 20n, high: 40n });
  assert.equal(position.next, 20n);
  assert.equal(done, false);
});

test("a range that retention took away as a whole is done", () => {
  assert.equal(relocate(at(5n, 15n), { low: 20n, high: 40n }).done, true);
});

test("a range past the end of the log is done, and following a log that became shorter reads it anew", () => {
  assert.equal(relocate(at(50n, 60n), { low: 0n, high: 40n }).done, true);
  assert.equal(relocate(at(50n, null), { low: 3n, high: 40n }).position.next, 3n);
});
