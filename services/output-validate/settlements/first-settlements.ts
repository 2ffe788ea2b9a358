/**
 * Knows of each attempt which finish settled it first, by offset, so that a
 * second settling finish (of a worker that was taken for dead) is not acted on.
 * A new owner of a partition learns it from model-invoke's marks on
 * harness-settled, which name the finish: records of a few hundred bytes, one an
 * attempt. It reads back only as far as a second finish can follow the first,
 * and holds at most `maxAttemptsHeld` attempts a partition, about 150 bytes each.
 * What it misses costs at most a call: the run's first result stands.
 */
import { settledMark } from "../../../schemas/records/settled.ts";
import type { LogReader, LogRecord } from "../../runtime/kafka/log-reader.ts";
import type { ConsumedRecord, Takeover } from "../../runtime/stage.ts";
import type { SettlingFinish } from "../decide.ts";

/** 20,000 attempts take about 3 MB a partition, 72 MB when one process owns 24. */
export const maxAttemptsHeld = 20_000;

/**
 * A second worker calls before it can know of the first one's finish, and a call takes at most 600 s; half as much again
 * for the marks' way and for queues. At 500 runs a second on 24 partitions that is what is held.
 */
export const repeatsWithinMs = 900_000;

export interface FirstSettlements {
  /** True when no finish with a lower offset settled the attempt; the same record may ask again. */
  claim(record: Pick<ConsumedRecord, "partition" | "offset">, finish: SettlingFinish): boolean;
  learn(takeover: Takeover, nowMs: number): Promise<void>;
  release(partition: number): void;
}

const topic = "harness-settled";

export function openFirstSettlements(
  reader: Pick<LogReader, "offsets" | "offsetAt" | "read">,
  windowMs: number,
): FirstSettlements {
  const partitions = new Map<number, Map<string, bigint>>();
  const firstOffset = (partition: number, attempt: string, offset: bigint): bigint => {
    const attempts = partitions.get(partition) ?? new Map<string, bigint>();
    partitions.set(partition, attempts);
    const known = attempts.get(attempt);
    if (known !== undefined && known <= offset) return known;
    attempts.set(attempt, offset);
    for (const oldest of attempts.keys()) {
      if (attempts.size <= maxAttemptsHeld) break;
      attempts.delete(oldest);
    }
    return offset;
  };
  return {
    claim: ({ partition, offset }, { run_id, attempt }) =>
      firstOffset(partition, `${run_id}/${attempt}`, offset) === offset,
    release: (partition) => void partitions.delete(partition),
    learn: async ({ partition, sources }, nowMs) => {
      const oldestMs = sources.map(({ oldestTimestampMs }) => oldestTimestampMs ?? nowMs);
      const sinceMs = Math.min(nowMs, ...oldestMs) - Math.min(windowMs, repeatsWithinMs);
      const from = await reader.offsetAt(topic, partition, sinceMs);
      const to = (await reader.offsets(topic)).get(partition)?.high ?? from;
      await reader.read({
        topic,
        ranges: [{ partition, from, to }],
        onRecord: (record) => {
          const settled = settledBy(record);
          if (settled !== null) firstOffset(partition, settled.attempt, settled.offset);
        },
      });
    },
  };
}

/** Which finish settled which attempt; null when no call did, or when it cannot be read. */
function settledBy({ value }: LogRecord): { readonly attempt: string; readonly offset: bigint } | null {
  const mark = settledMark.safeParse(jsonOf(value));
  const offset = mark.data?.calls_offset ?? "";
  if (!mark.success || !/^\d{1,19}$/.test(offset)) return null;
  return { attempt: `${mark.data.run_id}/${mark.data.attempt}`, offset: BigInt(offset) };
}

function jsonOf(value: Buffer | null): unknown {
  try {
    return value === null ? null : JSON.parse(value.toString("utf8"));
  } catch {
    return null;
  }
}
