/**
 * Ends a process whose consumer has silently stopped: for a while a partition
 * had records, and nothing of it ran, came in or was finished. A broker that
 * does not answer is an outage, not a stall: then it waits.
 */
import type { Logger } from "../logger.ts";
import type { PartitionWork } from "./partition-work.ts";
import type { LogEnds } from "./progress/committed-offsets.ts";

export class StalledError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StalledError";
  }
}

export interface WatchdogOptions {
  readonly stallTimeoutMs: number;
  /** Partitions that should make progress: ready, and the process takes records in. */
  readonly works: () => readonly PartitionWork[];
  readonly ends: LogEnds;
  readonly nowMs: () => number;
  readonly logger: Logger;
  readonly crash: (error: Error) => void;
}

/** When a partition was first seen to have records and to do nothing, and where it stood. */
interface Sighting {
  readonly position: number;
  readonly low: number;
  readonly atMs: number;
}

/** Returns how to stop it. */
export function startWatchdog(options: WatchdogOptions): () => void {
  const watch = createWatch(options);
  const timer = setInterval(() => {
    watch().then(
      (error) => error !== null && options.crash(error),
      (error: unknown) => options.logger.warn({ err: error }, "cannot ask the broker for the ends of the logs"),
    );
  }, options.stallTimeoutMs / 3);
  timer.unref();
  return () => clearInterval(timer);
}

/** One look at all partitions: the stall it found, or null. */
export function createWatch(
  options: Pick<WatchdogOptions, "stallTimeoutMs" | "works" | "ends" | "nowMs">,
): () => Promise<StalledError | null> {
  let seen = new Map<PartitionWork, Sighting>();
  return async () => {
    const still = new Map<PartitionWork, Sighting>();
    const idle = options.works().filter((work) => work.inFlight === 0);
    for (const [topic, works] of Map.groupBy(idle, (work) => work.topic)) {
      const ends = await options.ends.offsets(topic);
      for (const work of works) {
        const { position, low } = work.tracker;
        const hasRecords = work.waiting > 0 || Number(ends.get(work.partition)?.high ?? 0) > position;
        const before = seen.get(work);
        const unchanged = before?.position === position && before.low === low;
        if (hasRecords) still.set(work, unchanged ? before : { position, low, atMs: options.nowMs() });
      }
    }
    seen = still;
    const stalled = [...still].find(([, { atMs }]) => options.nowMs() - atMs >= options.stallTimeoutMs)?.[0];
    return stalled ? new StalledError(`no progress on ${stalled.topic}/${stalled.partition}`) : null;
  };
}
