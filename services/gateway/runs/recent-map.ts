/**
 * The newest entries of a map that is always written to: two generations, and
 * when the younger is full the older is dropped whole. So it holds at least
 * half of `most` and never more, and an entry costs the same however many there
 * are. The first value of a key counts.
 */
export class RecentMap<V> {
  readonly #most: number;
  readonly #onTurn: () => void;
  #young = new Map<string, V>();
  #old = new Map<string, V>();

  /** `onTurn`: the older generation is gone, and a new one begins. */
  constructor(most: number, onTurn: () => void = () => undefined) {
    this.#most = most;
    this.#onTurn = onTurn;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: string): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  has(key: string): boolean {
    return this.#young.has(key) || this.#old.has(key);
  }

  /** False when the key has a value: it stays. */
  note(key: string, value: V): boolean {
    if (this.has(key)) return false;
    if (this.#young.size >= this.#most / 2) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#onTurn();
    }
    this.#young.set(key, value);
    return true;
  }

  forget(key: string): void {
    if (!this.#young.delete(key)) this.#old.delete(key);
  }
}
