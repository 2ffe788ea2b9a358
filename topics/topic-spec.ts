/**
 * What the catalog says of each topic.
 */
import type { z } from "zod";

export type TopicRole =
  /** Runs flow through it; N partitions, partition = murmur2(run_id) mod N. */
  | "flow"
  /** One partition, read whole by every process; most are compacted tables. */
  | "control";

export interface TopicSpec {
  readonly name: string;
  readonly role: TopicRole;
  readonly carries: string;
  readonly schema: z.ZodType;
  readonly key: string;
  readonly writtenBy: readonly string[];
  /** A service that reads it beside its own consumption says what for in brackets. */
  readonly readBy: readonly string[];
  /** How long records are kept, milliseconds; null: compacted, kept for ever. */
  readonly retentionMs: number | null;
  /** Of requests in the clear: how long one stays after it was read, milliseconds; `retentionMs` holds for what nobody reads. */
  readonly trimmedMs?: number;
  /** Of a compacted topic: how long a value that was replaced or deleted stays on disk, milliseconds. */
  readonly compactedWithinMs?: number;
}
