/**
 * The shape of a stage, and what becomes of a record: it is emitted (a refusal
 * is an emission), dead-lettered, or left uncommitted by throwing a
 * TransientError. The shell (run-stage.ts) writes the emissions and waits for
 * their acknowledgement before it counts the source record as done.
 */
import type { DeadLetterCode, ConsumerName } from "../../schemas/parts/codes.ts";
import type { ConsumedTopic, TopicName } from "../../topics/catalog.ts";

/**
 * Header that names the client whose turn a record takes where records wait: for that alone, as anyone can write it,
 * never for attribution or limits. Records without it share one turn.
 */
export const clientHeader = "breakwater-client";

/** A record as read. `value` is a copy: it pins no fetch buffer. */
export interface ConsumedRecord {
  readonly topic: ConsumedTopic;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record to write. The partition is murmur2(key) mod N, set by the producer, unless it is named. */
export interface Emission {
  readonly topic: TopicName;
  readonly partition?: number;
  /** run_id on flow topics. */
  readonly key: string;
  /** Deterministic: the same cause gives the same id. Travels as `ce_id`. */
  readonly id: string;
  /** CloudEvents type, for example `breakwater.call.started`. Travels as `ce_type`. */
  readonly type: string;
  /** Written as JSON; null is a tombstone on a compacted topic. */
  readonly value: unknown;
  /** Of this record alone, beside those that every record has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Content that the record does not hold: hashes that stand for it are written as `input_hmac` and `output_hmac`. */
  readonly standsFor?: StandsFor;
}

/** Any JSON, undefined where there is none; whose it is, undefined when it is not sealed. */
export interface StandsFor {
  readonly input?: unknown;
  readonly output?: unknown;
  readonly owner?: ContentOwner | undefined;
}

/** Whose content is sealed under a key of its own: a data subject's, a client's that ends at a moment, or both. */
export interface ContentOwner {
  readonly client_id: string;
  readonly subject_id?: string;
  readonly content_until_ms?: number;
}

/** Undefined for a run whose content is not sealed. */
export function contentOwnerOf({ client_id, subject_id, content_until_ms }: Claimed): ContentOwner | undefined {
  if (client_id === undefined || (subject_id === undefined && content_until_ms === undefined)) return undefined;
  return {
    client_id,
    ...(subject_id === undefined ? {} : { subject_id }),
    ...(content_until_ms === undefined ? {} : { content_until_ms }),
  };
}

type Claimed = { readonly [Field in keyof ContentOwner]?: ContentOwner[Field] | undefined };

/** Where an emission landed. */
export interface Ack {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export interface DeadLetter {
  readonly code: DeadLetterCode;
  /** For operators; never holds content. */
  readonly message: string;
  readonly disposition: "poison" | "rejected" | "exhausted" | "expired";
  /**
   * Whose content the source record holds in the clear: it is sealed for them. `unknown`: nobody can tell, as with
   * every poison record; it is sealed under the topic's key of the day.
   */
  readonly subject?: ContentOwner | "unknown";
}

export interface Outcome {
  readonly emissions: readonly Emission[];
  /** Present when the operator must see the source record: it goes to `<topic>-dlq` byte for byte. */
  readonly deadLetter?: DeadLetter;
}

/** Writes records and resolves when all of them are acknowledged by all in-sync replicas. */
export type Publish = (emissions: readonly Emission[]) => Promise<readonly Ack[]>;

export interface StageContext {
  readonly publish: Publish;
  /** Kafka client id of this process, unique to it. */
  readonly worker: string;
  /** Kafka's own id of the cluster. */
  readonly clusterId: string;
  readonly nowMs: () => number;
  /** Aborts when this process no longer owns the record's partition or is stopping: start nothing new. */
  readonly signal: AbortSignal;
  /**
   * Resolves when the group is known to count this process in: at once, unless it was frozen or cut off for longer than
   * a session. Await it before anything that costs, then look at `signal`.
   */
  readonly confirmed?: () => Promise<void>;
  /**
   * Whether this process was out of its group for longer than a session at some time since then (Unix ms): others may
   * have its work, and do not wait for what it had not begun.
   */
  readonly lapsedSince?: (sinceMs: number) => boolean;
}

/** What a new owner of a partition knows before its first record of it. */
export interface Takeover {
  readonly partition: number;
  /** Per source topic: first offset not committed as done, the end of the log, and when the last commit was made (Unix ms; 0 if never). */
  readonly sources: readonly {
    readonly topic: ConsumedTopic;
    readonly fromOffset: bigint;
    readonly endOffset: bigint;
    readonly committedAtMs: number;
    /** Broker timestamp of the record at fromOffset; null when there is none. */
    readonly oldestTimestampMs: number | null;
  }[];
}

export interface Stage {
  readonly name: ConsumerName;
  readonly sources: readonly ConsumedTopic[];
  /**
   * Places that a source gets beside one of weight 1 while records of both wait; 1 when it is not named. Sources of one
   * weight are one lane (consumer/lanes).
   */
  readonly weights?: Readonly<Partial<Record<ConsumedTopic, number>>>;
  /** Nobody waits for what it does with a record: its fetches wait up to half a second for more of them. */
  readonly unhurried?: boolean;
  readonly process: (record: ConsumedRecord, context: StageContext) => Promise<Outcome>;
  /** Runs to its end before the first record of a newly assigned partition is processed. */
  readonly takeOver?: (takeover: Takeover, context: StageContext) => Promise<void>;
  /**
   * Main output topics, for a stage that could decide differently the second time: a record whose emission is there
   * already is done, and not processed again. Each outcome must put exactly one record on exactly one of them.
   */
  readonly keepsEmitted?: readonly TopicName[];
  /** The partition went to another process: forget what was held for it. */
  readonly release?: (partition: number) => void;
}

/** Typed identity, so that a stage is checked where it is written. */
export function defineStage(stage: Stage): Stage {
  return stage;
}
