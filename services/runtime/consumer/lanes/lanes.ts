/**
 * The lanes of a consumer: sources of one weight are one lane. They share the
 * places for running records and the room for those that wait. The next place
 * goes to the lane that holds the fewest for its weight, so that every lane
 * goes on and none is strictly first. An idle lane lends its share, but a
 * quarter of the places stays for heavier lanes, and a quarter of the room for
 * any other.
 */
import type { ConsumedTopic } from "../../../../topics/catalog.ts";
import { recordBytes, type ReceivedRecord } from "../received-record.ts";
import { ClientTurns, type Waiting } from "./client-turns.ts";

export interface PoolLimits {
  /** Records running at once. As many again may wait. */
  readonly records: number;
  /** Bytes running and waiting. One fetch more may come in, so that a record above the bound is still taken. */
  readonly bytes: number;
}

export type Weights = Readonly<Partial<Record<ConsumedTopic, number>>>;

export interface Lane {
  readonly topics: ReadonlySet<ConsumedTopic>;
  readonly weight: number;
  readonly turns: ClientTurns;
  /** Places that it may take. */
  readonly places: number;
  inFlight: number;
  /** Running and waiting. */
  bytes: number;
  /** When it was served last, as a count of starts. */
  servedAt: number;
}

const lent = 3 / 4;

export class Lanes {
  readonly all: readonly Lane[];
  readonly #limits: PoolLimits;
  readonly #byTopic: ReadonlyMap<string, Lane>;
  #inFlight = 0;
  #starts = 0;

  constructor(limits: PoolLimits, topics: readonly ConsumedTopic[], weights: Weights = {}) {
    const byWeight = Map.groupBy(topics, (topic) => weights[topic] ?? 1);
    const heaviest = Math.max(...byWeight.keys());
    this.#limits = limits;
    this.all = [...byWeight].map(([weight, own]) => ({
      topics: new Set(own),
      weight,
      turns: new ClientTurns(),
      places: weight === heaviest ? limits.records : Math.ceil(limits.records * lent),
      inFlight: 0,
      bytes: 0,
      servedAt: 0,
    }));
    this.#byTopic = new Map(this.all.flatMap((lane) => [...lane.topics].map((topic) => [topic, lane])));
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.all.reduce((sum, { turns }) => sum + turns.waiting, 0);
  }

  of(topic: ConsumedTopic): Lane {
    const lane = this.#byTopic.get(topic);
    if (lane === undefined) throw new Error(`no lane for ${topic}`);
    return lane;
  }

  add(lane: Lane, { work, record }: Waiting): void {
    lane.bytes += recordBytes(record);
    lane.turns.add(work, record);
  }

  /** The next record that may start; it has a place now. */
  take(): Waiting | undefined {
    for (const lane of this.#byClaim()) {
      const taken = this.hasPlace(lane) ? lane.turns.take() : undefined;
      if (taken === undefined) continue;
      this.#inFlight += 1;
      lane.inFlight += 1;
      lane.servedAt = this.#starts += 1;
      return taken;
    }
    return undefined;
  }

  hasPlace(lane: Lane): boolean {
    return this.#inFlight < this.#limits.records && lane.inFlight < lane.places;
  }

  /** A running record has ended. */
  leave(lane: Lane, record: ReceivedRecord): void {
    this.#inFlight -= 1;
    lane.inFlight -= 1;
    lane.bytes -= recordBytes(record);
  }

  /** Nothing more of it may be fetched. */
  isFull(lane: Lane): boolean {
    return this.#fills(lane, 1, (held, room) => held >= room);
  }

  /** Well below full: intake goes on and off in large steps, as a fetch in progress is thrown away by a pause. */
  hasRoom(lane: Lane): boolean {
    return !this.#fills(lane, 3 / 4, (held, room) => held > room);
  }

  #byClaim(): readonly Lane[] {
    if (this.all.length === 1) return this.all;
    return this.all.toSorted((a, b) => a.inFlight / a.weight - b.inFlight / b.weight || a.servedAt - b.servedAt);
  }

  #fills(lane: Lane, share: number, reaches: (held: number, room: number) => boolean): boolean {
    const { records, bytes } = this.#limits;
    return (
      reaches(heldBy(lane), share * this.#roomOf(lane, 2 * records, heldBy)) ||
      reaches(lane.bytes, share * this.#roomOf(lane, bytes, (other) => other.bytes))
    );
  }

  /** What other lanes took beyond their own room is not taken from this one. */
  #roomOf(lane: Lane, limit: number, held: (lane: Lane) => number): number {
    if (this.all.length === 1) return limit;
    const own = limit * lent;
    const others = this.all.reduce((sum, other) => sum + (other === lane ? 0 : Math.min(held(other), own)), 0);
    return Math.min(own, limit - others);
  }
}

function heldBy({ inFlight, turns }: Lane): number {
  return inFlight + turns.waiting;
}
