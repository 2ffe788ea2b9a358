/**
 * Consumes a stage's topics, thousands of slow records at a time, on kafkajs.
 * eachBatch never awaits the work: it takes records in and returns, so that
 * heartbeats and fetches go on. Offsets are committed by committer.ts, never by
 * kafkajs. Records in progress are bounded in number and bytes. On a rebalance
 * assignments.ts decides what goes on. Any bug ends the process.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Admin, Consumer, EachBatchPayload } from "kafkajs";
import { consumedTopics, type ConsumedTopic } from "../../../topics/catalog.ts";
import type { Logger } from "../logger.ts";
import { Assignments, type DoneAlready, type LoadedPartition } from "./assignments.ts";
import { Committer } from "./committer.ts";
import { createGroupConsumer, type GroupSettings } from "./group-consumer.ts";
import { Intake } from "./intake.ts";
import { Lanes, type Weights } from "./lanes/lanes.ts";
import { Membership } from "./membership.ts";
import type { OwnedPartition, PartitionWork } from "./partition-work.ts";
import { committedOffsetsReader, type LogEnds } from "./progress/committed-offsets.ts";
import { receiveRecord, type ReceivedRecord } from "./received-record.ts";
import { startWatchdog } from "./stall-watchdog.ts";
import { WorkPool, type RunResult } from "./work-pool.ts";

export interface ConsumerOptions extends GroupSettings {
  readonly topics: readonly ConsumedTopic[];
  /** See Stage. */
  readonly weights: Weights;
  readonly maxInFlight: number;
  readonly maxInFlightBytes: number;
  readonly commitIntervalMs: number;
  readonly drainTimeoutMs: number;
  readonly stallTimeoutMs: number;
  readonly ends: LogEnds;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

/** One record's place in its partition: abort signal, and word of whether it keeps failing. */
export interface RecordPlace {
  readonly signal: AbortSignal;
  /** See StageContext. */
  readonly confirmed?: () => Promise<void>;
  /** See StageContext. */
  readonly lapsedSince?: (sinceMs: number) => boolean;
  /** It failed for too long: its partition takes in nothing more until `recovered`. */
  failing(): void;
  recovered(): void;
}

export interface ConsumerHooks {
  /** All that the record causes. Rejects only for a bug. */
  readonly process: (record: ReceivedRecord, place: RecordPlace) => Promise<RunResult>;
  readonly takeOver: (loaded: readonly LoadedPartition[]) => readonly Promise<DoneAlready>[];
  readonly release: (partition: number) => void;
  readonly crash: (error: unknown) => void;
}

const commitTries = 5;

export class ParallelConsumer {
  readonly #options: ConsumerOptions;
  readonly #hooks: ConsumerHooks;
  readonly #consumer: Consumer;
  readonly #admin: Admin;
  readonly #pool: WorkPool;
  readonly #intake: Intake;
  readonly #committer: Committer;
  readonly #assignments: Assignments;
  readonly #membership: Membership;
  readonly #places = new WeakMap<PartitionWork, RecordPlace>();
  readonly #ready = Promise.withResolvers<void>();
  #stopWatchdog: () => void = () => undefined;
  #stopping = false;
  /** The drain is over: what still runs finds its producer closed, and is done again by the next owner. */
  #drained = false;

