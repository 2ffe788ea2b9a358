/**
 * How long a model's last answers took, from slot to end: what a slow one is.
 * A call that was given up because another was faster counts with the time it
 * had: it would have taken at least as long.
 */

/** Answers that are looked back on, and the fewest that say anything. */
export const answerWindow = { size: 200, least: 20 } as const;

export class AnswerTimes {
  readonly #lastMs: number[] = [];

  note(tookMs: number): void {
    this.#lastMs.push(tookMs);
    if (this.#lastMs.length > answerWindow.size) this.#lastMs.shift();
  }

  /** Nineteen of twenty answers took no longer, milliseconds; undefined as long as there are too few. */
  p95(): number | undefined {
    const sorted = this.#lastMs.toSorted((left, right) => left - right);
    return sorted.length < answerWindow.least ? undefined : sorted[Math.ceil(sorted.length * 0.95) - 1];
  }
}
