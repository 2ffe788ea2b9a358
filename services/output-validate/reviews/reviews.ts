/**
 * Keeps the reviews of the partitions that this process owns: learns them from
 * the topic when it takes a partition over, acts on the decision that counts,
 * and writes time-outs and urgency when they are due. Nothing of a review is in
 * memory alone: a process that is killed costs time, never an answer or a
 * decision. Reads a partition of the topic from its beginning at each takeover:
 * 30 days of what was held.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import { plainOf } from "../../../schemas/parts/content.ts";
import type { ReviewDecided, ReviewHeld } from "../../../schemas/records/review.ts";
import { reviewRetentionMs } from "../../../topics/retention.ts";
import type { GuardReport } from "../../../schemas/parts/finding.ts";
import type { Commands } from "../../runtime/commands/commands.ts";
import { PoisonRecordError, TransientError } from "../../runtime/errors.ts";
import type { LogReader, LogRecord } from "../../runtime/kafka/log-reader.ts";
import {
  contentOwnerOf,
  type ConsumedRecord,
  type Outcome,
  type StageContext,
  type Takeover,
} from "../../runtime/stage.ts";
import { noteResults } from "../../runtime/telemetry/in-span.ts";
import { reviewSpan } from "../../runtime/telemetry/names.ts";
import { inResumedTrace } from "../../runtime/telemetry/record-tracer.ts";
import { dueOf } from "./due.ts";
import { findInEdit } from "../../reviews/find-in-edit.ts";
import { judgeEdit } from "../../reviews/judge-edit.ts";
import { readReview } from "../../reviews/read-review.ts";
import { auditOf, resolve, resultOf, uncountedOf } from "./resolve.ts";
import { ReviewBook, type Review } from "../../reviews/review-book.ts";

const topic = "harness-reviews";
const nothing: Outcome = { emissions: [] };

/** How often the clock is held against what waits, milliseconds. */
export const lookEveryMs = 1000;

export interface ReviewParts {
  readonly reader: Pick<LogReader, "offsets" | "read" | "recordAt">;
  readonly commands: Pick<Commands, "cancellation">;
  readonly definitions: PinnedDefinitions;
  readonly nowMs: () => number;
}

export interface PinnedDefinitions {
  get(name: string, version: string): HarnessDefinition | undefined;
  /** Reads the control topic to its present end. */
  catchUp(): Promise<void>;
}

interface Owned {
  readonly book: ReviewBook;
  readonly context: Pick<StageContext, "publish" | "signal">;
  /** Ids of what was written and may not have come back yet. */
  readonly written: Set<string>;
}

export class Reviews {
  readonly #parts: ReviewParts;
  readonly #partitions = new Map<number, Owned>();
  #looking: Promise<void> | null = null;

  constructor(parts: ReviewParts) {
    this.#parts = parts;
  }

  /** Answers that wait for a person, in the partitions of this process. */
  get waiting(): number {
    return [...this.#partitions.values()].reduce((sum, { book }) => sum + [...book.open()].length, 0);
  }

  /** Looks at the clock from now on. Returns what ends that. A bug in a look ends the process. */
  watch(): () => Promise<void> {
    const timer = setInterval(() => void this.look(), lookEveryMs);
    return async () => {
      clearInterval(timer);
      await this.#looking;
    };
  }

  async learn({ partition }: Pick<Takeover, "partition">, context: Owned["context"]): Promise<void> {
    const book = new ReviewBook();
    const ends = (await this.#parts.reader.offsets(topic)).get(partition);
    if (ends !== undefined)
      await this.#parts.reader.read({
        topic,
        ranges: [{ partition, from: ends.low, to: ends.high }],
        onRecord: ({ value, offset }) => learnFrom(book, value, offset),
      });
    this.#partitions.set(partition, { book, context, written: new Set() });
  }

  release(partition: number): void {
    this.#partitions.delete(partition);
  }

