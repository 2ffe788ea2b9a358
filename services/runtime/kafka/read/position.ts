/**
 * Where a reading stands in one partition, and what an answer of the broker
 * means for it. Pure. A range ends at its `to`, or at the end of the log if
 * that comes first; offsets without a record (compaction, markers) count as read.
 */
import type { DecodedRecord } from "../wire/record-batch-decode.ts";
import type { FetchedPartition } from "../wire/fetch-request.ts";

export interface Position {
  readonly partition: number;
  /** First offset that was not read. */
  readonly next: bigint;
  /** Exclusive; null: follow for ever. */
  readonly to: bigint | null;
  /** Answers in a row without any bytes although the log goes on. */
  readonly emptyAnswers: number;
}

export interface Advance {
  readonly records: readonly DecodedRecord[];
  readonly position: Position;
  readonly done: boolean;
}

/** The broker always sends what there is next: nothing twice means that nothing is left up to the end. */
const emptyAnswersOfAGap = 2;

/** `answerIsEmpty`: no partition of the whole answer held bytes. */
export function advance(position: Position, fetched: FetchedPartition, answerIsEmpty: boolean): Advance {
  const { next, to } = position;
  if (fetched.nextOffset === null) return advanceEmpty(position, fetched.stableOffset, answerIsEmpty);
  const records = fetched.records.filter(({ offset }) => offset >= next && (to === null || offset < to));
  const moved = fetched.nextOffset > next ? fetched.nextOffset : next;
  return { records, position: { ...position, next: moved, emptyAnswers: 0 }, done: to !== null && moved >= to };
}

function advanceEmpty(position: Position, end: bigint, answerIsEmpty: boolean): Advance {
  const { next, to } = position;
  const atEnd = next >= end;
  const emptyAnswers = answerIsEmpty && !atEnd ? position.emptyAnswers + 1 : 0;
  const moved = emptyAnswers >= emptyAnswersOfAGap ? end : next;
  const done = to !== null && (moved >= to || moved >= end);
  return { records: [], position: { ...position, next: moved, emptyAnswers }, done };
}

/** After OFFSET_OUT_OF_RANGE: what retention took away is passed over; a log that became shorter is read anew. */
export function relocate(position: Position, log: { readonly low: bigint; readonly high: bigint }): Advance {
  const { next, to } = position;
  const moved = next > log.high && to !== null ? next : log.low;
  return {
    records: [],
    position: { ...position, next: moved, emptyAnswers: 0 },
    done: to !== null && (moved >= to || moved >= log.high),
  };
}
