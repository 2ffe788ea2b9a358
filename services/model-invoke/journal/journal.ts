/**
 * What this process knows of the attempts on the partitions it owns: read back
 * at takeover, kept current by its own writes, and by following the journal for
 * as long as another living worker may still write to it. It says whether an
 * attempt is settled, in conflict, or open, and lets one attempt run once at a
 * time in this process. It decides nothing else and writes nothing.
 */
import type { AttemptTask } from "../../../schemas/records/attempt-task.ts";
import type { Takeover } from "../../runtime/stage.ts";
import { AttemptHistory, type AttemptId } from "./attempt-history.ts";
import { endOf, isAwaited, knownCallOf, type KnownCall } from "./known-call.ts";
import { OtherWorkers } from "./other-workers.ts";
import { pause } from "./pause.ts";
import { passCall, readBack, type JournaledCall, type JournaledRecord, type JournalLog } from "./read-back.ts";
import { SettledTable } from "./settled-table.ts";

export interface JournalSettings {
  readonly log: JournalLog;
  readonly liveClientIds: () => Promise<ReadonlySet<string>>;
  /** Kafka client id of this process. */
  readonly worker: string;
  readonly dedupWindowMs: number;
  readonly nowMs: () => number;
  readonly logger: { warn(fields: object, message: string): void };
}

export type AttemptStanding =
  | { readonly kind: "settled" }
  /** The same run and attempt, for another request body. */
  | { readonly kind: "conflict" }
  | { readonly kind: "open"; readonly attempt: AttemptHistory };

/** A worker that lost the partition may write this much longer without knowing, milliseconds. */
const followMs = 10_000;
const pollMs = 1000;

export class Journal {
  readonly #settings: JournalSettings;
  readonly #others: OtherWorkers;
  readonly #attempts = new Map<string, AttemptHistory>();
  readonly #settled = new Map<number, SettledTable>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #follows = new Map<number, AbortController>();
  /** The takeover that counts for a partition: none once it is lost, the later one of two. */
  readonly #takeovers = new Map<number, symbol>();

  constructor(settings: JournalSettings) {
    this.#settings = settings;
    this.#others = new OtherWorkers(settings);
  }

  /** Client ids of the group's other living members, as last asked. */
  get otherWorkers(): ReadonlySet<string> {
    return this.#others.known;
  }

