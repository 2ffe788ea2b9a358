/**
 * The two files of a batch: its state (`batches/<id>.jsonl`: how it was
 * started, and every request the broker has acknowledged) and its results
 * (`results/<id>.jsonl`, one line a document).
 */
import path from "node:path";
import { z } from "zod";
import { resultStatus } from "../../../schemas/parts/codes.ts";
import { reason } from "../../../schemas/parts/finding.ts";
import { documentRef, harnessRef } from "../../../schemas/parts/identity.ts";
import { toolCall } from "../../../schemas/parts/tools.ts";
import { usd } from "../../../schemas/parts/usage.ts";
import { runResult } from "../../../schemas/records/run-result.ts";
import { readLines } from "../durable-lines.ts";
import { documentNote } from "./reading/document-note.ts";

const offsets = z.record(z.string().regex(/^\d+$/), z.string().regex(/^\d+$/)).describe("Partition to offset");

/** A batch that was started before there was a lane for batches goes on where it began. */
const requestTopic = z.enum(["harness-requests", "harness-requests-batch"]).default("harness-requests");

export const batchStart = z.object({
  kind: z.literal("batch"),
  batch_id: documentRef.shape.batch_id,
  harness: harnessRef,
  client_id: z.string(),
  feature: z.string().optional(),
  field: z.string().describe("Input field that holds the document's text"),
  started_at: z.string(),
  deadline_at_ms: z.int().optional().describe("Of every document, Unix milliseconds; absent in older batches"),
  requests: requestTopic.describe("Where its requests go, from its first start to its last"),
  request_starts: offsets.describe("Ends of that topic before anything was published"),
  result_starts: offsets.describe("Ends of harness-results before anything was published"),
  review_starts: offsets.default({}).describe("Ends of harness-reviews likewise; empty in older batches"),
});

export const acknowledged = z.object({
  kind: z.literal("acknowledged"),
  run_id: z.uuid(),
  document: z.string(),
  partition: z.int(),
  offset: z.string(),
});

export const batchLine = z.discriminatedUnion("kind", [batchStart, acknowledged]);
export type BatchStart = z.infer<typeof batchStart>;
export type Acknowledged = z.infer<typeof acknowledged>;

/** One document of the results file. What was never published has no run id. */
export const resultLine = z.object({
  run_id: z.uuid().nullable(),
  document: z.string(),
  sha256: z.string().nullable().describe("Of the file's bytes"),
  notes: z
    .array(documentNote)
    .optional()
    .describe("What of the file was not read, or is not seen; absent when nothing"),
  status: z.union([resultStatus, z.literal("not_published")]),
  output: z.json().nullable().describe("The answer; null when there is none, or when it is sealed under a subject key"),
  tool_calls: z.array(toolCall).optional().describe("The tools that the answer calls; absent when it calls none"),
  stale: runResult.shape.stale,
  reasons: z.array(reason),
  attempts: z.int(),
  calls: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost_usd: usd.nullable().describe("null: unknown. 0 for a duplicate, whose run is paid once"),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  finished_at: z.string().nullable(),
  duplicate_of: z.string().optional().describe("The document with the same bytes whose run this is"),
});
export type ResultLine = z.infer<typeof resultLine>;

export interface BatchPaths {
  readonly state: string;
  readonly lock: string;
  readonly results: string;
}

export function batchPaths(home: string, batchId: string): BatchPaths {
  return {
    state: path.join(home, "batches", `${batchId}.jsonl`),
    lock: path.join(home, "batches", `${batchId}.lock`),
    results: path.join(home, "results", `${batchId}.jsonl`),
  };
}

/** Ids become file names. */
export const batchId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
    "a batch id is 1 to 128 letters, digits, '.', '_' and '-', and starts with a letter or digit",
  );

export interface BatchState {
  /** null before the first start. */
  readonly start: BatchStart | null;
  readonly acknowledged: ReadonlySet<string>;
}

/** @throws Error naming the file when a line is not one of a batch's. */
export async function readBatchState(file: string): Promise<BatchState> {
  let start: BatchStart | null = null;
  const runs = new Set<string>();
  for (const line of await readLines(file)) {
    const parsed = batchLine.safeParse(line);
    if (!parsed.success)
      throw new Error(`${file} is not the state of a batch: ${parsed.error.issues[0]?.message ?? ""}`);
    if (parsed.data.kind === "batch") start ??= parsed.data;
    else runs.add(parsed.data.run_id);
  }
  return { start, acknowledged: runs };
}

/** Results that an earlier start has written, by run id. Lines of documents that were not published are not results. */
export async function readResultLines(file: string): Promise<ReadonlyMap<string, ResultLine>> {
  const results = new Map<string, ResultLine>();
  for (const line of await readLines(file)) {
    const parsed = resultLine.safeParse(line);
    if (!parsed.success)
      throw new Error(`${file} does not hold a batch's results: ${parsed.error.issues[0]?.message ?? ""}`);
    const { run_id: runId, duplicate_of: duplicateOf } = parsed.data;
    if (runId !== null && duplicateOf === undefined && !results.has(runId)) results.set(runId, parsed.data);
  }
  return results;
}
