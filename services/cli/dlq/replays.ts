/** The replays that were made from here, noted in `replays.jsonl` when the broker has acknowledged them. */
import path from "node:path";
import { z } from "zod";
import { openDurableLines, readLines } from "../durable-lines.ts";

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
