/**
 * Which partitions this process holds, from one joining of the group to the
 * next. Every joining is a new epoch. What is lost is aborted and never
 * committed again. What is kept goes on only if it was held without a break:
 * same member, and the committed progress still carries our nonce; else it is
 * lost and taken anew. A new partition is read from its last commit and taken
 * over before its first record. Partition i of all topics is held as one.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ConsumedTopic } from "../../../topics/catalog.ts";
import type { Logger } from "../logger.ts";
import { OwnedPartition, PartitionWork } from "./partition-work.ts";
import { partitionKey, type CommittedOffsetsReader, type CommittedProgress } from "./progress/committed-offsets.ts";
import { OffsetTracker } from "./progress/offset-tracker.ts";

/** A partition read from its last commit, not yet processed. */
export interface LoadedPartition {
  readonly owner: OwnedPartition;
  readonly sources: readonly (CommittedProgress & { readonly topic: ConsumedTopic })[];
}

/** Records whose effects are out already. */
export type DoneAlready = readonly { readonly topic: ConsumedTopic; readonly offset: bigint }[];

export interface AssignmentHooks {
  readonly topics: readonly ConsumedTopic[];
  readonly committed: CommittedOffsetsReader;
  readonly logger: Logger;
  readonly nowMs: () => number;
  /** One promise for each partition, in order; the partition starts when its promise resolves. */
  readonly takeOver: (loaded: readonly LoadedPartition[]) => readonly Promise<DoneAlready>[];
  readonly onReady: (owner: OwnedPartition) => void;
  readonly onLost: (owner: OwnedPartition) => void;
  readonly pause: (topic: string, partition: number) => void;
  readonly crash: (error: unknown) => void;
}

/** Partition numbers by topic, as GROUP_JOIN tells them. */
export type MemberAssignment = Readonly<Record<string, readonly number[]>>;

const longestRetryMs = 5000;

export class Assignments {
  readonly #hooks: AssignmentHooks;
  readonly #owned = new Map<number, OwnedPartition>();
  #epoch = 0;
  #memberId = "";
  #heldSinceMs = 0;
  #settled = false;

  constructor(hooks: AssignmentHooks) {
    this.#hooks = hooks;
  }

