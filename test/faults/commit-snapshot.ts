/**
 * What a stage had committed at the moment it was hit, and whether each record
 * that the commit calls done (below its offset, or in its map) had its effect on
 * the log by then, a held answer among the effects, and the result of a review
 * that of the decision that counts: found by the `origin` header that every emission carries, or
 * by the mark of the attempt. A commit that is early would lose records.
 */
import type { StageName } from "../../schemas/parts/codes.ts";
import { callRecord } from "../../schemas/records/call.ts";
import { settledMark } from "../../schemas/records/settled.ts";
import { attemptTask } from "../../schemas/records/attempt-task.ts";
import { reviewRecord } from "../../schemas/records/review.ts";
import { offsetsIn } from "../../services/runtime/consumer/progress/done-map.ts";
import { decodeProgress } from "../../services/runtime/consumer/progress/progress-codec.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import type { LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import { consumerGroupOf } from "../../services/runtime/run-stage.ts";
import { catalog } from "../../topics/catalog.ts";
import { coursesOf } from "../support/audit-reviews.ts";
import { markNow, type Mark } from "../support/evidence.ts";
import { silentLogger } from "../support/silent-logger.ts";
import type { StageProcesses } from "../support/stage-processes.ts";
import type { WholeSystem } from "../support/whole-system.ts";
import { keepsContract } from "./reviewers.ts";

export interface CommitSnapshot {
  readonly stage: StageName;
  /** `topic/partition/offset` of the records from the mark on that are committed as done. */
  readonly done: ReadonlySet<string>;
  /** The logs' ends. */
  readonly at: Mark;
}

export async function snapshotCommits(system: WholeSystem, stage: StageName, since: Mark): Promise<CommitSnapshot> {
  const admin = createKafka(system.stages.broker.settings, "test-snapshot", silentLogger).admin();
  await admin.connect();
  try {
    const topics = catalog.flatMap(({ name, role, readBy }) =>
      role === "flow" && readBy.some((reader) => reader === stage) ? [name] : [],
    );
    const done = new Set<string>();
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId: consumerGroupOf(stage), topics })) {
      for (const { partition, offset, metadata } of partitions) {
        const low = Number(offset);
        const progress = decodeProgress(metadata, low, Number.MAX_SAFE_INTEGER);
        const from = Number(since.ends.get(topic)?.get(partition) ?? 0n);
        for (let place = from; place < low; place += 1) done.add(`${topic}/${partition}/${place}`);
        for (const place of progress === null ? [] : offsetsIn(progress.done))
          done.add(`${topic}/${partition}/${place}`);
      }
    }
    return { stage, done, at: await markNow(system) };
  } finally {
    await admin.disconnect();
  }
}

/** A sentence for each record that was committed before what it causes was written. */
export async function committedEarly(
  { stages }: WholeSystem,
  { stage, done, at }: CommitSnapshot,
  since: Mark,
): Promise<string[]> {
  const owing = await owingRecords(stages, stage, since);
  const effects = new Set<string>();
  for (const topic of ["harness-scanned", "harness-retries", "harness-reviews", "harness-results", "harness-settled"]) {
    const ends = at.ends.get(topic);
    for (const record of await stages.records(topic, since.ends.get(topic))) {
      if (record.offset >= (ends?.get(record.partition) ?? 0n)) continue;
      effects.add(topic === "harness-settled" ? markOf(record) : (record.headers["origin"] ?? ""));
    }
  }
  return [...owing].flatMap(([place, effect]) =>
    done.has(place) && !effects.has(effect) ? [`${stage} committed ${place} before its effect was written`] : [],
  );
}

/** Places of the stage's source records that must have an effect, and what it is known by. */
async function owingRecords(
  stages: StageProcesses,
  stage: StageName,
  since: Mark,
): Promise<ReadonlyMap<string, string>> {
  const read = async (topic: string): Promise<readonly LogRecord[]> => stages.records(topic, since.ends.get(topic));
  switch (stage) {
    case "input-scan":
      return new Map((await read("harness-requests")).map((record) => [placeOf(record), placeOf(record)]));
    case "model-invoke": {
      const tasks = [...(await read("harness-scanned")), ...(await read("harness-retries"))];
      return new Map(tasks.map((record) => [placeOf(record), attemptOf(record)]));
    }
    case "output-validate":
      return new Map([...firstSettling(await read("harness-calls")), ...firstDecisions(await read("harness-reviews"))]);
    case "cost-aggregate":
      // Its effects are rows: the auditor misses them when the runs are over.
      return new Map();
  }
}

function firstSettling(records: readonly LogRecord[]): ReadonlyMap<string, string> {
  const attempts = new Set<string>();
  const owing = new Map<string, string>();
  for (const record of records) {
    const call = callRecord.parse(JSON.parse(String(record.value)));
    const key = `${call.run_id}/${call.attempt}`;
    if (call.kind !== "call.finished" || !call.settles || attempts.has(key)) continue;
    attempts.add(key);
    owing.set(placeOf(record), placeOf(record));
  }
  return owing;
}

function firstDecisions(records: readonly LogRecord[]): readonly (readonly [string, string])[] {
  const reviews = records.map(({ partition, offset, value }) => ({
    partition,
    offset,
    record: reviewRecord.parse(JSON.parse(String(value))),
  }));
  return [...coursesOf(reviews, keepsContract).values()].flatMap(({ decided }) => {
    const place = decided === null ? null : `harness-reviews/${decided.partition}/${decided.offset}`;
    return place === null ? [] : [[place, place] as const];
  });
}

function placeOf({ topic, partition, offset }: LogRecord): string {
  return `${topic}/${partition}/${offset}`;
}

function attemptOf({ value }: LogRecord): string {
  const { run_id: runId, attempt } = attemptTask.parse(JSON.parse(String(value)));
  return `${runId}/${attempt}`;
}

function markOf({ value }: LogRecord): string {
  const { run_id: runId, attempt } = settledMark.parse(JSON.parse(String(value)));
  return `${runId}/${attempt}`;
}
