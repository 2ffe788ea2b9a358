/** How many requests of a client are under way in this process. */
export class Places {
  readonly #taken = new Map<string, number>();

  /** Null when all are taken; else what frees the place, once, however often it is called. */
  take(clientId: string, limit: number): (() => void) | null {
    const taken = this.#taken.get(clientId) ?? 0;
    if (taken >= limit) return null;
    this.#taken.set(clientId, taken + 1);
    let isFree = false;
    return () => {
      if (isFree) return;
      isFree = true;
      const left = (this.#taken.get(clientId) ?? 0) - 1;
      if (left === 0) this.#taken.delete(clientId);
      else this.#taken.set(clientId, left);
    };
  }

  takenBy(clientId: string): number {
    return this.#taken.get(clientId) ?? 0;
  }
}
