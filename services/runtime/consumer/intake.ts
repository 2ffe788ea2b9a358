/**
 * Opens and closes the fetching of partitions. Closed are: those not taken over
 * yet, those held (work-pool.ts), and all of them while the process is full or
 * stopping.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Consumer } from "kafkajs";
import { fetchWaitMs } from "./group-consumer.ts";
import type { PartitionWork } from "./partition-work.ts";

type FetchControl = Pick<Consumer, "pause" | "resume" | "seek">;

export class Intake {
  readonly #consumer: FetchControl;
  readonly #works: () => readonly PartitionWork[];
  #room = Promise.withResolvers<void>();
  #closed: "full" | "stopping" | null = null;

  /** `works`: the partitions that are ready. */
  constructor(consumer: FetchControl, works: () => readonly PartitionWork[]) {
    this.#consumer = consumer;
    this.#works = works;
  }

  get isOpen(): boolean {
    return this.#closed === null;
  }

  /** Fetching goes on where the tracker stands, as soon as nothing else holds it. */
  open(work: PartitionWork): void {
    this.#consumer.seek({ topic: work.topic, partition: work.partition, offset: String(work.tracker.position) });
    this.apply(work);
  }

  /** A partition that is not ready is left alone: it was paused when it was given to us. */
  apply(work: PartitionWork): void {
    if (work.owner.state !== "ready") return;
    const target = [{ topic: work.topic, partitions: [work.partition] }];
    if (this.#closed !== null || work.held) this.#consumer.pause(target);
    else this.#consumer.resume(target);
  }

  /** Waits briefly, as room mostly comes soon; then closes, as heartbeats must go on. */
  async waitForRoom(isFull: () => boolean): Promise<void> {
    if (this.#closed !== null) return;
    this.#room = Promise.withResolvers();
    const giveUp = new AbortController();
    await Promise.race([this.#room.promise, sleep(fetchWaitMs, undefined, giveUp).catch(() => undefined)]);
    giveUp.abort();
    if (isFull()) this.#close("full");
  }

  hasRoom(): void {
    this.#room.resolve();
    if (this.#closed !== "full") return;
    this.#closed = null;
    for (const work of this.#works()) this.apply(work);
  }

  stop(): void {
    this.#room.resolve();
    this.#close("stopping");
  }

  #close(why: "full" | "stopping"): void {
    if (this.#closed !== "stopping") this.#closed = why;
    for (const work of this.#works()) this.apply(work);
  }
}
