/**
 * Gives the values of one run their pseudonyms: numbered by kind in the order
 * of their coming, one number for one value, and one pseudonym for one spelling
 * of it, so that putting the values back restores the text as it was.
 */
import { normaliseValue } from "./normalise-value.ts";
import { labelOf } from "./token-forms.ts";
import type { PseudonymMap } from "./cryptography.ts";

export class PseudonymBook {
  readonly #taken: ReadonlySet<string>;
  /** The last number given in each series: of a kind's values, and of a value's spellings. */
  readonly #last = new Map<string, number>();
  readonly #numbers = new Map<string, number>();
  readonly #tokens = new Map<string, string>();
  readonly #values = new Map<string, string>();

  /** `taken`: what looks like a pseudonym in the texts already, and must keep its own meaning. */
  constructor(taken: ReadonlySet<string>) {
    this.#taken = taken;
  }

  get values(): PseudonymMap {
    return this.#values;
  }

  /** `value` as it is written; `meant` when that is a code for another. */
  tokenOf(entity: string, value: string, meant = value): string {
    const written = JSON.stringify([entity, value]);
    const known = this.#tokens.get(written);
    if (known !== undefined) return known;
    const token = this.#newToken(entity, normaliseValue(entity, meant));
    this.#tokens.set(written, token);
    this.#values.set(token, value);
    return token;
  }

  #newToken(entity: string, normalised: string): string {
    const label = labelOf(entity);
    const meant = JSON.stringify([entity, normalised]);
    const number = this.#numbers.get(meant);
    if (number !== undefined) {
      const stem = `${label}_${number}`;
      return `[${stem}.${this.#next(stem, 1, (spelling) => `[${stem}.${spelling}]`)}]`;
    }
    const fresh = this.#next(label, 0, (next) => `[${label}_${next}]`);
    this.#numbers.set(meant, fresh);
    return `[${label}_${fresh}]`;
  }

  /** The next number of a series whose token is not taken. */
  #next(series: string, before: number, write: (number: number) => string): number {
    let number = this.#last.get(series) ?? before;
    do number++;
    while (this.#taken.has(write(number)));
    this.#last.set(series, number);
    return number;
  }
}
