/**
 * Every topic, in the order a request meets them: what it carries, who writes
 * and who reads it, how it is keyed and kept. The one source for topic
 * creation, schema registration and the pictures in the docs.
 */
import { answerPointer } from "../schemas/records/answer-pointer.ts";
import { attemptTask } from "../schemas/records/attempt-task.ts";
import { auditChainRecord } from "../schemas/audit/chain.ts";
import { auditRecord } from "../schemas/audit/record.ts";
import { callRecord } from "../schemas/records/call.ts";
import { idempotencyClaim } from "../schemas/records/idempotency.ts";
import { reviewRecord } from "../schemas/records/review.ts";
import { runRequest } from "../schemas/records/run-request.ts";
import { runResult } from "../schemas/records/run-result.ts";
import { settledMark } from "../schemas/records/settled.ts";
import { auditRetentionMs, day, hour, requestsKeptMs, reviewRetentionMs } from "./retention.ts";
import { controlTopics } from "./control-topics.ts";
import type { TopicSpec } from "./topic-spec.ts";

export const catalog = [
  {
    name: "harness-requests",
    role: "flow",
    carries: "runs asked for, from any client, under any key",
    schema: runRequest,
    key: "any",
    writtenBy: ["publishers", "input-scan (fillers)"],
    readBy: ["input-scan", "gateway"],
    retentionMs: 7 * day,
    trimmedMs: requestsKeptMs,
  },
  {
    name: "harness-requests-batch",
    role: "flow",
    carries: "runs asked for by the thousand, which may stand behind those of harness-requests",
    schema: runRequest,
    key: "any",
    writtenBy: ["publishers", "input-scan (fillers)"],
    readBy: ["input-scan"],
    retentionMs: 7 * day,
    trimmedMs: requestsKeptMs,
  },
  {
    name: "harness-idempotency",
    role: "flow",
    carries: "which run an Idempotency-Key stands for; the first claim of a key by offset counts for a day",
    schema: idempotencyClaim,
    key: "key_sha256",
    writtenBy: ["gateway"],
    readBy: ["gateway"],
    // An hour more than the longest that a claim counts: what is left tells still which of two was first.
    retentionMs: 26 * hour,
  },
  {
    name: "harness-scanned",
    role: "flow",
    carries: "first attempts of admitted runs",
    schema: attemptTask,
    key: "run_id",
    writtenBy: ["input-scan"],
    readBy: ["model-invoke", "input-scan (takeover)"],
    retentionMs: 7 * day,
  },
  {
    name: "harness-scanned-batch",
    role: "flow",
    carries: "first attempts of admitted runs that belong to a batch",
    schema: attemptTask,
    key: "run_id",
    writtenBy: ["input-scan"],
    readBy: ["model-invoke", "input-scan (takeover)"],
    retentionMs: 7 * day,
  },
  {
    name: "harness-calls",
    role: "flow",
    carries: "the journal: every provider call, before it leaves and after it ends",
    schema: callRecord,
    key: "run_id",
    writtenBy: ["model-invoke", "output-validate"],
    readBy: ["output-validate", "cost-aggregate", "model-invoke (takeover)"],
    retentionMs: 7 * day,
  },
  {
    name: "harness-settled",
    role: "flow",
    carries: "marks of attempts that are over and must not be paid again",
    schema: settledMark,
    key: "run_id",
    writtenBy: ["model-invoke"],
    readBy: ["model-invoke (takeover)", "output-validate (takeover)"],
    retentionMs: 2 * hour,
  },
  {
    name: "harness-retries",
    role: "flow",
    carries: "second and third attempts; the one arrow upstream",
    schema: attemptTask,
    key: "run_id",
    writtenBy: ["output-validate"],
    readBy: ["model-invoke"],
    retentionMs: 7 * day,
  },
  {
    name: "harness-reviews",
    role: "flow",
    carries: "answers held for a person, and what was decided about them; the first decision by offset counts",
    schema: reviewRecord,
    key: "run_id",
    writtenBy: ["output-validate", "cli", "gateway"],
    readBy: ["output-validate", "cost-aggregate", "cli", "gateway"],
    retentionMs: reviewRetentionMs,
  },
  {
    name: "harness-results",
    role: "flow",
    carries: "terminal results; the first of a run by offset is its result",
    schema: runResult,
    key: "run_id",
    writtenBy: ["input-scan", "model-invoke", "output-validate"],
    readBy: ["cost-aggregate", "publishers", "gateway", "input-scan (takeover)", "model-invoke (last answers)"],
    retentionMs: 7 * day,
  },
  {
    name: "harness-answers",
    role: "flow",
    carries: "where the last good answer to an input stands, for harnesses that give it when no model answers",
    schema: answerPointer,
    key: "answer_key",
    writtenBy: ["output-validate"],
    readBy: ["model-invoke"],
    retentionMs: 7 * day,
  },
  {
    name: "harness-audit",
    role: "flow",
    carries: "who did what: every decision of every stage, every call, every change by an operator; without content",
    schema: auditRecord,
    key: "run_id, or what was changed",
    writtenBy: ["input-scan", "model-invoke", "output-validate", "cli", "gateway"],
    readBy: ["cost-aggregate", "audit-seal"],
    retentionMs: 30 * day,
  },
  {
    name: "harness-audit-chain",
    role: "flow",
    carries:
      "the audit sealed: each record with the hash of the one before it, and signed heads; partition by partition",
    schema: auditChainRecord,
    key: "event_id",
    writtenBy: ["audit-seal"],
    readBy: ["audit-seal", "cost-aggregate", "cli"],
    retentionMs: auditRetentionMs,
  },
  ...controlTopics,
] as const satisfies readonly TopicSpec[];

export type TopicName = (typeof catalog)[number]["name"];

/** Who reads dead letters: to show them, and to replay them as new requests. */
export const deadLettersReadBy = ["cli", "gateway"] as const;

/** Topics that a stage consumes; each has a dead-letter topic beside it. */
export const consumedTopics = [
  "harness-requests",
  "harness-requests-batch",
  "harness-scanned",
  "harness-scanned-batch",
  "harness-retries",
  "harness-calls",
  "harness-reviews",
  "harness-results",
  "harness-audit",
  "harness-audit-chain",
  "harness-alerts",
] as const satisfies readonly TopicName[];

export type ConsumedTopic = (typeof consumedTopics)[number];
export type DeadLetterTopic = `${ConsumedTopic}-dlq`;

export function deadLetterTopicOf(topic: ConsumedTopic): DeadLetterTopic {
  return `${topic}-dlq`;
}

/** Broker-side cap on one record, bytes; requests and answers are held to 1 MiB each by the stages. */
export const maxMessageBytes = 8 * 1024 * 1024;

export function topicSpec(name: TopicName): TopicSpec {
  const found = catalog.find((spec) => spec.name === name);
  if (found === undefined) throw new Error(`no topic ${name} in the catalog`);
  return found;
}
