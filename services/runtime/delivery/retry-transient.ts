/**
 * Tries work again for as long as it fails with a TransientError: first every
 * moment, then, when it keeps failing, less often and with the record's
 * partition closed, so that the log waits and not the memory. The record is
 * never dropped. Ends without a result only when the partition is lost or the
 * process stops.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { PartitionReleasedError } from "../consumer/partition-work.ts";
import type { RecordPlace } from "../consumer/parallel-consumer.ts";
import { TransientError } from "../errors.ts";
import type { Logger } from "../logger.ts";

export const left: unique symbol = Symbol("left uncommitted");

export interface RetryPolicy {
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** After so many failures the partition takes in nothing more. */
  readonly failuresBeforeHold: number;
}

/** 100 ms doubling to 5 s; held after about 3 seconds of failures. */
export const retryPolicy: RetryPolicy = { firstDelayMs: 100, longestDelayMs: 5000, failuresBeforeHold: 5 };

export async function retryTransient<T>(
  work: () => Promise<T>,
  place: RecordPlace,
  { logger, policy = retryPolicy }: { readonly logger: Logger; readonly policy?: RetryPolicy },
): Promise<T | typeof left> {
  let failures = 0;
  try {
    for (let delayMs = policy.firstDelayMs; ; delayMs = Math.min(delayMs * 2, policy.longestDelayMs)) {
      try {
        return await work();
      } catch (error) {
        if (place.signal.aborted && isGivingUp(error, place.signal)) return left;
        if (!(error instanceof TransientError)) throw error;
        failures += 1;
        if (failures === policy.failuresBeforeHold) {
          logger.warn({ err: error }, "a record keeps failing: its partition waits, nothing is lost");
          place.failing();
        }
      }
      await sleep(delayMs, undefined, { signal: place.signal }).catch(() => undefined);
      if (place.signal.aborted) return left;
    }
  } finally {
    if (failures >= policy.failuresBeforeHold) place.recovered();
  }
}

/** What a stage throws because it was told to start nothing new. */
function isGivingUp(error: unknown, signal: AbortSignal): boolean {
  if (error === signal.reason || error instanceof TransientError || error instanceof PartitionReleasedError)
    return true;
  return error instanceof Error && error.name === "AbortError";
}
