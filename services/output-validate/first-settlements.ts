/**
 * Knows of each attempt which finish settled it first, by offset, so that a
 * second settling finish (of a worker that was taken for dead) is not acted on.
 * A new owner of a partition learns what was decided before from this stage's
 * own decisions on harness-audit, which say which record they are about: each
 * was acknowledged before its record was done. Reaches back the dedup window
 * and at most `maxAttemptsHeld` attempts a partition, about 150 bytes each.
 */
import { auditDecision } from "../../schemas/records/audit-decision.ts";
import type { LogReader, LogRecord } from "../runtime/kafka/log-reader.ts";
import type { ConsumedRecord, Takeover } from "../runtime/stage.ts";
import type { SettlingFinish } from "./decide.ts";

/** 20,000 attempts take about 3 MB a partition, 72 MB when one process owns 24. */
export const maxAttemptsHeld = 20_000;

const ownDecision = auditDecision.pick({ run_id: true, attempt: true });

export interface FirstSettlements {
  /** True when no finish with a lower offset settled the attempt; the same record may ask again. */
  claim(record: Pick<ConsumedRecord, "partition" | "offset">, finish: SettlingFinish): boolean;
  learn(takeover: Takeover, nowMs: number): Promise<void>;
  release(partition: number): void;
}

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
      const from = await reader.offsetAt("harness-audit", partition, Math.min(nowMs, ...oldestMs) - windowMs);
      const to = (await reader.offsets("harness-audit")).get(partition)?.high ?? from;
      await reader.read({
        topic: "harness-audit",
        ranges: [{ partition, from, to }],
        onRecord: (record) => {
          const decided = decidedRecord(record);
          if (decided !== null) firstOffset(partition, decided.attempt, decided.offset);
        },
      });
    },
  };
}

/** Which journal record a decision of ours was about. */
function decidedRecord({
  headers,
  value,
  partition,
}: LogRecord): { readonly attempt: string; readonly offset: bigint } | null {
  if (headers["ce_source"] !== "breakwater/output-validate" || value === null) return null;
  const [topic, from, offset] = (headers["origin"] ?? "").split("/");
  if (topic !== "harness-calls" || from !== String(partition) || offset === undefined) return null;
  const { run_id, attempt } = ownDecision.parse(JSON.parse(value.toString("utf8")));
  return { attempt: `${run_id}/${attempt}`, offset: BigInt(offset) };
}
