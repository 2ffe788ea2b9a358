/**
 * Runs a batch of documents to its end: publishes what no earlier start has
 * published, waits for every result, writes one line a document. May be killed
 * at any moment: the next start with the same id goes on where it stopped, and
 * no document is published twice.
 */
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import { publishedRuns } from "../../runtime/requests/published-runs.ts";
import type { Publish } from "../../runtime/stage.ts";
import { openDurableLines, replaceLines } from "../durable-lines.ts";
import type { BatchPaths, BatchStart, ResultLine } from "./batch-files.ts";
import { publishDocuments } from "./documents/publish-documents.ts";
import { readFrom } from "./documents/log-starts.ts";
import type { BatchIdentity, BatchPlan, PlannedDocument } from "./documents/plan.ts";
import { followBatch } from "./follow-batch.ts";
import type { Progress } from "./progress.ts";
import type { DocumentPlace, DocumentProblem } from "./documents/find-documents.ts";
import { ResultCollector } from "./result-collector.ts";
import { lineOfDuplicate, lineOfProblem } from "./result-line.ts";
import { tallyOf, type Tally } from "./tally.ts";

export interface BatchRun {
  readonly identity: BatchIdentity;
  readonly plan: BatchPlan;
  readonly place: DocumentPlace;
  readonly paths: BatchPaths;
  readonly start: BatchStart;
  /** True when an earlier start left its state. */
  readonly resumed: boolean;
  readonly acknowledged: ReadonlySet<string>;
  readonly results: ReadonlyMap<string, ResultLine>;
}

export interface BatchSurroundings {
  readonly publish: Publish;
  readonly reader: Pick<LogReader, "offsets" | "read" | "follow">;
  readonly signal: AbortSignal;
  onProgress(progress: Progress): void;
}

export interface BatchReport {
  readonly lines: readonly ResultLine[];
  readonly tally: Tally;
  /** Runs this start published; the others were published before. */
  readonly published: number;
  readonly duplicates: number;
  readonly problems: readonly DocumentProblem[];
}

/** Errors: the signal's reason when it aborts; those of Kafka and of the file system. */
export async function runBatch(batch: BatchRun, around: BatchSurroundings): Promise<BatchReport> {
  const runs = batch.plan.documents.filter(({ duplicateOf }) => duplicateOf === undefined);
  const results = new Map([...batch.results].filter(([runId]) => runs.some((run) => run.runId === runId)));
  const changed: DocumentProblem[] = [];
  let published = 0;
  if (results.size < runs.length) {
    const open = runs.filter(({ runId }) => !results.has(runId));
    published = await finish({ batch, around, open, results, changed });
  }
  const lines = allLines(batch.plan, results, changed);
  await replaceLines(batch.paths.results, lines);
  const duplicates = batch.plan.documents.length - runs.length;
  return { lines, tally: tallyOf(lines), published, duplicates, problems: [...batch.plan.problems, ...changed] };
}

interface Unfinished {
  readonly batch: BatchRun;
  readonly around: BatchSurroundings;
  /** Runs without a result yet. */
  readonly open: readonly PlannedDocument[];
  readonly results: Map<string, ResultLine>;
  /** Filled with documents that changed between planning and publishing. */
  readonly changed: DocumentProblem[];
}

/** Returns how many runs were published. */
async function finish({ batch, around, open, results, changed }: Unfinished): Promise<number> {
  const state = await openDurableLines(batch.paths.state);
  const written = await openDurableLines(batch.paths.results);
  const collector = new ResultCollector({
    open,
    results,
    written,
    onProgress: (progress) => around.onProgress(progress),
  });
  const { reader, signal } = around;
  const following = await followBatch({ reader, start: batch.start, collector, signal });
  try {
    await following.caughtUp;
    const unanswered = open.filter(({ runId }) => !results.has(runId));
    const { count, problems } = await publishDocuments(await withoutPublished(batch, around, unanswered), {
      identity: batch.identity,
      requests: batch.start.requests,
      place: batch.place,
      publish: around.publish,
      signal: around.signal,
      onAcknowledged: (acks) => state.append(acks),
    });
    changed.push(...problems.map(({ problem }) => problem));
    collector.forget(problems.map(({ runId }) => runId));
    await collector.complete;
    return count;
  } finally {
    await following.stop();
    await collector.flush();
    await state.close();
    await written.close();
  }
}

/** The acknowledged ones are known; on a second start the topic is asked about the others. */
async function withoutPublished(
  batch: BatchRun,
  { reader }: BatchSurroundings,
  open: readonly PlannedDocument[],
): Promise<readonly PlannedDocument[]> {
  const unknown = open.filter(({ runId }) => !batch.acknowledged.has(runId));
  if (!batch.resumed) return unknown;
  const { requests: topic, request_starts: noted } = batch.start;
  const starts = readFrom(await reader.offsets(topic), noted);
  const candidates = new Set(unknown.map(({ runId }) => runId));
  const found = await publishedRuns(reader, { topic, starts, candidates });
  return unknown.filter(({ runId }) => !found.has(runId));
}

/** In the documents' order: results, duplicates beside their first, and what was not published. */
function allLines(
  plan: BatchPlan,
  results: ReadonlyMap<string, ResultLine>,
  changed: readonly DocumentProblem[],
): readonly ResultLine[] {
  const lines = plan.documents.flatMap((document) => {
    const line = results.get(document.runId);
    if (line === undefined) return [];
    return [document.duplicateOf === undefined ? line : lineOfDuplicate(line, document)];
  });
  return [...lines, ...[...plan.problems, ...changed].map(lineOfProblem)].toSorted((left, right) =>
    left.document < right.document ? -1 : 1,
  );
}
