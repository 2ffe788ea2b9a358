/**
 * Counters that several gateways share in Redis. While Redis does not answer,
 * this process counts alone, so that a limit holds n times over n gateways
 * rather than that nobody is served; it says so once, and when it is over.
 */
import { createClient } from "@redis/client";
import { RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import type { KafkaLogger } from "../../../runtime/kafka/client.ts";
import { limiterOptions, minuteCounter, type MinuteCounter } from "./minute-counter.ts";

export interface SharedCounter extends MinuteCounter {
  /** False while Redis is away, and always without one. */
  readonly isShared: () => boolean;
  readonly close: () => void;
}

export function localCounter(): SharedCounter {
  const counter = minuteCounter(new RateLimiterMemory(limiterOptions));
  return { ...counter, isShared: () => false, close: () => undefined };
}

/** Does not wait for Redis: until it is there, counting is local. */
export function redisCounter(url: string, logger: Pick<KafkaLogger, "info" | "warn">): SharedCounter {
  const redis = createClient({ url, disableOfflineQueue: true, socket: { connectTimeout: 2000 } });
  redis.on("error", () => undefined);
  redis.connect().catch(() => undefined);
  const limiter = new RateLimiterRedis({
    ...limiterOptions,
    storeClient: redis,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
    keyPrefix: "breakwater:limits",
  });
  return withFallback(minuteCounter(limiter), { logger, close: () => redis.destroy() });
}

/** A Redis that hangs holds a request up for so long, milliseconds; then nobody asks it for `restMs`. */
const patienceMs = 250;
const restMs = 1000;

interface Surroundings {
  readonly logger: Pick<KafkaLogger, "info" | "warn">;
  readonly close: () => void;
}

/** Exported for its test. */
export function withFallback(shared: MinuteCounter, { logger, close }: Surroundings): SharedCounter {
  const local = localCounter();
  let isAway = false;
  let restsUntilMs = 0;
  const away = (error: unknown): void => {
    if (!isAway) logger.warn({ cause: String(error) }, "Redis does not answer: this gateway counts limits alone");
    isAway = true;
    restsUntilMs = Date.now() + restMs;
  };
  return {
    take: async (taking) => {
      if (Date.now() < restsUntilMs) return local.take(taking);
      try {
        const taken = await within(patienceMs, shared.take(taking));
        if (isAway) logger.info({}, "Redis answers again: gateways count limits together");
        isAway = false;
        // A correction belongs where it was taken; one that is lost ends with its minute.
        return { ...taken, correct: (amount) => within(patienceMs, taken.correct(amount)).catch(away) };
      } catch (error) {
        away(error);
        return local.take(taking);
      }
    },
    isShared: () => !isAway,
    close,
  };
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