  /** Runs `work` when no other work for this attempt runs here: a second copy waits for the first to end. */
  async alone<Value>(task: AttemptTask, work: () => Promise<Value>): Promise<Value> {
    const key = keyOf(task.run_id, task.attempt);
    for (let first = this.#running.get(key); first !== undefined; first = this.#running.get(key)) await first;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#running.set(key, promise);
    try {
      return await work();
    } finally {
      this.#running.delete(key);
      resolve();
      const attempt = this.#attempts.get(key);
      if (attempt !== undefined && !this.#settled.has(attempt.partition)) this.#attempts.delete(key);
    }
  }

  standing(task: AttemptTask, partition: number): AttemptStanding {
    const { run_id: runId, attempt: number, body_sha256: bodySha256 } = task;
    const table = this.#tableOf(partition).standing(runId, number, bodySha256);
    if (table !== "unknown") return { kind: table };
    const attempt = this.#attemptOf({ runId, attempt: number, bodySha256 }, partition);
    return attempt.id.bodySha256 === bodySha256 ? { kind: "open", attempt } : { kind: "conflict" };
  }

  /** Whatever waits looks at its situation again. */
  wake(): void {
    for (const attempt of this.#attempts.values()) attempt.wake();
  }

  /** The attempt is over, its mark acknowledged or about to be written: from here on the table alone remembers it. */
  close(attempt: AttemptHistory): void {
    const nowMs = this.#settings.nowMs();
    const table = this.#settled.get(attempt.partition);
    table?.forget(nowMs);
    table?.add(attempt.id, nowMs);
    this.#attempts.delete(keyOf(attempt.id.runId, attempt.id.attempt));
  }

  /** Resolves when the partition's past is read. What is still being written by others is followed from there. */
  async takeOver(takeover: Takeover): Promise<void> {
    const { partition } = takeover;
    const { log, dedupWindowMs, nowMs } = this.#settings;
    this.release(partition);
    const turn = Symbol(`partition ${partition}`);
    this.#takeovers.set(partition, turn);
    const counts = (): boolean => this.#takeovers.get(partition) === turn;
    const table = new SettledTable(dedupWindowMs);
    const others = await this.#others.refresh();
    const from = await readBack({
      log,
      takeover,
      marksSinceMs: nowMs() - dedupWindowMs,
      onMark: ({ run_id: runId, attempt, body_sha256: bodySha256 }, timestampMs) => {
        table.add({ runId, attempt, bodySha256 }, timestampMs);
        if (counts()) this.#attempts.delete(keyOf(runId, attempt));
      },
      onCall: (call, offset) => {
        if (counts()) this.#note(call, offset, partition);
      },
      onUnreadable: (topic, record) => this.#unreadable(topic, record),
    });
    if (!counts()) return;
    this.#settled.set(partition, table);
    if (others.size > 0) this.#follow(partition, from);
  }

  /** The partition is another process' now. Work in progress keeps what it holds until it ends. */
  release(partition: number): void {
    this.#follows.get(partition)?.abort();
    this.#follows.delete(partition);
    this.#takeovers.delete(partition);
    this.#settled.delete(partition);
    for (const [key, attempt] of this.#attempts) {
      if (attempt.partition === partition && !this.#running.has(key)) this.#attempts.delete(key);
    }
  }

  /** Stops following. */
  end(): void {
    for (const partition of this.#settled.keys()) this.release(partition);
  }

  #tableOf(partition: number): SettledTable {
    let table = this.#settled.get(partition);
    if (table === undefined) this.#settled.set(partition, (table = new SettledTable(this.#settings.dedupWindowMs)));
    return table;
  }

  #attemptOf(id: AttemptId, partition: number): AttemptHistory {
    const key = keyOf(id.runId, id.attempt);
    let attempt = this.#attempts.get(key);
    if (attempt === undefined) this.#attempts.set(key, (attempt = new AttemptHistory(id, partition)));
    return attempt;
  }

  #note(call: JournaledCall, offset: bigint, partition: number): void {
    const id = { runId: call.run_id, attempt: call.attempt, bodySha256: call.body_sha256 };
    if (this.#settled.get(partition)?.standing(id.runId, id.attempt, id.bodySha256) === "settled") return;
    const attempt = this.#attemptOf(id, partition);
    if (call.kind === "call.started") return attempt.noteStart(this.#onOurClock(call));
    attempt.noteEnd(knownCallOf(call), endOf(call));
    if (call.settles) attempt.noteSettled(offset);
  }

  /** Another worker's call by our clock: it takes at most as long from now as it was given. Its own clock may be minutes off. */
  #onOurClock(call: JournaledCall): KnownCall {
    const known = knownCallOf(call);
    return { ...known, deadlineAtMs: this.#settings.nowMs() + known.deadlineAtMs - known.startedAtMs };
  }

  #unreadable(topic: string, { partition, offset }: JournaledRecord): void {
    this.#settings.logger.warn({ topic, partition, offset: String(offset) }, "a journal record cannot be read");
  }

  #follow(partition: number, from: bigint): void {
    const stop = new AbortController();
    this.#follows.set(partition, stop);
    void this.#readOn(partition, from, stop.signal);
    void this.#watch(partition, stop);
  }

  /** Own records are known already; a follow that breaks off goes on where it was. */
  async #readOn(partition: number, from: bigint, signal: AbortSignal): Promise<void> {
    const { log, logger, worker } = this.#settings;
    let next = from;
    const onCall = (call: JournaledCall, offset: bigint): void => {
      if (call.worker !== worker) this.#note(call, offset, partition);
    };
    const onRecord = (record: JournaledRecord): void => {
      next = record.offset + 1n;
      if (!signal.aborted) passCall(record, { onCall, onUnreadable: this.#unreadable.bind(this) });
    };
    while (!signal.aborted) {
      try {
        return await log.follow({ topic: "harness-calls", starts: [{ partition, from: next }], onRecord, signal });
      } catch (error) {
        logger.warn({ err: error, partition }, "following the journal broke off and is taken up again");
        await pause(pollMs, signal);
      }
    }
  }

  /** Wakes who waits for a worker that is gone, and ends the follow when nothing more can come. */
  async #watch(partition: number, stop: AbortController): Promise<void> {
    const { nowMs, logger } = this.#settings;
    const followUntilMs = nowMs() + followMs;
    while (!stop.signal.aborted) {
      await pause(pollMs, stop.signal);
      try {
        await this.#others.refresh();
      } catch (error) {
        logger.warn({ err: error, partition }, "the group's members are not known just now");
      }
      const own = [...this.#attempts.values()].filter((attempt) => attempt.partition === partition);
      for (const attempt of own) attempt.wake();
      if (nowMs() >= followUntilMs && !own.some((attempt) => this.#isAwaited(attempt))) stop.abort();
    }
  }

  #isAwaited({ calls }: AttemptHistory): boolean {
    const nowMs = this.#settings.nowMs();
    return calls.some((call) => isAwaited(call, this.#others.known, nowMs));
  }
}

function keyOf(runId: string, attempt: number): string {
  return `${runId}/${attempt}`;
}
