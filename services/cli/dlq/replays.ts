/**
 * Which replays were published: noted in `replays.jsonl` when the broker has
 * acknowledged them, and looked up on harness-requests itself for those that
 * another machine, or a killed command, made. A replay is never published twice.
 */
import path from "node:path";
import { z } from "zod";
import { runRequest } from "../../../schemas/records/run-request.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import { partitionOf } from "../../runtime/kafka/murmur2.ts";
import { openDurableLines, readLines } from "../durable-lines.ts";
import { replayRunId } from "../../runtime/requests/run-ids.ts";
import type { DeadLetterEntry } from "./dead-letter.ts";

const replayLine = z.object({
  kind: z.literal("replayed"),
  run_id: z.uuid(),
  ref: z.string(),
  replay: z.int().positive(),
  at: z.string(),
});
export type ReplayLine = z.infer<typeof replayLine>;

function replaysFile(home: string): string {
  return path.join(home, "replays.jsonl");
}

/** Run ids of the replays that were made from here. */
export async function readReplays(home: string): Promise<ReadonlySet<string>> {
  const lines = await readLines(replaysFile(home));
  return new Set(lines.flatMap((line) => replayLine.safeParse(line).data?.run_id ?? []));
}

export async function noteReplays(home: string, replays: readonly Omit<ReplayLine, "kind" | "at">[]): Promise<void> {
  const lines = await openDurableLines(replaysFile(home));
  try {
    await lines.append(replays.map((replay) => ({ kind: "replayed", ...replay, at: new Date().toISOString() })));
  } finally {
    await lines.close();
  }
}

const requestedRun = z.object({ run_id: runRequest.shape.run_id });

/** Reads the one partition that the run id belongs to, from when the record was dead-lettered. */
export async function wasPublished(
  reader: Pick<LogReader, "offsets" | "offsetAt" | "read">,
  runId: string,
  sinceMs: number,
): Promise<boolean> {
  const topic = "harness-requests";
  const offsets = await reader.offsets(topic);
  const partition = partitionOf(Buffer.from(runId), offsets.size);
  const ends = offsets.get(partition);
  if (ends === undefined) return false;
  const from = await reader.offsetAt(topic, partition, sinceMs);
  let found = false;
  if (from < ends.high) {
    await reader.read({
      topic,
      ranges: [{ partition, from, to: ends.high }],
      onRecord: ({ key, value }) => {
        found ||= key?.toString("utf8") === runId && runIdOf(value) === runId;
      },
    });
  }
  return found;
}

function runIdOf(value: Buffer | null): string | undefined {
  try {
    return value === null ? undefined : requestedRun.safeParse(JSON.parse(value.toString("utf8"))).data?.run_id;
  } catch {
    return undefined;
  }
}

export interface ReplayChoice {
  readonly replay: number;
  readonly runId: string;
  /** Published before: doing it again would be the same run. */
  readonly alreadyDone: boolean;
}

export interface ReplayWish {
  /** --replay */
  readonly number: number | undefined;
  /** --again: the next one that was not published yet. */
  readonly again: boolean;
}

/** The first replay, or the number that is wished for, or with --again the next. */
export async function chooseReplay(
  { source }: Pick<DeadLetterEntry, "source">,
  wish: ReplayWish,
  done: (runId: string) => Promise<boolean>,
): Promise<ReplayChoice> {
  for (let replay = wish.number ?? 1; ; replay += 1) {
    const runId = replayRunId(source, replay);
    const alreadyDone = await done(runId);
    if (!alreadyDone || !wish.again) return { replay, runId, alreadyDone };
  }
}