  get owned(): readonly OwnedPartition[] {
    return [...this.#owned.values()];
  }

  get heldSinceMs(): number {
    return this.#heldSinceMs;
  }

  /** The group was joined and every partition of ours is being processed. */
  get isSettled(): boolean {
    return this.#settled;
  }

  /** What may be committed: held without a break, under the epoch that is. */
  committable(): readonly PartitionWork[] {
    return this.owned.filter((owner) => this.#isCurrent(owner)).flatMap((owner) => [...owner.works.values()]);
  }

  /** undefined: not ours, or not ready; what was fetched of it is fetched again. */
  workOf(topic: ConsumedTopic, partition: number): PartitionWork | undefined {
    const owner = this.#owned.get(partition);
    return owner !== undefined && this.#isCurrent(owner) ? owner.works.get(topic) : undefined;
  }

  /** Synchronous up to the pauses: kafkajs fetches nothing of the new assignment before. */
  joined(memberId: string, assignment: MemberAssignment): void {
    this.#epoch += 1;
    this.#settled = false;
    const topicsOf = byPartition(assignment, this.#hooks.topics);
    const sameMember = memberId === this.#memberId;
    this.#memberId = memberId;
    this.#heldSinceMs = this.#hooks.nowMs();
    for (const owner of this.owned) {
      const topics = topicsOf.get(owner.partition) ?? [];
      const unbroken = sameMember && owner.state !== "loading" && topics.join() === owner.topics.join();
      if (unbroken) owner.state = "verifying";
      else this.#lose(owner, "the partition went to another process");
    }
    for (const [partition, topics] of topicsOf) {
      for (const topic of topics) this.#hooks.pause(topic, partition);
    }
    this.#settle(this.#epoch, topicsOf).catch(this.#hooks.crash);
  }

  /** The consumer is gone, or the process stops. */
  loseAll(reason: string): void {
    this.#epoch += 1;
    this.#settled = false;
    this.#memberId = "";
    for (const owner of this.owned) this.#lose(owner, reason);
  }

  #isCurrent(owner: OwnedPartition): boolean {
    return owner.state === "ready" && owner.epoch === this.#epoch;
  }

  #lose(owner: OwnedPartition, reason: string): void {
    owner.state = "lost";
    this.#owned.delete(owner.partition);
    owner.abort(reason);
    this.#hooks.onLost(owner);
  }

  async #settle(epoch: number, topicsOf: ReadonlyMap<number, readonly ConsumedTopic[]>): Promise<void> {
    const committed = await this.#readCommitted(epoch, topicsOf);
    if (epoch !== this.#epoch) return;
    for (const owner of this.owned) this.#verify(owner, committed);
    const fresh = [...topicsOf].filter(([partition]) => !this.#owned.has(partition));
    const loaded = fresh.map(([partition, topics]) => load(new OwnedPartition(partition, topics, epoch), committed));
    for (const { owner } of loaded) this.#owned.set(owner.partition, owner);
    const takeovers = this.#hooks.takeOver(loaded);
    await Promise.all(loaded.map(async ({ owner }, at) => this.#begin(owner, await takeovers[at])));
    this.#settled = epoch === this.#epoch;
  }

  #verify(owner: OwnedPartition, committed: ReadonlyMap<string, CommittedProgress>): void {
    const unbroken = owner.topics.every(
      (topic) => committed.get(partitionKey(topic, owner.partition))?.nonce === owner.nonce,
    );
    if (!unbroken) return this.#lose(owner, "the partition was with another process in between");
    owner.state = "ready";
    owner.epoch = this.#epoch;
    this.#hooks.onReady(owner);
  }

  #begin(owner: OwnedPartition, doneAlready: DoneAlready = []): void {
    if (owner.state !== "loading" || owner.epoch !== this.#epoch) return;
    for (const { topic, offset } of doneAlready) owner.works.get(topic)?.tracker.completeBeforeDelivery(Number(offset));
    owner.state = "ready";
    this.#hooks.onReady(owner);
  }

  /**
   * Tries until it has an answer on every partition that was given to us, or the group was joined anew: a broker that
   * has just come to know of a topic leaves some out.
   */
  async #readCommitted(
    epoch: number,
    topicsOf: ReadonlyMap<number, readonly ConsumedTopic[]>,
  ): Promise<ReadonlyMap<string, CommittedProgress>> {
    const wanted = [...topicsOf].flatMap(([partition, topics]) =>
      topics.map((topic) => partitionKey(topic, partition)),
    );
    for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, longestRetryMs)) {
      try {
        const committed = await this.#hooks.committed.read(this.#hooks.topics);
        const missing = wanted.filter((key) => !committed.has(key));
        if (missing.length === 0) return committed;
        this.#hooks.logger.warn({ missing }, "the broker does not know the offsets of all partitions yet");
      } catch (error) {
        this.#hooks.logger.warn({ err: error }, "cannot read the committed offsets yet");
      }
      await sleep(delayMs);
      if (epoch !== this.#epoch) return new Map();
    }
  }
}

function load(owner: OwnedPartition, committed: ReadonlyMap<string, CommittedProgress>): LoadedPartition {
  const sources = owner.topics.map((topic) => {
    const progress = committed.get(partitionKey(topic, owner.partition));
    if (progress === undefined) throw new Error(`no offsets of ${topic}/${owner.partition}`);
    owner.works.set(topic, new PartitionWork(topic, owner, new OffsetTracker(progress.done)));
    return { ...progress, topic };
  });
  return { owner, sources };
}

function byPartition(
  assignment: MemberAssignment,
  known: readonly ConsumedTopic[],
): ReadonlyMap<number, readonly ConsumedTopic[]> {
  const topicsOf = new Map<number, ConsumedTopic[]>();
  for (const topic of known) {
    for (const partition of assignment[topic] ?? []) {
      topicsOf.set(partition, [...(topicsOf.get(partition) ?? []), topic]);
    }
  }
  return topicsOf;
}
