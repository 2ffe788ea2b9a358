/**
 * Opens and closes the fetching of partitions. Closed are: those not taken over
 * yet, those held (work-pool.ts), those whose lane is full, and all of them
 * while the process is stopping.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Consumer } from "kafkajs";
import type { ConsumedTopic } from "../../../topics/catalog.ts";
import { fetchWaitMs } from "./group-consumer.ts";
import type { PartitionWork } from "./partition-work.ts";

type FetchControl = Pick<Consumer, "pause" | "resume" | "seek">;

export class Intake {
  readonly #consumer: FetchControl;
  readonly #works: () => readonly PartitionWork[];
  readonly #isFull: (work: PartitionWork) => boolean;
  /** Closed until their lane has room. */
  readonly #crowded = new Set<PartitionWork>();
  #room = Promise.withResolvers<void>();
  #stopping = false;

  /** `works`: the partitions that are ready. `isFull`: nothing more of the partition's lane may be fetched. */
  constructor(consumer: FetchControl, works: () => readonly PartitionWork[], isFull: (work: PartitionWork) => boolean) {
    this.#consumer = consumer;
    this.#works = works;
    this.#isFull = isFull;
  }

  /** Its lane, and the process, take records in. */
  isOpen(work: PartitionWork): boolean {
    return !this.#stopping && !this.#crowded.has(work);
  }

  /** Fetching goes on where the tracker stands, as soon as nothing else holds it. */
  open(work: PartitionWork): void {
    if (this.#isFull(work)) this.#crowded.add(work);
    this.#consumer.seek({ topic: work.topic, partition: work.partition, offset: String(work.tracker.position) });
    this.apply(work);
  }

  /** A partition that is not ready is left alone: it was paused when it was given to us. */
  apply(work: PartitionWork): void {
    if (work.owner.state !== "ready") return;
    const target = [{ topic: work.topic, partitions: [work.partition] }];
    if (work.held || !this.isOpen(work)) this.#consumer.pause(target);
    else this.#consumer.resume(target);
  }

  /**
   * The lane of a partition that has just given records may be full. While other lanes take records in, only this
   * partition closes, and nothing waits; the rest of what was fetched is still taken. When all are full it waits
   * briefly, as room mostly comes soon; then closes all, as heartbeats must go on.
   */
  async waitForRoom(work: PartitionWork): Promise<void> {
    if (!this.#isFull(work) || !this.isOpen(work)) return;
    if (this.#allFull) await this.#roomSoon();
    const full = this.#allFull ? this.#works() : [work].filter(this.#isFull);
    for (const closed of full) this.#close(closed);
  }

  /** There is room again for a fetch of these topics. */
  hasRoom(topics: ReadonlySet<ConsumedTopic>): void {
    this.#room.resolve();
    for (const work of this.#crowded) {
      if (!topics.has(work.topic)) continue;
      this.#crowded.delete(work);
      this.apply(work);
    }
  }

  stop(): void {
    this.#room.resolve();
    this.#stopping = true;
    for (const work of this.#works()) this.apply(work);
  }

  get #allFull(): boolean {
    return this.#works().every(this.#isFull);
  }

  async #roomSoon(): Promise<void> {
    this.#room = Promise.withResolvers();
    const giveUp = new AbortController();
    await Promise.race([this.#room.promise, sleep(fetchWaitMs, undefined, giveUp).catch(() => undefined)]);
    giveUp.abort();
  }

  #close(work: PartitionWork): void {
    this.#crowded.add(work);
    this.apply(work);
  }
}
