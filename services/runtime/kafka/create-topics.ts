/**
 * Creates the catalog's topics and the dead-letter topics beside them; those
 * that exist stay as they are, but a partition count that differs from the
 * wanted one stops with an error: records of a run would not meet any more.
 */
import type { Admin, ITopicConfig, Kafka } from "kafkajs";
import { catalog, consumedTopics, deadLetterTopicOf } from "../../../topics/catalog.ts";
import { deadLetterRetentionMs, requestSegmentMs } from "../../../topics/retention.ts";
import type { TopicSpec } from "../../../topics/topic-spec.ts";
import { ConfigError } from "../errors.ts";
import { logEnds } from "./read/log-ends.ts";
import { maxBatchBytesOf } from "./record-limits.ts";
import { ClusterLink } from "./wire/cluster-link.ts";

export interface CreateTopicsOptions {
  readonly kafka: Kafka;
  /** Of each flow topic and its dead letters. Control topics have one. */
  readonly partitions: number;
  readonly replicationFactor: number;
}

export interface CreatedTopics {
  readonly created: readonly string[];
  readonly existing: readonly string[];
}

const day = 86_400_000;
const minute = 60_000;
const leadersWithinMs = 60_000;

/** Returns when every new topic takes records. Errors: ConfigError that names the topic, the count found and the count wanted. */
export async function createTopics({
  kafka,
  partitions,
  replicationFactor,
}: CreateTopicsOptions): Promise<CreatedTopics> {
  const wanted = wantedTopics(partitions, replicationFactor);
  const admin = kafka.admin();
  await admin.connect();
  try {
    const present = new Set(await admin.listTopics());
    const existing = wanted.filter(({ topic }) => present.has(topic));
    const missing = wanted.filter(({ topic }) => !present.has(topic));
    await checkCounts(admin, existing);
    await createMissing(admin, missing);
    await leadersAnswer(
      kafka,
      missing.map(({ topic }) => topic),
    );
    return { created: missing.map(({ topic }) => topic), existing: existing.map(({ topic }) => topic) };
  } finally {
    await admin.disconnect();
  }
}

async function checkCounts(admin: Admin, existing: readonly ITopicConfig[]): Promise<void> {
  if (existing.length === 0) return;
  const { topics } = await admin.fetchTopicMetadata({ topics: existing.map(({ topic }) => topic) });
  const found = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  const wrong = existing.filter(({ topic, numPartitions }) => found.get(topic) !== numPartitions);
  if (wrong.length === 0) return;
  const list = wrong.map(
    ({ topic, numPartitions }) => `${topic} has ${found.get(topic)} partitions, wanted ${numPartitions}`,
  );
  throw new ConfigError(
    `${list.join("; ")}: partition counts are fixed at creation, set BREAKWATER_PARTITIONS to what is there or use another cluster.`,
  );
}

async function createMissing(admin: Admin, missing: ITopicConfig[]): Promise<void> {
  if (missing.length === 0) return;
  const allCreated = await admin.createTopics({ topics: missing, waitForLeaders: false }).catch((error: unknown) => {
    const reasons: unknown = error instanceof Error && "errors" in error ? error.errors : null;
    throw Array.isArray(reasons) ? new ConfigError(refusals(reasons)) : error;
  });
  // Another process was creating the same topics: its counts are checked as of any topic that was there before.
  if (!allCreated) await checkCounts(admin, missing);
}

/** The broker's reasons, each once, with the topics it gave it for: too few brokers for the replicas, no permission. */
function refusals(errors: readonly unknown[]): string {
  const topicsOf = new Map<string, string[]>();
  for (const error of errors) {
    const reason = error instanceof Error ? error.message : String(error);
    const topic = error instanceof Error && "topic" in error ? String(error.topic) : "a topic";
    topicsOf.set(reason, [...(topicsOf.get(reason) ?? []), topic]);
  }
  const reasons = [...topicsOf].map(([reason, topics]) => `${reason} (${topics.join(", ")})`);
  return `Kafka refuses to create topics: ${reasons.join("; ")}. Replicas are set by BREAKWATER_REPLICATION_FACTOR.`;
}

/** A leader is named before it has made its log: until then it refuses records, for seconds when many are new. */
async function leadersAnswer(kafka: Kafka, topics: readonly string[]): Promise<void> {
  const link = new ClusterLink(kafka);
  try {
    for (const topic of topics) await link.patiently(leadersWithinMs, () => logEnds(link, topic));
  } finally {
    await link.close();
  }
}

/** Every topic with its settings. */
export function wantedTopics(partitions: number, replicationFactor: number): ITopicConfig[] {
  const topics = catalog.map((spec: TopicSpec) => ({
    topic: spec.name,
    numPartitions: spec.role === "control" ? 1 : partitions,
    settings: { ...commonSettings(spec.name, replicationFactor), ...retentionSettings(spec) },
  }));
  const deadLetters = consumedTopics.map(deadLetterTopicOf).map((topic) => ({
    topic,
    numPartitions: partitions,
    settings: {
      ...commonSettings(topic, replicationFactor),
      ...retentionSettings({ retentionMs: deadLetterRetentionMs }),
    },
  }));
  return [...topics, ...deadLetters].map(({ topic, numPartitions, settings }) => ({
    topic,
    numPartitions,
    replicationFactor,
    configEntries: Object.entries(settings).map(([name, value]) => ({ name, value: String(value) })),
  }));
}

function commonSettings(topic: string, replicationFactor: number): Readonly<Record<string, string | number>> {
  return {
    "max.message.bytes": maxBatchBytesOf(topic),
    "min.insync.replicas": Math.min(2, replicationFactor),
    // Times are the broker's: deadlines and look-ups by time do not depend on publishers' clocks.
    "message.timestamp.type": "LogAppendTime",
    // A publisher may compress in ways that not every reader knows; what is stored can be read by all.
    "compression.type": "uncompressed",
  };
}

function retentionSettings({
  retentionMs,
  trimmedMs,
  compactedWithinMs,
}: Pick<TopicSpec, "retentionMs" | "trimmedMs" | "compactedWithinMs">): Readonly<Record<string, string | number>> {
  if (retentionMs !== null)
    return {
      "cleanup.policy": "delete",
      "retention.ms": retentionMs,
      "segment.ms": trimmedMs === undefined ? Math.min(Math.ceil(retentionMs / 4), day) : requestSegmentMs,
    };
  return {
    "cleanup.policy": "compact",
    ...(compactedWithinMs === undefined ? { "segment.ms": 10 * minute } : promptCompaction(compactedWithinMs)),
    "min.cleanable.dirty.ratio": 0.1,
    // A process that was away for longer than this starts from an empty table anyway.
    "delete.retention.ms": day,
  };
}

/** A segment that is written to is never compacted: it ends as soon as a record comes after this time. */
function promptCompaction(withinMs: number): Readonly<Record<string, string | number>> {
  return { "segment.ms": withinMs, "max.compaction.lag.ms": withinMs, "file.delete.delay.ms": 1000 };
}