  constructor(options: ConsumerOptions, hooks: ConsumerHooks) {
    this.#options = options;
    this.#hooks = hooks;
    this.#admin = options.kafka.admin();
    this.#consumer = createGroupConsumer(options, () => ({
      held: this.#assignments.owned.map(({ partition }) => partition),
      heldSinceMs: this.#assignments.heldSinceMs,
    }));
    this.#assignments = this.#createAssignments();
    this.#membership = new Membership(options.sessionTimeoutMs, options.nowMs);
    this.#pool = this.#createPool();
    const ready = (): readonly PartitionWork[] => this.#assignments.committable();
    this.#intake = new Intake(this.#consumer, ready, (work) => this.#pool.isFull(work));
    this.#committer = new Committer({
      intervalMs: options.commitIntervalMs,
      works: () => this.#assignments.committable(),
      onCommitted: () => this.#pool.pump(),
      logger: options.logger,
      nowMs: options.nowMs,
    });
  }

  /** Resolves when the group is joined, every partition of ours is taken over and a fetch was made. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get inFlight(): number {
    return this.#pool.inFlight;
  }

  get waiting(): number {
    return this.#pool.waiting;
  }

  /** Those that are processed now. */
  get partitions(): readonly PartitionWork[] {
    return this.#assignments.committable();
  }

  async start(): Promise<void> {
    const { topics, ...watched } = this.#options;
    await this.#admin.connect();
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...topics], fromBeginning: true });
    this.#listen();
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: true,
      eachBatch: (payload) => this.#onBatch(payload).catch(this.#hooks.crash),
    });
    this.#stopWatchdog = startWatchdog({
      ...watched,
      works: () => this.#assignments.committable().filter((work) => this.#mayGoOn(work)),
      crash: this.#hooks.crash,
    });
  }

  /**
   * Takes in nothing more, tells running records to start nothing new, waits
   * for them, commits, leaves the group. What did not end in time or could not
   * be committed is done again by the next owner.
   */
  async stop(): Promise<void> {
    const { nowMs, drainTimeoutMs, logger } = this.#options;
    this.#stopping = true;
    this.#stopWatchdog();
    this.#pool.stop();
    this.#intake.stop();
    for (const owner of this.#assignments.owned) owner.abort("the process is stopping");
    const deadlineMs = nowMs() + drainTimeoutMs;
    while (this.#pool.inFlight > 0 && nowMs() < deadlineMs) await sleep(10);
    if (this.#pool.inFlight > 0)
      logger.warn({ inFlight: this.#pool.inFlight }, "not all records ended in time: they are repeated");
    this.#drained = true;
    await this.#commitAll();
    this.#committer.stop();
    await this.#consumer.disconnect();
    await this.#admin.disconnect();
  }

  async #commitAll(): Promise<void> {
    for (let tries = 0; tries < commitTries; tries += 1) {
      await sleep(tries * 100);
      await this.#committer.flush();
      if (!this.#committer.hasUncommitted) return;
    }
    this.#options.logger.warn("the last commit was not taken: some records are repeated");
  }

  #listen(): void {
    const { GROUP_JOIN, HEARTBEAT, REBALANCING, CRASH, FETCH, END_BATCH_PROCESS } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      this.#assignments.joined(payload.memberId, payload.memberAssignment);
      this.#membership.confirm();
    });
    this.#consumer.on(HEARTBEAT, () => this.#membership.confirm());
    this.#consumer.on(REBALANCING, () => this.#committer.flushNow());
    this.#consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart) return this.#hooks.crash(new Error("the consumer ended", { cause: payload.error }));
      this.#committer.forget();
      this.#assignments.loseAll("the consumer is made anew");
    });
    this.#consumer.on(FETCH, () => {
      if (this.#assignments.isSettled) this.#ready.resolve();
    });
    // A batch of nothing but transaction markers never reaches eachBatch. One with records does, and may be left there.
    this.#consumer.on(END_BATCH_PROCESS, ({ payload }) => {
      const work = this.#workOf(payload.topic, payload.partition);
      if (work === undefined || payload.batchSize > 0 || payload.firstOffset === null) return;
      if (Number(payload.firstOffset) <= work.tracker.position) this.#skipTo(work, payload.lastOffset);
    });
  }

  async #onBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    this.#committer.use((offsets) => payload.commitOffsetsIfNecessary(offsets));
    const work = this.#workOf(batch.topic, batch.partition);
    if (work === undefined || this.#stopping || !this.#isNext(work, batch)) return;
    const fresh = batch.messages.filter(({ offset }) => work.tracker.deliver(Number(offset)));
    this.#skipTo(work, batch.lastOffset());
    if (!work.claimed) this.#committer.soon();
    this.#pool.add(
      work,
      fresh.map((message) => receiveRecord(work.topic, work.partition, message)),
    );
    await this.#intake.waitForRoom(work);
  }

  /** A fetch made for an older assignment may start beyond what we have: by going back, nothing between is lost. */
  #isNext(work: PartitionWork, batch: EachBatchPayload["batch"]): boolean {
    const fetchedFrom = Number("fetchedOffset" in batch ? batch.fetchedOffset : batch.firstOffset());
    const { position } = work.tracker;
    if (fetchedFrom <= position) return true;
    if (work.soughtTo === position) {
      const place = { topic: work.topic, partition: work.partition, from: position, to: fetchedFrom };
      this.#options.logger.error(place, "records were deleted by retention before they were processed");
      return true;
    }
    work.soughtTo = position;
    this.#intake.open(work);
    return false;
  }

  /** It is not for want of room or of a place that nothing of it comes in or starts. */
  #mayGoOn(work: PartitionWork): boolean {
    return this.#intake.isOpen(work) && this.#pool.hasPlace(work);
  }

  #skipTo(work: PartitionWork, lastOffset: string): void {
    const before = work.tracker.low;
    work.tracker.skipTo(Number(lastOffset) + 1);
    if (work.tracker.low !== before) work.dirty = true;
  }

  #workOf(topic: string, partition: number): PartitionWork | undefined {
    const known = consumedTopics.find((name) => name === topic);
    return known === undefined ? undefined : this.#assignments.workOf(known, partition);
  }

  #createPool(): WorkPool {
    const { maxInFlight, maxInFlightBytes, topics, weights } = this.#options;
    return new WorkPool(new Lanes({ records: maxInFlight, bytes: maxInFlightBytes }, topics, weights), {
      run: (record, work) => this.#hooks.process(record, this.#placeOf(work)),
      onDone: () => this.#committer.completed(),
      onHeld: (work) => this.#intake.apply(work),
      onRoom: (roomy) => this.#intake.hasRoom(roomy),
      crash: (error) => {
        if (!this.#drained) this.#hooks.crash(error);
      },
    });
  }

  #placeOf(work: PartitionWork): RecordPlace {
    const known = this.#places.get(work);
    if (known !== undefined) return known;
    const count = (change: number): void => {
      work.failing += change;
      this.#pool.reconsider(work);
    };
    const { signal } = work.owner;
    const confirmed = (): Promise<void> => this.#membership.confirmed(signal);
    const lapsedSince = (sinceMs: number): boolean => this.#membership.lapsedSince(sinceMs);
    const place = { signal, confirmed, lapsedSince, failing: () => count(1), recovered: () => count(-1) };
    this.#places.set(work, place);
    return place;
  }

  #createAssignments(): Assignments {
    const { topics, groupId, ends, logger, nowMs } = this.#options;
    return new Assignments({
      topics,
      committed: committedOffsetsReader({ admin: this.#admin, groupId, ends, logger }),
      logger,
      nowMs,
      takeOver: (loaded) => (this.#stopping ? loaded.map(never) : this.#hooks.takeOver(loaded)),
      onReady: (owner) => this.#begin(owner),
      onLost: (owner) => this.#end(owner),
      pause: (topic, partition) => this.#consumer.pause([{ topic, partitions: [partition] }]),
      crash: this.#hooks.crash,
    });
  }

  #begin(owner: OwnedPartition): void {
    for (const work of owner.works.values()) {
      this.#pool.attach(work);
      this.#intake.open(work);
    }
    this.#pool.pump();
  }

  #end(owner: OwnedPartition): void {
    for (const work of owner.works.values()) this.#pool.detach(work);
    this.#hooks.release(owner.partition);
  }
}

/** A stopping process takes nothing over. */
function never(): Promise<DoneAlready> {
  return new Promise(() => undefined);
}
