/**
 * A record of a dead-letter topic as its headers tell it: what was rejected,
 * where it stood, by which stage, why. The payload stays bytes.
 */
import { z } from "zod";
import { causeOf } from "./letter-cause.ts";
import { harnessRef } from "../../schemas/parts/identity.ts";
import { consumedTopics, deadLetterTopicOf, type ConsumedTopic } from "../../topics/catalog.ts";

export interface DeadLetterRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface DeadLetterEntry {
  /** `<topic>/<partition>/<offset>` of the dead letter itself. */
  readonly ref: string;
  readonly code: string;
  readonly message: string;
  readonly stage: string;
  readonly disposition: string;
  readonly at: string;
  /** The record that was rejected. */
  readonly source: { readonly topic: ConsumedTopic; readonly partition: number; readonly offset: string };
  readonly bytes: number;
  /** That its request or record names; null where none can be read. */
  readonly harness: string | null;
  /** The first thing that its message says is wrong, in the words that letters with the same cause share. */
  readonly cause: string;
}

const prefix = "__dlq.errors.";

/** Headers of KIP-1191 that say where the record stood. */
const sourceHeaders = z.object({
  topic: z.enum(consumedTopics),
  partition: z.string().regex(/^\d+$/).transform(Number),
  offset: z.string().regex(/^\d+$/),
});

/** null for a record that somebody else wrote into the topic. */
export function readDeadLetter(record: DeadLetterRecord): DeadLetterEntry | null {
  const header = (name: string): string | undefined => record.headers[`${prefix}${name}`];
  const source = sourceHeaders.safeParse({
    topic: header("topic"),
    partition: header("partition"),
    offset: header("offset"),
  });
  if (!source.success) return null;
  const message = header("message") ?? "";
  return {
    ref: refOf(record),
    code: header("code") ?? "unknown",
    message,
    stage: header("stage") ?? "unknown",
    disposition: header("disposition") ?? "unknown",
    at: header("timestamp") ?? new Date(record.timestampMs).toISOString(),
    source: source.data,
    bytes: record.value?.length ?? 0,
    harness: harnessIn(record.value),
    cause: causeOf(message),
  };
}

const namesHarness = z.object({ harness: z.union([harnessRef.shape.name, z.object({ name: harnessRef.shape.name })]) });

function harnessIn(value: Buffer | null): string | null {
  const named = namesHarness.safeParse(parseJson(value)).data?.harness;
  return named === undefined ? null : typeof named === "string" ? named : named.name;
}

/** undefined for bytes that are no JSON. */
export function parseJson(bytes: Buffer | null): unknown {
  if (bytes === null) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return value;
  } catch {
    return undefined;
  }
}

export interface DeadLetterRef {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export function refOf({ topic, partition, offset }: DeadLetterRef): string {
  return `${topic}/${partition}/${offset}`;
}

/** 64 bits on the wire. */
const highestOffset = 2n ** 63n - 1n;

/** Takes `harness-requests-dlq/0/12`, and `harness-requests/0/12` for the same. null when it is neither. */
export function parseRef(text: string): DeadLetterRef | null {
  const match = /^([a-z-]+)\/(\d{1,9})\/(\d{1,19})$/.exec(text);
  const topic = dlqNamed(match?.[1] ?? "");
  const offset = BigInt(match?.[3] ?? "0");
  if (match === null || topic === null || offset > highestOffset) return null;
  return { topic, partition: Number(match[2]), offset };
}

/** The dead-letter topic of that name, or beside the topic of that name. */
export function dlqNamed(name: string): string | null {
  const beside = consumedTopics.find((topic) => topic === name || deadLetterTopicOf(topic) === name);
  return beside === undefined ? null : deadLetterTopicOf(beside);
}

/** How many per code, most first. */
export function countByCode(
  entries: readonly DeadLetterEntry[],
): readonly { readonly code: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { code } of entries) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .map(([code, count]) => ({ code, count }))
    .toSorted((left, right) => right.count - left.count || (left.code < right.code ? -1 : 1));
}
