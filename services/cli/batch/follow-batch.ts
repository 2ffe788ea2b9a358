/**
 * Follows what becomes of a batch's runs from where the batch began: their
 * results, and the answers among them that are held for a person.
 */
import { reviewHeld } from "../../../schemas/records/review.ts";
import type { FollowOptions, LogReader } from "../../runtime/kafka/log-reader.ts";
import type { BatchStart } from "./batch-files.ts";
import { readFrom } from "./documents/log-starts.ts";
import type { ResultCollector } from "./result-collector.ts";

export interface Following {
  /** Everything that stood on harness-results at the start has been read. */
  readonly caughtUp: Promise<void>;
  stop(): Promise<void>;
}

export interface Followed {
  readonly reader: Pick<LogReader, "offsets" | "follow">;
  readonly start: Pick<BatchStart, "result_starts" | "review_starts">;
  readonly collector: Pick<ResultCollector, "take" | "hold" | "fail">;
  readonly signal: AbortSignal;
}

/** What goes wrong with either reading fails the collector. */
export async function followBatch({ reader, start, collector, signal }: Followed): Promise<Following> {
  const caughtUp = Promise.withResolvers<void>();
  caughtUp.promise.catch(() => undefined);
  const stop = new AbortController();
  const fail = (reason: unknown): void => {
    caughtUp.reject(reason);
    collector.fail(reason);
  };
  const follow = (options: Omit<FollowOptions, "signal">): Promise<void> =>
    reader.follow({ ...options, signal: AbortSignal.any([stop.signal, signal]) }).then(() => fail(signal.reason), fail);
  const [results, reviews] = [await reader.offsets("harness-results"), await reader.offsets("harness-reviews")];
  const ended = Promise.all([
    follow({
      topic: "harness-results",
      starts: readFrom(results, start.result_starts),
      onRecord: (record) => collector.take(record),
      onCaughtUp: () => caughtUp.resolve(),
    }),
    follow({
      topic: "harness-reviews",
      starts: readFrom(reviews, start.review_starts),
      onRecord: ({ value }) => {
        const runId = heldRun(value);
        if (runId !== null) collector.hold(runId);
      },
    }),
  ]);
  return {
    caughtUp: caughtUp.promise,
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
}

const held = reviewHeld.pick({ kind: true, run_id: true });

/** Null for a decision, a mark, and what cannot be read, which is output-validate's to dead-letter. */
function heldRun(value: Buffer | null): string | null {
  try {
    return held.safeParse(JSON.parse(value?.toString("utf8") ?? "null")).data?.run_id ?? null;
  } catch {
    return null;
  }
}
