/**
 * Which dead letters were replayed: what the ledger has seen, and what this
 * gateway published since. A replay of another gateway or of the command line
 * is known when its run has its first row in the ledger; until then the same
 * replay is the same run again, which the pipeline recognises.
 */
import { StoreError, type Store } from "../../ledger/clickhouse.ts";
import { knownReplays } from "../../ledger/operations/known-replays.ts";
import { deadLetterRetentionMs } from "../../../topics/retention.ts";
import type { DeadLetterEntry } from "../../dead-letters/dead-letter.ts";

export interface ReplayMark {
  readonly run_id: string;
  readonly replay: number;
  /** Null while the run has no result. */
  readonly status: string | null;
}

/** By the place of the rejected record. */
export type ReplayMarks = ReadonlyMap<string, readonly ReplayMark[]>;

type Source = DeadLetterEntry["source"];

const freshForMs = 2000;
const mostOwn = 10_000;

export function placeOf({ topic, partition, offset }: Source): string {
  return `${topic}/${partition}/${offset}`;
}

export class ReplayBook {
  readonly #ledger: Pick<Store, "query">;
  readonly #nowMs: () => number;
  /** By place, the oldest first. */
  readonly #own = new Map<string, readonly ReplayMark[]>();
  #read: { readonly atMs: number; readonly marks: Promise<Map<string, ReplayMark[]>> } | null = null;

  constructor(ledger: Pick<Store, "query">, nowMs: () => number) {
    this.#ledger = ledger;
    this.#nowMs = nowMs;
  }

  note(source: Source, mark: Omit<ReplayMark, "status">): void {
    const place = placeOf(source);
    this.#own.set(place, [...(this.#own.get(place) ?? []), { ...mark, status: null }]);
    const oldest = this.#own.keys().next();
    if (this.#own.size > mostOwn && !oldest.done) this.#own.delete(oldest.value);
  }

  /** Of one record, in the order of their numbers, what was published here included. */
  of(source: Source, marks: ReplayMarks): readonly ReplayMark[] {
    const place = placeOf(source);
    const known = marks.get(place) ?? [];
    const own = this.#own.get(place) ?? [];
    const missing = own.filter(({ run_id: runId }) => !known.some((mark) => mark.run_id === runId));
    return [...known, ...missing].toSorted((left, right) => left.replay - right.replay);
  }

  /** Errors: StoreError. */
  async marks(): Promise<ReplayMarks> {
    const nowMs = this.#nowMs();
    if (this.#read === null || nowMs - this.#read.atMs > freshForMs) {
      this.#read = { atMs: nowMs, marks: this.#ask(nowMs) };
      this.#read.marks.catch(() => (this.#read = null));
    }
    return this.#read.marks;
  }

  /** Null when the ledger does not answer. */
  async marksIfKnown(): Promise<ReplayMarks | null> {
    try {
      return await this.marks();
    } catch (error) {
      if (error instanceof StoreError) return null;
      throw error;
    }
  }

  async #ask(nowMs: number): Promise<Map<string, ReplayMark[]>> {
    const found = new Map<string, ReplayMark[]>();
    for (const { replay_of: replayed, run_id, status } of await knownReplays(
      this.#ledger,
      nowMs - deadLetterRetentionMs,
    )) {
      const [place = "", replay = ""] = replayed.split("#");
      found.set(place, [...(found.get(place) ?? []), { run_id, replay: Number(replay), status }]);
    }
    return found;
  }
}
