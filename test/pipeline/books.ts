/**
 * What can be said about a pipeline that has come to rest: each run's result,
 * what the provider counted and what that costs, the dead letters.
 */
import type { ServedCall } from "../../infra/embedded/stand-in/call-log.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { priceOf } from "../../services/pricing/price-of.ts";
import { addUsd } from "../../services/pricing/usd.ts";
import { firstResults } from "../../services/runtime/first-results.ts";
import { consumedTopics, deadLetterTopicOf } from "../../topics/catalog.ts";
import type { MemoryLog } from "./memory-log.ts";

/** The effective result of every run: the first terminal record by offset. */
export function resultsIn(log: MemoryLog): RunResult[] {
  const results = firstResults(() => true);
  return log.records("harness-results").flatMap((record) => results.take(record) ?? []);
}

/** What the provider's own count costs, a plain decimal string. */
export function chargedUsd(calls: readonly ServedCall[]): string {
  const prices = calls.flatMap(({ provider, model, usage, at }) =>
    usage === null ? [] : (priceOf({ provider, model, usage, atMs: Date.parse(at) }).costUsd ?? []),
  );
  return prices.reduce(addUsd, "0");
}

/** `<stage>: <code>` of every dead letter. */
export function deadLettersIn(log: MemoryLog): string[] {
  return consumedTopics.flatMap((topic) =>
    log.records(deadLetterTopicOf(topic)).map(({ headers }) => `${headers["stage"]}: ${headers["code"]}`),
  );
}

/** What every dead letter says to the operator. */
export function letterMessagesIn(log: MemoryLog): string[] {
  return consumedTopics.flatMap((topic) =>
    log.records(deadLetterTopicOf(topic)).map(({ headers }) => String(headers["message"])),
  );
}
