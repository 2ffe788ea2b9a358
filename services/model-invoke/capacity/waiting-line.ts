/**
 * Calls that wait for one model, and who is next: eight of interactive runs to
 * one of batches while both wait, and within each clients take turns. Of one
 * client, first come, first served.
 */

/** Whose call it is. */
export interface Party {
  readonly client: string;
  readonly batch: boolean;
}

export interface Waiter extends Party {
  readonly tokens: number;
}

/** Interactive calls that may go before one of a batch. */
export const inRow = 8;

export class WaitingLine<Call extends Waiter> {
  readonly #interactive = new Turns<Call>();
  readonly #batch = new Turns<Call>();
  /** Interactive calls that went since the last one of a batch. */
  #row = 0;

  get size(): number {
    return this.#interactive.size + this.#batch.size;
  }

  get tokens(): number {
    return this.#interactive.tokens + this.#batch.tokens;
  }

  add(call: Call): void {
    this.#turnsOf(call).add(call);
  }

  next(): Call | undefined {
    const batchFirst = this.#row >= inRow || this.#interactive.size === 0;
    return (batchFirst ? this.#batch.next() : undefined) ?? this.#interactive.next();
  }

  /** Its turn came: the next one of its client comes after the other clients'. */
  go(call: Call): void {
    this.leave(call);
    this.#turnsOf(call).pass(call.client);
    this.#row = call.batch ? 0 : this.#row + 1;
  }

  /** False when it was not in line. */
  leave(call: Call): boolean {
    return this.#turnsOf(call).leave(call);
  }

  /** How many go before a call that comes now. */
  ahead(party: Party): number {
    const own = this.#turnsOf(party).ahead(party.client);
    const others = party.batch
      ? Math.min(this.#interactive.size, inRow * (own + 1))
      : Math.min(this.#batch.size, Math.ceil((own + 1) / inRow));
    return own + others;
  }

  #turnsOf({ batch }: Party): Turns<Call> {
    return batch ? this.#batch : this.#interactive;
  }
}

class Turns<Call extends Waiter> {
  /** The first client has the next turn. */
  readonly #clients = new Map<string, Set<Call>>();
  size = 0;
  tokens = 0;

  add(call: Call): void {
    const own = this.#clients.get(call.client) ?? new Set();
    this.#clients.set(call.client, own.add(call));
    this.size += 1;
    this.tokens += call.tokens;
  }

  next(): Call | undefined {
    return this.#clients.values().next().value?.values().next().value;
  }

  leave(call: Call): boolean {
    const own = this.#clients.get(call.client);
    if (own?.delete(call) !== true) return false;
    if (own.size === 0) this.#clients.delete(call.client);
    this.size -= 1;
    this.tokens -= call.tokens;
    return true;
  }

  pass(client: string): void {
    const own = this.#clients.get(client);
    if (own === undefined) return;
    this.#clients.delete(client);
    this.#clients.set(client, own);
  }

  ahead(client: string): number {
    const own = this.#clients.get(client)?.size ?? 0;
    let count = own;
    for (const [other, { size }] of this.#clients) if (other !== client) count += Math.min(size, own + 1);
    return count;
  }
}
