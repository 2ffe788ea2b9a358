/**
 * What happens between being given partitions and processing their first
 * record: the tail of what is out already is read, the stage is told where each
 * partition stands, and it may read more before it agrees. Kafka away meanwhile
 * is waited for.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { DoneAlready, LoadedPartition } from "../consumer/assignments.ts";
import { partitionKey } from "../consumer/progress/committed-offsets.ts";
import { TransientError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Stage, StageContext, Takeover } from "../stage.ts";
import { readEmittedTail, type TailReader } from "./emitted-tail.ts";

export interface TakeOverOptions {
  readonly stage: Pick<Stage, "takeOver" | "keepsEmitted">;
  readonly reader: TailReader;
  readonly contextFor: (signal: AbortSignal) => StageContext;
  readonly logger: Logger;
}

const retryDelayMs = 1000;

/** One promise for each partition, in order. */
export function takeOverPartitions(
  { stage, reader, contextFor, logger }: TakeOverOptions,
  loaded: readonly LoadedPartition[],
): readonly Promise<DoneAlready>[] {
  const signals = loaded.map(({ owner }) => owner.signal);
  const wait = <T>(work: () => Promise<T>) => untilItWorks(work, () => signals.every(({ aborted }) => aborted), logger);
  const tail = wait(() => readEmittedTail(reader, stage.keepsEmitted ?? [], loaded));
  const { takeOver } = stage;
  const oldest = takeOver === undefined ? Promise.resolve(null) : wait(() => oldestTimestamps(reader, loaded));
  return loaded.map(async ({ owner, sources }) => {
    const timestamps = await oldest;
    const done = (await tail)?.get(owner.partition) ?? [];
    if (done.length > 0)
      logger.info({ partition: owner.partition, records: done.length }, "their emissions are out already");
    if (takeOver === undefined || timestamps === null) return done;
    const takeover = takeoverOf(owner.partition, sources, timestamps);
    await untilItWorks(
      () => takeOver(takeover, contextFor(owner.signal)),
      () => owner.signal.aborted,
      logger,
    );
    return done;
  });
}

function takeoverOf(
  partition: number,
  sources: LoadedPartition["sources"],
  timestamps: ReadonlyMap<string, number>,
): Takeover {
  return {
    partition,
    sources: sources.map(({ topic, done, endOffset, committedAtMs }) => ({
      topic,
      fromOffset: BigInt(done.low),
      endOffset: BigInt(endOffset),
      committedAtMs,
      oldestTimestampMs: timestamps.get(partitionKey(topic, partition)) ?? null,
    })),
  };
}

/** Broker timestamp of the first uncommitted record, by `topic/partition`. */
async function oldestTimestamps(
  reader: TailReader,
  loaded: readonly LoadedPartition[],
): Promise<ReadonlyMap<string, number>> {
  const open = loaded.flatMap(({ sources }) => sources.filter(({ done, endOffset }) => done.low < endOffset));
  const timestamps = new Map<string, number>();
  for (const [topic, sources] of Map.groupBy(open, (source) => source.topic)) {
    await reader.read({
      topic,
      ranges: sources.map(({ partition, done }) => {
        const from = BigInt(done.low);
        return { partition, from, to: from + 1n };
      }),
      onRecord: ({ partition, timestampMs }) => void timestamps.set(partitionKey(topic, partition), timestampMs),
    });
  }
  return timestamps;
}

/** null: the partitions were lost meanwhile. Errors: whatever is not transient. */
async function untilItWorks<T>(work: () => Promise<T>, isLost: () => boolean, logger: Logger): Promise<T | null> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (isLost()) return null;
      if (!(error instanceof TransientError)) throw error;
      logger.warn({ err: error }, "cannot take partitions over yet");
    }
    await sleep(retryDelayMs);
    if (isLost()) return null;
  }
}
