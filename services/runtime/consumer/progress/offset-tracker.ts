/**
 * Which records of one partition are done, while they finish in any order.
 * Guarantees: `low` never passes a record that was delivered and is not done;
 * a record that the last commit marked done is never taken again; offsets that
 * do not exist (compaction, transaction markers) count as done once a later
 * record was delivered. It tracks only what was delivered, never a range that
 * was merely expected. Offsets are safe integers; no IO, no clock.
 */
import { bitmapOf, offsetsIn, type DoneMap } from "./done-map.ts";

/** Widest distance from the lowest incomplete record to one that may start: its map always fits a commit. */
export const maxSpan = 20_000;

export class OffsetTracker {
  /** Delivered and not done. */
  readonly #incomplete = new Set<number>();
  /** Delivered offsets in ascending order; those before #head are done. */
  #order: number[] = [];
  #head = 0;
  /** Everything below was delivered or does not exist. */
  #position: number;
  #highestDone: number;
  /** Marked done by the commit we started from, and not delivered again yet. */
  readonly #doneBefore: Set<number>;

  constructor(start: DoneMap) {
    this.#position = start.low;
    this.#doneBefore = new Set(offsetsIn(start));
    this.#highestDone = Math.max(start.low - 1, ...lastOf(offsetsIn(start)));
  }

  /** Next offset that was not delivered yet. */
  get position(): number {
    return this.#position;
  }

  get incomplete(): number {
    return this.#incomplete.size;
  }

  /** Lowest offset that is not done: what a commit may say. */
  get low(): number {
    while (this.#head < this.#order.length) {
      const oldest = this.#order[this.#head];
      if (oldest !== undefined && this.#incomplete.has(oldest)) return oldest;
      this.#head += 1;
    }
    this.#order = [];
    this.#head = 0;
    return this.#position;
  }

  /** Counts a fetched record in. False: it is done already, or held already. */
  deliver(offset: number): boolean {
    if (offset < this.#position) return false;
    this.#position = offset + 1;
    if (this.#doneBefore.delete(offset)) return false;
    this.#incomplete.add(offset);
    this.#order.push(offset);
    this.#compact();
    return true;
  }

  /** Everything below `offset` was fetched: what was not delivered does not exist. */
  skipTo(offset: number): void {
    this.#position = Math.max(this.#position, offset);
  }

  complete(offset: number): void {
    if (this.#incomplete.delete(offset)) this.#highestDone = Math.max(this.#highestDone, offset);
  }

  /** The record's effects are known to be out: it will not be delivered, or is done when it is. */
  completeBeforeDelivery(offset: number): void {
    if (offset < this.#position) return this.complete(offset);
    this.#doneBefore.add(offset);
    this.#highestDone = Math.max(this.#highestDone, offset);
  }

  /** Whether the record may start, no further than `span` above the lowest incomplete one. Below the highest done one always: finishing it shrinks the map. */
  admits(offset: number, span: number = maxSpan): boolean {
    return offset < this.#highestDone || offset - this.low < span;
  }

  /** What a commit now may claim. */
  snapshot(): DoneMap {
    const low = this.low;
    const isDone = (offset: number): boolean =>
      offset < this.#position ? !this.#incomplete.has(offset) : this.#doneBefore.has(offset);
    return { low, bitmap: bitmapOf(low, this.#highestDone, isDone) };
  }

  #compact(): void {
    if (this.#head < 1024 || this.#head * 2 < this.#order.length) return;
    this.#order = this.#order.slice(this.#head);
    this.#head = 0;
  }
}

function lastOf(ascending: readonly number[]): readonly number[] {
  return ascending.slice(-1);
}
