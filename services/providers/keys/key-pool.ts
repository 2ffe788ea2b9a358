/**
 * The keys of one provider. Calls take them in turn; one that the provider
 * rejects (401, 403) or that used up its own limit (429) is left alone for a
 * while, and the others go on. When all are out, the one that comes back first
 * is asked: the provider's own answer is better than a guess of ours.
 */
import type { ProviderFailure, ProviderOutcome } from "../outcome.ts";

/** How long a rejected key is left alone, milliseconds: somebody has to mend it. */
export const rejectedMs = 600_000;
/** How long a key is left alone whose provider names no wait, and the longest that is believed, milliseconds. */
export const limitedMs = { unnamed: 5_000, longest: 300_000 } as const;

export class KeyPool {
  readonly #outUntilMs: number[];
  #next = 0;

  constructor(keys: number) {
    this.#outUntilMs = Array.from({ length: keys }, () => 0);
  }

  /** Index of the key to use now. */
  take(nowMs: number): number {
    const count = this.#outUntilMs.length;
    const turns = this.#outUntilMs.map((_, step) => (this.#next + step) % count);
    const soonest = turns.reduce((best, index) =>
      this.#readyAt(index, nowMs) < this.#readyAt(best, nowMs) ? index : best,
    );
    this.#next = (soonest + 1) % count;
    return soonest;
  }

  /** Takes note of how a call with this key ended; a failure that is the key's alone says whether another can be tried. */
  judge(index: number, outcome: ProviderOutcome, nowMs: number): ProviderOutcome {
    if (outcome.kind === "answer") return outcome;
    const outMs = outFor(outcome);
    if (outMs === 0) return outcome;
    this.#outUntilMs[index] = nowMs + outMs;
    return this.#outUntilMs.some((untilMs) => untilMs <= nowMs) ? { ...outcome, otherKey: true } : outcome;
  }

  #readyAt(index: number, nowMs: number): number {
    return Math.max(nowMs, this.#outUntilMs[index] ?? 0);
  }
}

function outFor({ outcome, retryAfterMs }: ProviderFailure): number {
  if (outcome === "unauthorized") return rejectedMs;
  if (outcome !== "rate_limited") return 0;
  return Math.min(retryAfterMs ?? limitedMs.unnamed, limitedMs.longest);
}
