/**
 * How much of something was taken in the current minute, by key: a minute
 * begins with the first taking and ends 60 s later. What does not fit is not
 * counted. The counting is rate-limiter-flexible's, whatever the store; here is
 * what a limit means.
 */
import type { RateLimiterAbstract } from "rate-limiter-flexible";

export interface Taking {
  readonly key: string;
  readonly amount: number;
  /** Of the minute. The same key with another limit is another counter. */
  readonly limit: number;
}

export interface Taken {
  readonly fits: boolean;
  readonly left: number;
  /** When the minute ends, milliseconds from when it was taken. */
  readonly resetMs: number;
  /**
   * Counts more, even beyond the limit, or with a negative amount gives back.
   * More counts in the minute in which it is known; what is given back counts
   * only in the minute that it was taken from.
   */
  readonly correct: (amount: number) => Promise<void>;
}

export interface MinuteCounter {
  readonly take: (taking: Taking) => Promise<Taken>;
}

/** The limiter's own `points` is not used: each client has its own limit. */
export const limiterOptions = { points: Number.MAX_SAFE_INTEGER, duration: 60 } as const;

export function minuteCounter(limiter: RateLimiterAbstract): MinuteCounter {
  return {
    take: async ({ key, amount, limit }) => {
      const name = `${limit}/${key}`;
      const { consumedPoints, msBeforeNext } = await limiter.consume(name, amount);
      const endsAtMs = Date.now() + msBeforeNext;
      const correct = async (by: number): Promise<void> => {
        if (by > 0) await limiter.penalty(name, by);
        if (by < 0 && Date.now() < endsAtMs) await limiter.reward(name, -by);
      };
      const fits = consumedPoints <= limit;
      if (!fits) await correct(-amount);
      const counted = fits ? consumedPoints : consumedPoints - amount;
      return { fits, left: Math.max(0, limit - counted), resetMs: Math.max(0, msBeforeNext), correct };
    },
  };
}
