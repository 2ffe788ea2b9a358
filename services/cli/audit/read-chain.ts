/**
 * Reads harness-audit-chain partition by partition, for the proof: links and
 * heads as they stand, less the repeats that a sealer leaves when it is
 * replaced. A range of time is widened at its end up to the next signed head,
 * so that the last link is covered too.
 */
import type { Evidence } from "../../audit-chain/judge-chain.ts";
import { readLink, type ReadLink } from "../../audit-chain/read-link.ts";
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
    const from = range.fromMs === undefined ? low : await reader.offsetAt(topic, partition, range.fromMs);
    const to = range.toMs === undefined ? high : await reader.offsetAt(topic, partition, range.toMs);
    const shown = new ShownPartition(partition, range.trusted);
    await read(reader, { partition, from, to }, (record) => shown.show(record));
    for (let end = to; end < high && !shown.isCovered; end += moreRecords)
      await read(reader, { partition, from: end, to: end + moreRecords }, (record) => {
        if (!shown.isCovered) shown.show(record);
      });
    const first = from === 0n ? new Map([[partition, 1]]) : new Map<number, number>();
    yield { partition, evidence: { links: shown.links, heads: shown.heads, first }, repeats: shown.repeats };
  }
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
  readonly #trusted: ChainRange["trusted"];
  readonly #hashes = new Map<number | null, string>();

  constructor(partition: number, trusted: ChainRange["trusted"]) {
    this.#partition = partition;
    this.#trusted = trusted;
  }

  get isCovered(): boolean {
    return (this.heads.at(-1)?.head?.sequence ?? 0) >= (this.links.at(-1)?.sequence ?? 0);
  }

  show({ offset, value }: LogRecord): void {
    const place = `offset ${offset}`;
    const written = parsedJson(value);
    if (isHead(written)) return void this.heads.push(readHead(written, place, this.#trusted));
    const link = this.#ofThisPartition(readLink(written, place));
    if (link.defect === null && this.#hashes.get(link.sequence) === link.hash) {
      this.repeats += 1;
      return;
    }
    if (link.defect === null) this.#hashes.set(link.sequence, link.hash);
    this.links.push(link);
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
