/**
 * Reads harness-audit-chain partition by partition, for the proof: links and
 * heads as they stand, less the repeats that a sealer leaves when it is
 * replaced. A range of time is widened to the signed heads around it, so that it
 * begins and ends where a signature says when.
 */
import type { Evidence } from "../../audit-chain/judge-chain.ts";
import { linksIn, readLink, type ReadLink } from "../../audit-chain/read-link.ts";
import { readHead, type ReadHead } from "../../audit-chain/signed-head.ts";
import type { LogReader, LogRecord } from "../../runtime/kafka/log-reader.ts";

const topic = "harness-audit-chain";

export type ChainReader = Pick<LogReader, "offsets" | "offsetAt" | "read">;

export interface ChainRange {
  /** All when absent. */
  readonly partitions?: readonly number[] | undefined;
  /** By the time of sealing, Unix milliseconds. */
  readonly fromMs?: number | undefined;
  /** Exclusive. */
  readonly toMs?: number | undefined;
  /** Public keys that may sign; any when null. */
  readonly trusted: ReadonlySet<string> | null;
  /** Shown each link as it stands, less repeats, and each head. */
  readonly onLink?: ((link: unknown) => void) | undefined;
  readonly onHead?: ((head: unknown) => void) | undefined;
}

export interface ReadPartition {
  readonly partition: number;
  readonly evidence: Evidence;
  /** Links that stand there once more, as they are. */
  readonly repeats: number;
}

const moreRecords = 500n;

/** In the order of their numbers; one is held in memory at a time. Errors: TransientError broker_unavailable. */
export async function* readChain(reader: ChainReader, range: ChainRange): AsyncGenerator<ReadPartition> {
  const ends = [...(await reader.offsets(topic))].toSorted(([a], [b]) => a - b);
  for (const [partition, { low, high }] of ends) {
    if (range.partitions !== undefined && !range.partitions.includes(partition)) continue;
    const from = range.fromMs === undefined ? low : await headBefore(reader, { partition, low }, range.fromMs);
    const to = range.toMs === undefined ? high : await reader.offsetAt(topic, partition, range.toMs);
    const shown = new ShownPartition(partition, range);
    await read(reader, { partition, from, to }, (record) => shown.show(record));
    for (let end = to; end < high && !shown.isCovered; end += moreRecords)
      await read(reader, { partition, from: end, to: end + moreRecords }, (record) => {
        if (!shown.isCovered) shown.show(record);
      });
    const first = from === 0n ? new Map([[partition, 1]]) : new Map<number, number>();
    yield { partition, evidence: { links: shown.links, heads: shown.heads, first }, repeats: shown.repeats };
  }
}

/** The offset of the last head that was sealed before a time, or of the first record. */
async function headBefore(
  reader: ChainReader,
  { partition, low }: { readonly partition: number; readonly low: bigint },
  ms: number,
): Promise<bigint> {
  let to = await reader.offsetAt(topic, partition, ms);
  for (; to > low; to -= moreRecords) {
    let found: bigint | null = null;
    const from = to - moreRecords > low ? to - moreRecords : low;
    await read(reader, { partition, from, to }, ({ offset, value }) => {
      if (isHead(parsedJson(value))) found = offset;
    });
    if (found !== null) return found;
  }
  return low;
}

interface OffsetRange {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

async function read(reader: ChainReader, range: OffsetRange, onRecord: (record: LogRecord) => void): Promise<void> {
  if (range.from < range.to) await reader.read({ topic, ranges: [range], onRecord });
}

class ShownPartition {
  readonly links: ReadLink[] = [];
  readonly heads: ReadHead[] = [];
  repeats = 0;
  readonly #partition: number;
  readonly #range: ChainRange;
  readonly #hashes = new Map<number | null, string>();

  constructor(partition: number, range: ChainRange) {
    this.#partition = partition;
    this.#range = range;
  }

  get isCovered(): boolean {
    return (this.heads.at(-1)?.head?.sequence ?? 0) >= (this.links.at(-1)?.sequence ?? 0);
  }

  show({ offset, value }: LogRecord): void {
    const place = `offset ${offset}`;
    const written = parsedJson(value);
    if (isHead(written)) {
      this.heads.push(readHead(written, place, this.#range.trusted));
      return this.#range.onHead?.(written);
    }
    const links = linksIn(written);
    // What is neither stands in the chain's way, and is named.
    if (links === null || links.length === 0) return this.#showLink(written, place);
    for (const [index, link] of links.entries())
      this.#showLink(link, links.length === 1 ? place : `${place}, link ${index + 1}`);
  }

  #showLink(written: unknown, place: string): void {
    const link = this.#ofThisPartition(readLink(written, place));
    if (link.defect === null && this.#hashes.get(link.sequence) === link.hash) {
      this.repeats += 1;
      return;
    }
    if (link.defect === null) this.#hashes.set(link.sequence, link.hash);
    this.links.push(link);
    this.#range.onLink?.(written);
  }

  #ofThisPartition(link: ReadLink): ReadLink {
    if (link.defect !== null || link.partition === this.#partition) return link;
    return { ...link, defect: `it says that it is of partition ${link.partition}` };
  }
}

function isHead(value: unknown): boolean {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "head";
}

function parsedJson(value: Buffer | null): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return null;
  }
}
