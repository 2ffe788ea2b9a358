/**
 * Where the last good answers stand, by their keys: the newest `maxPointers`,
 * about 200 bytes each, so 20 MB (measured). It holds no answer.
 */

/** A result's place on harness-results. */
export interface AnswerPlace {
  readonly partition: number;
  readonly offset: number;
  readonly finishedAtMs: number;
}

export const maxPointers = 100_000;

export class AnswerPointers {
  readonly #places = new Map<string, AnswerPlace>();
  readonly #most: number;

  constructor(most = maxPointers) {
    this.#most = most;
  }

  get size(): number {
    return this.#places.size;
  }

  /** The one that is noted last for a key counts. */
  note(key: string, place: AnswerPlace): void {
    this.#places.delete(key);
    this.#places.set(key, place);
    for (const oldest of this.#places.keys()) {
      if (this.#places.size <= this.#most) break;
      this.#places.delete(oldest);
    }
  }

  forget(key: string): void {
    this.#places.delete(key);
  }

  find(key: string): AnswerPlace | undefined {
    return this.#places.get(key);
  }
}
