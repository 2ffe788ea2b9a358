/**
 * Reads back what a partition's earlier owners wrote: the marks of settled
 * attempts over the dedup window, and the journal from the oldest record that
 * is not done. A finish may carry a whole envelope; only what the plan needs of
 * it is kept. A record that does not parse is reported and passed over.
 */
import { z } from "zod";
import { callFinished, callIdentity } from "../../../schemas/records/call.ts";
import { settledMark, type SettledMark } from "../../../schemas/records/settled.ts";
import type { TopicName } from "../../../topics/catalog.ts";
import type { Takeover } from "../../runtime/stage.ts";

/** The part of the log reader that the journal uses. */
export interface JournalLog {
  offsets(topic: TopicName): Promise<ReadonlyMap<number, { readonly low: bigint; readonly high: bigint }>>;
  offsetAt(topic: TopicName, partition: number, timestampMs: number): Promise<bigint>;
  read(request: {
    readonly topic: TopicName;
    readonly ranges: readonly { readonly partition: number; readonly from: bigint; readonly to: bigint }[];
    readonly onRecord: (record: JournaledRecord) => void;
  }): Promise<void>;
  follow(request: {
    readonly topic: TopicName;
    readonly starts: readonly { readonly partition: number; readonly from: bigint }[];
    readonly onRecord: (record: JournaledRecord) => void;
    readonly signal: AbortSignal;
  }): Promise<void>;
}

export interface JournaledRecord {
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly value: Buffer | null;
}

const journaledIdentity = callIdentity.pick({
  call_id: true,
  run_id: true,
  attempt: true,
  tier: true,
  provider: true,
  model: true,
  body_sha256: true,
  worker: true,
  purpose: true,
  started_at_ms: true,
  deadline_at_ms: true,
});

const journaledCall = z.discriminatedUnion("kind", [
  journaledIdentity.extend({ kind: z.literal("call.started") }),
  journaledIdentity.extend({
    kind: z.literal("call.finished"),
    finished_at_ms: callFinished.shape.finished_at_ms,
    outcome: callFinished.shape.outcome,
    error: callFinished.shape.error,
    usage: callFinished.shape.usage,
    cost_usd: callFinished.shape.cost_usd,
    settles: callFinished.shape.settles,
  }),
]);

export type JournaledCall = z.infer<typeof journaledCall>;

/** Brokers' clocks may differ by this much between a record and the calls it caused, milliseconds. */
export const clockMarginMs = 60_000;

export interface ReadBack {
  readonly log: JournalLog;
  readonly takeover: Takeover;
  readonly marksSinceMs: number;
  readonly onMark: (mark: SettledMark, timestampMs: number) => void;
  readonly onCall: (call: JournaledCall, offset: bigint) => void;
  readonly onUnreadable: (topic: TopicName, record: JournaledRecord) => void;
}

/** Resolves to the journal's offset from which to follow. Calls come first: a mark then closes what it settled. */
export async function readBack(request: ReadBack): Promise<bigint> {
  const callsEnd = await readCalls(request);
  const { log, takeover, marksSinceMs, onMark, onUnreadable } = request;
  const { partition } = takeover;
  const topic = "harness-settled";
  const from = await log.offsetAt(topic, partition, marksSinceMs);
  await log.read({
    topic,
    ranges: [{ partition, from, to: await endOf(log, topic, partition) }],
    onRecord(record) {
      const mark = settledMark.safeParse(jsonOf(record.value));
      if (mark.success) onMark(mark.data, record.timestampMs);
      else onUnreadable(topic, record);
    },
  });
  return callsEnd;
}

async function readCalls(request: ReadBack): Promise<bigint> {
  const { log, takeover } = request;
  const { partition } = takeover;
  const topic = "harness-calls";
  const to = await endOf(log, topic, partition);
  const oldest = takeover.sources.flatMap((source) => source.oldestTimestampMs ?? []);
  if (oldest.length === 0) return to;
  const from = await log.offsetAt(topic, partition, Math.min(...oldest) - clockMarginMs);
  await log.read({ topic, ranges: [{ partition, from, to }], onRecord: (record) => passCall(record, request) });
  return to;
}

export function passCall(record: JournaledRecord, sinks: Pick<ReadBack, "onCall" | "onUnreadable">): void {
  const call = journaledCall.safeParse(jsonOf(record.value));
  // A moderation is output-validate's: no call of ours follows from it.
  if (call.data?.purpose !== undefined) return;
  if (call.success) sinks.onCall(call.data, record.offset);
  else sinks.onUnreadable("harness-calls", record);
}

async function endOf(log: JournalLog, topic: TopicName, partition: number): Promise<bigint> {
  const offsets = await log.offsets(topic);
  return offsets.get(partition)?.high ?? 0n;
}

/** Null when there is no value or it is not JSON: no schema of ours takes null. */
export function jsonOf(value: Buffer | null): unknown {
  try {
    return value === null ? null : JSON.parse(value.toString("utf8"));
  } catch {
    return null;
  }
}
