/**
 * How long a run would take from now, from what each stage has waiting and has
 * done lately: Little's law, the records there are over those that leave in a
 * second. Of the records only the fewest there were in the last half minute
 * count, as in CoDel (Nichols and Jacobson, 2012): a burst that is worked off is
 * no queue. Unknown rather than wrong: a gap in the samples or a
 * stage that finished nothing gives no estimate.
 */

/** Of one stage on one topic; both only as far as it has committed. */
export interface StageLoad {
  readonly waiting: number;
  /** Since ever: only its growth counts. */
  readonly done: number;
}

export interface LoadSample {
  readonly atMs: number;
  readonly stages: readonly StageLoad[];
}

export const windowMs = 30_000;
/** Samples come once a second; some may be late. */
const longestGapMs = 5_000;

export class WaitEstimate {
  #samples: readonly LoadSample[] = [];

  add(sample: LoadSample): void {
    const last = this.#samples.at(-1);
    const isGap = last !== undefined && sample.atMs - last.atMs > longestGapMs;
    const kept = isGap ? [] : this.#samples.filter(({ atMs }) => atMs >= sample.atMs - windowMs);
    this.#samples = [...kept, sample];
  }

  /** Milliseconds; null: unknown. */
  waitMs(nowMs: number): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || nowMs - last.atMs > longestGapMs) return null;
    const spanMs = last.atMs - first.atMs;
    if (spanMs < windowMs - longestGapMs) return null;
    const waits = last.stages.map(({ done }, at) => {
      const standing = Math.min(...this.#samples.map(({ stages }) => stages[at]?.waiting ?? 0));
      const left = done - (first.stages[at]?.done ?? 0);
      if (standing === 0) return 0;
      return left <= 0 ? null : (standing * spanMs) / left;
    });
    return waits.reduce<number | null>((sum, wait) => (sum === null || wait === null ? null : sum + wait), 0);
  }
}
