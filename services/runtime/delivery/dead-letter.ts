/**
 * The form of a dead letter: the record's key, value and headers byte for byte,
 * on `<topic>-dlq` in the partition it came from, with the reason in headers of
 * the broker's own family `__dlq.errors.` (KIP-1191), all UTF-8 text and never
 * content. Written here and read back here.
 */
import { SpanStatusCode } from "@opentelemetry/api";
import type { IHeaders } from "kafkajs";
import { z } from "zod";
import { deadLetterCode, type ConsumerName } from "../../../schemas/parts/codes.ts";
import { consumedTopics, deadLetterTopicOf, type ConsumedTopic } from "../../../topics/catalog.ts";
import type { DeadLetter } from "../stage.ts";
import { attributes as names } from "../telemetry/names.ts";
import { inSendSpan } from "../telemetry/send-span.ts";

const prefix = "__dlq.errors.";
/** Set by a replay, kept by what fails again: how often this was replayed. */
export const replayCountHeader = `${prefix}replay.count`;

export interface DeadLetterSource {
  readonly topic: ConsumedTopic;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** The original headers where text cannot give them back. */
  readonly rawHeaders?: IHeaders | null;
}

export interface DeadLetterReporter {
  readonly stage: ConsumerName;
  readonly groupId: string;
  readonly appVersion: string;
  /** Unix milliseconds. */
  readonly nowMs: number;
}

type HeaderPart = string | Buffer;
type HeaderValue = HeaderPart | readonly HeaderPart[];

/** A record as it is written: original header values that are not text stay bytes, one that was there twice is a list. */
export interface DeadLetterRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, HeaderValue>>;
}

/** `deliveries`: how often this process tried the record, at least 1. */
export function deadLetterRecord(
  source: DeadLetterSource,
  reason: DeadLetter,
  reporter: DeadLetterReporter,
  deliveries = 1,
): DeadLetterRecord {
  const errors = {
    topic: source.topic,
    partition: String(source.partition),
    offset: String(source.offset),
    group: reporter.groupId,
    "delivery.count": String(deliveries),
    message: reason.message,
    stage: reporter.stage,
    exception: reason.disposition === "poison" ? "PoisonRecordError" : "none",
    code: reason.code,
    disposition: reason.disposition,
    retriable: "false",
    timestamp: new Date(reporter.nowMs).toISOString(),
    "replay.count": source.headers[replayCountHeader] ?? "0",
    "app.version": reporter.appVersion,
  };
  return {
    topic: deadLetterTopicOf(source.topic),
    partition: source.partition,
    key: source.key,
    value: source.value,
    headers: {
      ...originalHeaders(source),
      ...Object.fromEntries(Object.entries(errors).map(([name, value]) => [prefix + name, value])),
    },
  };
}

/** A dead letter is an error of its trace, whoever is at fault. */
export function inDeadLetterSpan<T>(
  topic: ConsumedTopic,
  { code, disposition }: DeadLetter,
  send: () => Promise<T>,
): Promise<T> {
  const attributes = { [names.errorType]: code, [names.disposition]: disposition };
  return inSendSpan(deadLetterTopicOf(topic), attributes, (_, span) => {
    span.setStatus({ code: SpanStatusCode.ERROR });
    return send();
  });
}

const readHeaders = z.object({
  topic: z.enum(consumedTopics),
  partition: z.coerce.number().int().nonnegative(),
  offset: z.string().regex(/^\d+$/).transform(BigInt),
  group: z.string(),
  "delivery.count": z.coerce.number().int(),
  message: z.string(),
  stage: z.string(),
  code: deadLetterCode,
  disposition: z.enum(["poison", "rejected", "exhausted", "expired"]),
  timestamp: z.iso.datetime(),
  "replay.count": z.coerce.number().int().nonnegative(),
  "app.version": z.string(),
});

export interface ReadDeadLetter {
  readonly source: { readonly topic: ConsumedTopic; readonly partition: number; readonly offset: bigint };
  readonly code: DeadLetter["code"];
  readonly disposition: DeadLetter["disposition"];
  readonly message: string;
  readonly stage: string;
  readonly group: string;
  /** RFC 3339. */
  readonly deadAt: string;
  readonly deliveries: number;
  readonly replayCount: number;
  readonly appVersion: string;
  /** As they were on the source record. */
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** null: not a dead letter of ours. */
export function readDeadLetter(record: Pick<DeadLetterSource, "key" | "value" | "headers">): ReadDeadLetter | null {
  const errors: Record<string, string> = {};
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(record.headers)) {
    if (name.startsWith(prefix)) errors[name.slice(prefix.length)] = value;
    else headers[name] = value;
  }
  const parsed = readHeaders.safeParse(errors);
  if (!parsed.success) return null;
  const { topic, partition, offset, code, disposition, message, stage, group } = parsed.data;
  return {
    source: { topic, partition, offset },
    code,
    disposition,
    message,
    stage,
    group,
    deadAt: parsed.data.timestamp,
    deliveries: parsed.data["delivery.count"],
    replayCount: parsed.data["replay.count"],
    appVersion: parsed.data["app.version"],
    key: record.key,
    value: record.value,
    headers,
  };
}

function originalHeaders({ headers, rawHeaders }: DeadLetterSource): Record<string, HeaderValue> {
  const exact: Record<string, HeaderValue> = { ...headers };
  for (const [name, raw] of Object.entries(rawHeaders ?? {})) if (raw !== undefined) exact[name] = raw;
  return exact;
}
