/**
 * How many requests a minute a client may make: a bucket of as many requests as
 * the limit, refilled evenly (the generic cell rate algorithm: one number a
 * bucket). Time is the records' own broker timestamps, never the clock, so that
 * a backlog is judged as it was published; a record that is read again is
 * answered as before.
 *
 * In memory, for this process alone: n processes that share a client's records
 * let through up to n times the limit, and a restart begins with full buckets.
 */

export interface Throttled {
  readonly requestsPerMinute: number;
  /** What is limited, for people: `this client`, `this client on this harness`. */
  readonly scope: string;
  readonly retryAfterMs: number;
}

export interface Ask {
  /** Where the record stands: `topic/partition/offset`. */
  readonly place: string;
  readonly atMs: number;
  readonly limits: readonly Limit[];
}

export interface Limit {
  /** One bucket each. */
  readonly key: string;
  readonly scope: string;
  readonly requestsPerMinute: number;
}

const minuteMs = 60_000;
const mostBuckets = 50_000;
const mostAnswers = 20_000;

export class RateLimits {
  /** By key, when its bucket is full again, Unix milliseconds (fractions kept: an interval need not be whole). */
  readonly #fullAtMs = new Map<string, number>();
  readonly #answers = new Map<string, Throttled | null>();
  #latestMs = 0;

  /** Null: it may pass, and is counted. A request that is refused is counted nowhere. */
  take({ place, atMs, limits }: Ask): Throttled | null {
    if (limits.length === 0) return null;
    const before = this.#answers.get(place);
    if (before !== undefined) return before;
    this.#latestMs = Math.max(this.#latestMs, atMs);
    const refused = limits.map((limit) => this.#waitFor(limit)).find((wait) => wait !== null) ?? null;
    if (refused === null) for (const limit of limits) this.#count(limit);
    keepMost(this.#answers, mostAnswers).set(place, refused);
    return refused;
  }

  #waitFor({ key, scope, requestsPerMinute }: Limit): Throttled | null {
    const fullAtMs = Math.max(this.#fullAtMs.get(key) ?? 0, this.#latestMs);
    const waitMs = fullAtMs + minuteMs / requestsPerMinute - this.#latestMs - minuteMs;
    return waitMs <= rounding ? null : { requestsPerMinute, scope, retryAfterMs: Math.ceil(waitMs) };
  }

  #count({ key, requestsPerMinute }: Limit): void {
    const fullAtMs = Math.max(this.#fullAtMs.get(key) ?? 0, this.#latestMs);
    this.#fullAtMs.delete(key);
    keepMost(this.#fullAtMs, mostBuckets).set(key, fullAtMs + minuteMs / requestsPerMinute);
  }
}

/** Sums of fractions of a millisecond. */
const rounding = 1e-6;

/** Forgets the oldest: for buckets those that were used longest ago, which are the fullest. */
function keepMost<Value>(map: Map<string, Value>, most: number): Map<string, Value> {
  if (map.size >= most)
    for (const key of map.keys())
      if (map.size >= most) map.delete(key);
      else break;
  return map;
}
