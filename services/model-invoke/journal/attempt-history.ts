/**
 * One attempt as the journal knows it: its calls, whether a finish settled it,
 * and what of ours is in flight or not acknowledged yet. Whoever waits for a change
 * of it is woken by every record that is noted. Noting a record twice changes
 * nothing.
 */
import type { CallFinished } from "../../../schemas/records/call.ts";
import type { Emission } from "../../runtime/stage.ts";
import { unsentCode, type CallEnd, type KnownCall } from "./known-call.ts";
import { pause, type Wakers } from "./pause.ts";

export interface AttemptId {
  readonly runId: string;
  readonly attempt: number;
  readonly bodySha256: string;
}

export class AttemptHistory {
  readonly id: AttemptId;
  readonly partition: number;
  /** Calls of ours that have left and are not over, by id. */
  readonly running = new Set<string>();
  /** Paid for, priced, and not acknowledged so far: written before anything else is done for the attempt. */
  readonly unacknowledged = new Set<CallFinished>();
  /** Set when the run's terminal result is written, to what is left to emit: nothing is called any more. */
  ended: readonly Emission[] | null = null;
  readonly #calls = new Map<string, KnownCall>();
  readonly #waiting: Wakers = new Set();
  #settledOffset: bigint | null = null;

  constructor(id: AttemptId, partition: number) {
    this.id = id;
    this.partition = partition;
  }

  get calls(): readonly KnownCall[] {
    return [...this.#calls.values()];
  }

  /** Offset of the first finish that settled the attempt; null while it is open. */
  get settledOffset(): bigint | null {
    return this.#settledOffset;
  }

  /** A finish settles the attempt, acknowledged or about to be written. */
  get settles(): boolean {
    return this.#settledOffset !== null || [...this.unacknowledged].some((finished) => finished.settles);
  }

  noteStart(call: KnownCall): void {
    if (this.#calls.has(call.callId)) return;
    this.#calls.set(call.callId, call);
    this.wake();
  }

  /** A call that never left is forgotten. */
  noteEnd(call: KnownCall, end: CallEnd): void {
    if (end.code === unsentCode) this.#calls.delete(call.callId);
    else this.#calls.set(call.callId, { ...call, end });
    this.wake();
  }

  noteSettled(offset: bigint): void {
    this.#settledOffset ??= offset;
    this.wake();
  }

  wake(): void {
    for (const resume of this.#waiting) resume();
  }

  /** Resolves when a record is noted, after `waitMs`, or when `signal` aborts. */
  changed(waitMs: number, signal: AbortSignal): Promise<void> {
    return pause(waitMs, signal, this.#waiting);
  }
}
