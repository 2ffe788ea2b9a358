/**
 * Reads the log of one partition of harness-audit-chain for its tip: the tail
 * when a partition is taken over, and what came since when a write is in doubt.
 * A link that is not sound in itself never counts.
 */
import { auditLink } from "../../schemas/audit/chain.ts";
import { readLink } from "../audit-chain/read-link.ts";
import type { LogReader } from "../runtime/kafka/log-reader.ts";
import { ChainTip, knownEvents, type TipOf } from "./chain-tip.ts";

export const chainTopic = "harness-audit-chain";

export type ChainReader = Pick<LogReader, "offsets" | "read">;

export interface OpenChain {
  readonly tip: ChainTip;
  /** The offset that the next record of the chain gets, as far as it was read. */
  readonly end: bigint;
}

/** Heads and repeats stand between the links, a few. */
const tailRecords = BigInt(knownEvents + knownEvents / 4);

/** Errors: TransientError broker_unavailable. */
export async function readTip(reader: ChainReader, of: TipOf): Promise<OpenChain> {
  const { partition } = of;
  const { low, high } = await endsOf(reader, partition);
  const from = high - tailRecords > low ? high - tailRecords : low;
  const tip = new ChainTip(of, from > 0n);
  await showAll(reader, { partition, from, to: high }, tip);
  return { tip, end: high };
}

/** Errors: TransientError broker_unavailable. */
export async function readOn(reader: ChainReader, partition: number, { tip, end }: OpenChain): Promise<OpenChain> {
  const { high } = await endsOf(reader, partition);
  await showAll(reader, { partition, from: end, to: high }, tip);
  return { tip, end: high };
}

async function endsOf(
  reader: ChainReader,
  partition: number,
): Promise<{ readonly low: bigint; readonly high: bigint }> {
  const ends = (await reader.offsets(chainTopic)).get(partition);
  if (ends === undefined) throw new Error(`${chainTopic} has no partition ${partition}`);
  return ends;
}

interface Range {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

async function showAll(reader: ChainReader, range: Range, tip: ChainTip): Promise<void> {
  if (range.from >= range.to) return;
  await reader.read({
    topic: chainTopic,
    ranges: [range],
    onRecord: ({ value }) => {
      const link = soundLink(value);
      if (link !== null && link.partition === range.partition) tip.show({ link, eventId: link.record.event_id });
    },
  });
}

function soundLink(value: Buffer | null) {
  const read = auditLink.safeParse(parsedJson(value));
  return read.success && readLink(read.data, "").defect === null ? read.data : null;
}

function parsedJson(value: Buffer | null): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return null;
  }
}