  /** Errors: PoisonRecordError for what is no record of the reviews; TransientError. */
  async process(record: ConsumedRecord): Promise<Outcome> {
    const review = readReview(record.value);
    // Before anything is waited for: records of a partition begin in their order.
    const { book, written } = this.#ownerOf(record.partition);
    const standing = book.apply(review, record.offset);
    written.delete(record.headers["ce_id"] ?? "");
    if (review.kind !== "review.decided") return nothing;
    const nowMs = this.#parts.nowMs();
    switch (standing.kind) {
      case "noted":
      case "repeated":
        return nothing;
      case "unknown":
        throw new PoisonRecordError("review_unknown", "no answer of this run is held");
      case "late": {
        const by = standing.review.decided?.by ?? "";
        const reasons = uncountedOf(review, { code: "review_late", message: `${by} was first` });
        return { emissions: [auditOf(standing.review, review, { word: "review_late", reasons }, nowMs)] };
      }
      case "broken": {
        const reasons = [...standing.reasons, ...uncountedOf(review, editRefused)];
        const verdict = { word: "edit_refused", reasons, guards: standing.guards };
        return { emissions: [auditOf(standing.review, review, verdict, nowMs)] };
      }
      case "counts":
        return this.#end(standing.review, review, record.partition);
    }
  }

  /** Writes what is due. Kafka away is no error: it is tried again at the next look. */
  look(): Promise<void> {
    this.#looking ??= this.#writeDue().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #writeDue(): Promise<void> {
    const nowMs = this.#parts.nowMs();
    for (const { book, context, written } of this.#partitions.values()) {
      book.forget(nowMs - reviewRetentionMs);
      const due = [...book.open()].flatMap((review) => {
        const emission = dueOf(review, this.#parts.commands.cancellation(review), nowMs);
        return emission === null || written.has(emission.id) ? [] : [emission];
      });
      if (due.length === 0 || context.signal.aborted) continue;
      for (const { id } of due) written.add(id);
      try {
        await context.publish(due);
      } catch (error) {
        for (const { id } of due) written.delete(id);
        if (!(error instanceof TransientError)) throw error;
      }
    }
  }

  async #end({ offset, ...review }: Review, decision: ReviewDecided, partition: number): Promise<Outcome> {
    const { held, headers } = await this.#heldAt(partition, offset);
    const nowMs = this.#parts.nowMs();
    const resolution = resolve(held, decision, this.#parts.commands.cancellation(review));
    const guards = resolution.status === "released" ? await this.#seenIn(held, decision) : [];
    const standsFor = { output: plainOf(resolution.output), owner: contentOwnerOf(held) };
    const verdict = { word: resolution.status, reasons: resolution.reasons, guards, standsFor };
    const decided = [resultOf(held, decision, resolution, nowMs), auditOf(review, decision, verdict, nowMs)];
    return await inResumedTrace(headers, reviewSpan(decision.decision), (traced) => {
      noteResults(decided);
      const isTraced = Object.keys(traced).length > 0;
      return Promise.resolve({ emissions: isTraced ? decided.map((one) => ({ ...one, headers: traced })) : decided });
    });
  }

  /** What guards say of an edit that is given. */
  async #seenIn({ harness: { name, version }, contract }: ReviewHeld, { decision, output }: ReviewDecided) {
    if (decision !== "edit" || output === undefined || !("plain" in output)) return [];
    const { definitions } = this.#parts;
    if (definitions.get(name, version) === undefined) await definitions.catchUp();
    const found: readonly GuardReport[] = findInEdit(output.plain, definitions.get(name, version));
    return [...found, ...judgeEdit(output.plain, contract).guards];
  }

  async #heldAt(partition: number, offset: bigint): Promise<{ held: ReviewHeld; headers: LogRecord["headers"] }> {
    const record = await this.#parts.reader.recordAt({ topic, partition, offset });
    const held = record === null ? null : readReview(record.value);
    if (held?.kind !== "review.held") throw new PoisonRecordError("review_unknown", "what was held is gone");
    return { held, headers: record?.headers ?? {} };
  }

  #ownerOf(partition: number): Owned {
    const owned = this.#partitions.get(partition);
    if (owned === undefined) throw new TransientError("partition_lost", "its reviews are another process' now");
    return owned;
  }
}

const editRefused = { code: "edit_refused", message: "the edited output breaks the contract; the answer stays held" };

/** What cannot be read is dead-lettered when its turn comes, or was. */
function learnFrom(book: ReviewBook, value: Buffer | null, offset: bigint): void {
  try {
    book.apply(readReview(value), offset);
  } catch (error) {
    if (!(error instanceof PoisonRecordError)) throw error;
  }
}
