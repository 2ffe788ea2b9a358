/**
 * Reads the log of one partition of harness-audit-chain for its tip: the tail
 * when a partition is taken over, and what came since when a write is in doubt.
 * A link that is not sound in itself never counts.
 */
import { auditLink } from "../../schemas/audit/chain.ts";
import { linksIn, readLink } from "../audit-chain/read-link.ts";
import type { LogReader } from "../runtime/kafka/log-reader.ts";
import { ChainTip, knownEvents, type SealedEvent, type TipOf } from "./chain-tip.ts";

export const chainTopic = "harness-audit-chain";

/** A repeat within them is not missed for those that do not count. */
const mostRead = knownEvents + knownEvents / 4;

export type ChainReader = Pick<LogReader, "offsets" | "read">;

export interface OpenChain {
  readonly tip: ChainTip;
  /** The offset that the next record of the chain gets, as far as it was read. */
  readonly end: bigint;
}

/** So many records are read first; then twice as many, as links may stand alone or by the hundred in one. */
const firstStep = 32n;

/** Errors: TransientError broker_unavailable. */
export async function readTip(reader: ChainReader, of: TipOf): Promise<OpenChain> {
  const { partition } = of;
  const { low, high } = await endsOf(reader, partition);
  const found: SealedEvent[][] = [];
  let from = high;
  for (let step = firstStep; from > low && found.flat().length < mostRead; step *= 2n) {
    const to = from;
    from = to - step > low ? to - step : low;
    const events: SealedEvent[] = [];
    await readEvents(reader, { partition, from, to }, (event) => events.push(event));
    found.unshift(events);
  }
  const tip = new ChainTip(of, from > 0n);
  for (const event of found.flat()) tip.show(event);
  return { tip, end: high };
}

/** Errors: TransientError broker_unavailable. */
export async function readOn(reader: ChainReader, partition: number, { tip, end }: OpenChain): Promise<OpenChain> {
  const { high } = await endsOf(reader, partition);
  await readEvents(reader, { partition, from: end, to: high }, (event) => tip.show(event));
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

async function readEvents(reader: ChainReader, range: Range, show: (event: SealedEvent) => void): Promise<void> {
  if (range.from >= range.to) return;
  await reader.read({
    topic: chainTopic,
    ranges: [range],
    onRecord: ({ value }) => {
      for (const written of linksIn(parsedJson(value)) ?? []) {
        const event = soundEvent(written, range.partition);
        if (event !== null) show(event);
      }
    },
  });
}

/** Without its record: thousands are held. */
function soundEvent(written: unknown, partition: number): SealedEvent | null {
  const read = auditLink.safeParse(written);
  if (!read.success || read.data.partition !== partition || readLink(read.data, "").defect !== null) return null;
  const { record, ...link } = read.data;
  return { link, eventId: record.event_id };
}

function parsedJson(value: Buffer | null): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return null;
  }
}
