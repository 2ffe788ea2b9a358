/**
 * Which replay of a dead letter is made: the first one, the number that is
 * asked for, or the next one. Whether one was published is looked up on
 * harness-requests itself, for those that another machine or a killed command
 * made.
 */
import { z } from "zod";
import { runRequest } from "../../../schemas/records/run-request.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import { partitionOf } from "../../runtime/kafka/murmur2.ts";
import { replayRunId } from "../../runtime/requests/run-ids.ts";
import { parseJson, type DeadLetterEntry } from "../dead-letter.ts";

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
        found ||= key?.toString("utf8") === runId && requestedRun.safeParse(parseJson(value)).data?.run_id === runId;
      },
    });
  }
  return found;
}

export interface ReplayChoice {
  readonly replay: number;
  readonly runId: string;
  /** Published before: doing it again would be the same run. */
  readonly alreadyDone: boolean;
}

export interface ReplayWish {
  /** Its number; the first when undefined. */
  readonly number: number | undefined;
  /** The next one that was not published yet. */
  readonly again: boolean;
}

/** The first replay, or the number that is wished for, or the next. */
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
