/**
 * A dead letter made ready to run again: its request is found (in the letter,
 * or where the letter says that it stands), rebuilt as a new run, and held
 * against the replays there were. Publishes nothing.
 */
import type { RunRequest } from "../../../schemas/records/run-request.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import type { Letter } from "../read-letters.ts";
import { chooseReplay, type ReplayWish } from "./choose-replay.ts";
import { rebuildRequest, requestSource } from "./replay-request.ts";

export type PreparedReplay =
  | {
      readonly kind: "new";
      readonly ref: string;
      readonly replay: number;
      readonly runId: string;
      readonly request: RunRequest & { readonly run_id: string };
      /** Of the dead letter, where its run was traced: the replay's trace links there. */
      readonly traceparent: string | undefined;
    }
  /** It was published before: nothing is to be done. */
  | { readonly kind: "already"; readonly ref: string; readonly replay: number; readonly runId: string }
  | Unusable;

interface Unusable {
  readonly kind: "unusable";
  readonly ref: string;
  readonly reason: string;
  /** A mended request would do. */
  readonly isMendable: boolean;
}

export interface Preparation {
  readonly reader: Pick<LogReader, "recordAt">;
  readonly letter: Letter;
  /** A request to take the place of the original one. */
  readonly mended?: unknown;
  readonly wish: ReplayWish;
  /** Whether the run was published before. */
  readonly isDone: (runId: string) => Promise<boolean>;
}

/** Errors: TransientError broker_unavailable, and those of `isDone`. */
export async function prepareReplay({ reader, letter, mended, wish, isDone }: Preparation): Promise<PreparedReplay> {
  const { entry, record } = letter;
  const { ref } = entry;
  const source = requestSource(entry.source.topic, record.value);
  if (source.kind === "none" && mended === undefined)
    return { kind: "unusable", ref, reason: source.reason, isMendable: false };
  const { replay, runId, alreadyDone } = await chooseReplay(entry, wish, isDone);
  if (alreadyDone) return { kind: "already", ref, replay, runId };
  let bytes = record.value;
  if (source.kind === "at" && mended === undefined) {
    const { topic, partition, offset } = source.origin;
    const request = await reader.recordAt({ topic, partition, offset: BigInt(offset) });
    if (request === null) return mendable(ref, `its request at ${topic}/${partition}/${offset} is not kept any more`);
    bytes = request.value;
  }
  const rebuilt = rebuildRequest(entry, bytes, { mended, replay });
  return rebuilt.kind === "unusable"
    ? mendable(ref, rebuilt.reason)
    : { kind: "new", ref, replay, runId, request: rebuilt.request, traceparent: record.headers["traceparent"] };
}

function mendable(ref: string, reason: string): Unusable {
  return { kind: "unusable", ref, reason, isMendable: true };
}
