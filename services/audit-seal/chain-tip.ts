/**
 * Where the chain of one partition ends, as its log says: a link counts that
 * goes on from the last one that did; all others, repeats and late writes of an
 * owner before, are passed over. So the log decides, and every sealer that reads
 * it has the same end. It knows the events of the last links, and what of given
 * records is to be sealed next. Pure.
 */
import type { TagKey } from "../audit-chain/tags.ts";
import { genesisHash, linkAfter, type Link } from "../audit-chain/link.ts";

/** So many links back a repeated event is known. */
export const knownEvents = 4096;

/** A record of harness-audit. */
export interface SourceRecord {
  readonly offset: bigint;
  readonly eventId: string;
  readonly record: unknown;
  /** Of its text. */
  readonly bytes: number;
}

/** A link, and what it sealed. */
export interface SealedEvent {
  readonly link: Link;
  readonly eventId: string;
}

export interface NewLink extends SealedEvent {
  /** Of its record. */
  readonly bytes: number;
}

export interface TipOf {
  readonly partition: number;
  readonly tagKey: TagKey;
}

export class ChainTip {
  readonly #partition: number;
  readonly #tagKey: TagKey;
  /** Reading began within the log: what comes first is taken as it is. */
  #isFloating: boolean;
  #sequence = 0;
  #hash = genesisHash;
  #sourceOffset = -1n;
  readonly #events = new Set<string>();

  constructor({ partition, tagKey }: TipOf, isFloating: boolean) {
    this.#partition = partition;
    this.#tagKey = tagKey;
    this.#isFloating = isFloating;
  }

  /** 0 when nothing is sealed. */
  get sequence(): number {
    return this.#sequence;
  }

  get hash(): string {
    return this.#hash;
  }

  /** Shows a link in the order of the log; says whether the chain goes on with it. */
  show({ link, eventId }: SealedEvent): boolean {
    const isNext = link.sequence === this.#sequence + 1 && link.previous_hash === this.#hash;
    if (!isNext && !(this.#isFloating && link.sequence > this.#sequence)) return false;
    this.#isFloating &&= !isNext;
    this.#sequence = link.sequence;
    this.#hash = link.hash;
    this.#sourceOffset = BigInt(link.source_offset);
    this.#know(eventId);
    return true;
  }

  /** The links of those that are not sealed, in their order; a repeated event has none. */
  next(records: readonly SourceRecord[]): readonly NewLink[] {
    const links: NewLink[] = [];
    const events = new Set<string>();
    let last: Pick<Link, "sequence" | "hash"> = { sequence: this.#sequence, hash: this.#hash };
    for (const { offset, eventId, record, bytes } of records) {
      if (offset <= this.#sourceOffset || this.#events.has(eventId) || events.has(eventId)) continue;
      const link = linkAfter(last, { partition: this.#partition, sourceOffset: offset, record, tagKey: this.#tagKey });
      links.push({ link, eventId, bytes });
      events.add(eventId);
      last = link;
    }
    return links;
  }

  #know(eventId: string): void {
    this.#events.add(eventId);
    if (this.#events.size <= knownEvents) return;
    const [oldest] = this.#events;
    if (oldest !== undefined) this.#events.delete(oldest);
  }
}
