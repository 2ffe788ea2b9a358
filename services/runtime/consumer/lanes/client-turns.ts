/**
 * The records of one lane that wait, and whose turn it is: deficit round robin
 * over clients (Shreedhar and Varghese, 1995), so that a client's burst holds
 * up no other. A record costs its bytes and at least a quantum; what it costs
 * beyond is paid by turns not taken, after its start. Within a client
 * partitions take turns, and a partition's records start in their order.
 * Records without a client share one turn.
 */
import { clientHeader } from "../../stage.ts";
import type { PartitionWork } from "../partition-work.ts";
import { recordBytes, type ReceivedRecord } from "../received-record.ts";

/** Bytes that a turn pays for: prompts of common length cost one turn, a request of 1 MiB sixteen. */
export const quantumBytes = 64 * 1024;

export interface Waiting {
  readonly work: PartitionWork;
  readonly record: ReceivedRecord;
}

interface Turn {
  readonly client: string;
  /** Partitions where records of this client wait. */
  readonly works: PartitionWork[];
  at: number;
  /** Turns to be left out. */
  debt: number;
}

export class ClientTurns {
  /** Of clients with records that wait: the first has the next turn. */
  readonly #turns = new Map<string, Turn>();
  #waiting = 0;

  get waiting(): number {
    return this.#waiting;
  }

  add(work: PartitionWork, record: ReceivedRecord): void {
    const client = record.headers[clientHeader] ?? "";
    this.#waiting += 1;
    if (work.push(client, record)) this.#turnOf(client).works.push(work);
  }

  /** The next record that may start; it waits no longer. */
  take(): Waiting | undefined {
    let refused = 0;
    while (refused < this.#turns.size) {
      const turn = this.#nextTurn();
      if (turn === undefined) return undefined;
      if (turn.debt > 0) {
        turn.debt -= 1;
        refused = 0;
        continue;
      }
      const taken = takeFrom(turn);
      if (taken !== undefined) return this.#charge(turn, taken);
      refused += 1;
    }
    return undefined;
  }

  /** Forgets what waits of a partition. */
  drop(work: PartitionWork): readonly ReceivedRecord[] {
    for (const turn of this.#turns.values()) {
      const at = turn.works.indexOf(work);
      if (at >= 0) this.#leave(turn, at);
    }
    const dropped = work.clear();
    this.#waiting -= dropped.length;
    return dropped;
  }

  #charge(turn: Turn, taken: Waiting): Waiting {
    this.#waiting -= 1;
    turn.debt = Math.ceil(recordBytes(taken.record) / quantumBytes) - 1;
    if (!taken.work.hasWaiting(turn.client)) this.#leave(turn, turn.at);
    return taken;
  }

  /** Who has the turn goes to the end. */
  #nextTurn(): Turn | undefined {
    const turn = this.#turns.values().next().value;
    if (turn !== undefined && this.#turns.size > 1) {
      this.#turns.delete(turn.client);
      this.#turns.set(turn.client, turn);
    }
    return turn;
  }

  #turnOf(client: string): Turn {
    const known = this.#turns.get(client);
    if (known !== undefined) return known;
    const turn = { client, works: [], at: -1, debt: 0 };
    this.#turns.set(client, turn);
    return turn;
  }

  #leave(turn: Turn, at: number): void {
    turn.works.splice(at, 1);
    if (turn.at >= at) turn.at -= 1;
    if (turn.works.length === 0) this.#turns.delete(turn.client);
  }
}

function takeFrom(turn: Turn): Waiting | undefined {
  for (let tries = turn.works.length; tries > 0; tries -= 1) {
    turn.at = (turn.at + 1) % turn.works.length;
    const work = turn.works[turn.at];
    const record = work?.take(turn.client);
    if (work !== undefined && record !== undefined) return { work, record };
  }
  return undefined;
}
