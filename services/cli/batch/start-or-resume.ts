/**
 * Starts a batch, or goes on with one that an earlier start left: holds its
 * lock, reads its state and results, pins the harness's version for all of its
 * documents, and runs it to its end.
 */
import { acquireLock } from "../../runtime/process/file-lock.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import type { Publish } from "../../runtime/stage.ts";
import { readHarnesses, requireHarness, textFieldOf } from "../control-topic.ts";
import { openDurableLines } from "../durable-lines.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { batchPaths, readBatchState, readResultLines, type BatchStart } from "./batch-files.ts";
import type { DocumentProblem } from "./documents/find-documents.ts";
import { planBatch, type BatchIdentity } from "./documents/plan.ts";
import type { Progress } from "./progress.ts";
import { endsOf } from "./documents/log-starts.ts";
import { DocumentExtractor } from "./reading/document-extractor.ts";
import { runBatch, type BatchReport, type BatchSurroundings } from "./run-batch.ts";

export interface BatchOrder {
  /** Absolute path of BREAKWATER_HOME. */
  readonly home: string;
  /** Names of documents are relative to it. */
  readonly folder: string;
  readonly batchId: string;
  readonly harness: string;
  readonly clientId: string;
  readonly feature: string | undefined;
  /** For all documents together, from the batch's first start on, milliseconds. */
  readonly deadlineMs: number;
  /** The harness's own field for a text when undefined. */
  readonly field: string | undefined;
  readonly names: readonly string[];
  /** Found while looking for documents. */
  readonly problems: readonly DocumentProblem[];
}

export interface BatchTools {
  readonly kafka: {
    readonly reader: Pick<LogReader, "offsets" | "read" | "follow">;
    producer(): Promise<{ readonly publish: Publish }>;
  };
  readonly signal: AbortSignal;
  say(line: string): void;
  readonly onProgress: (progress: Progress) => void;
}

export interface BatchOutcome {
  readonly report: BatchReport;
  readonly resultsFile: string;
  readonly version: string;
  readonly resumed: boolean;
}

/** Errors: CommandError when the batch is running already, is another one, or its harness is unknown. */
export async function startOrResume(order: BatchOrder, tools: BatchTools): Promise<BatchOutcome> {
  const paths = batchPaths(order.home, order.batchId);
  const lock = acquireLock(paths.lock);
  if (lock.kind === "taken")
    throw new CommandError(
      exitCodes.usage,
      `The batch ${order.batchId} is running already (process ${lock.pid}, since ${lock.since}).`,
    );
  const place = { folder: order.folder, extractor: new DocumentExtractor() };
  try {
    const state = await readBatchState(paths.state);
    const start = state.start ?? (await begin(order, tools.kafka, paths.state));
    const identity = identityOf(start);
    checkSame(order, start);
    const plan = await planBatch(identity, order.names, place);
    const results = await readResultLines(paths.results);
    sayStart({ order, tools, start, resumed: state.start !== null, documents: plan.documents.length });
    const report = await runBatch(
      {
        identity,
        plan: { documents: plan.documents, problems: [...order.problems, ...plan.problems] },
        place,
        paths,
        start,
        resumed: state.start !== null,
        acknowledged: state.acknowledged,
        results,
      },
      await surroundingsOf(tools),
    );
    return { report, resultsFile: paths.results, version: start.harness.version, resumed: state.start !== null };
  } finally {
    await place.extractor.close();
    lock.release();
  }
}

async function surroundingsOf({ kafka, signal, onProgress }: BatchTools): Promise<BatchSurroundings> {
  const producer = await kafka.producer();
  return { publish: (emissions) => producer.publish(emissions), reader: kafka.reader, signal, onProgress };
}

/** Notes where the topics end now, before anything is published. */
async function begin(order: BatchOrder, { reader }: BatchTools["kafka"], stateFile: string): Promise<BatchStart> {
  const harness = requireHarness(await readHarnesses(reader), order.harness);
  const start: BatchStart = {
    kind: "batch",
    batch_id: order.batchId,
    harness: { name: order.harness, version: harness.version },
    client_id: order.clientId,
    ...(order.feature === undefined ? {} : { feature: order.feature }),
    field: order.field ?? textFieldOf(harness),
    started_at: new Date().toISOString(),
    deadline_at_ms: Date.now() + order.deadlineMs,
    requests: "harness-requests-batch",
    request_starts: endsOf(await reader.offsets("harness-requests-batch")),
    result_starts: endsOf(await reader.offsets("harness-results")),
    review_starts: endsOf(await reader.offsets("harness-reviews")),
  };
  const state = await openDurableLines(stateFile);
  await state.append([start]);
  await state.close();
  return start;
}

function identityOf(start: BatchStart): BatchIdentity {
  return {
    batchId: start.batch_id,
    harness: start.harness,
    clientId: start.client_id,
    feature: start.feature,
    field: start.field,
    deadlineAtMs: start.deadline_at_ms,
  };
}

/** A batch belongs to one harness and one client; the version stays the one it began with. */
function checkSame(order: BatchOrder, start: BatchStart): void {
  const differs =
    start.harness.name !== order.harness ||
    start.client_id !== order.clientId ||
    start.feature !== order.feature ||
    (order.field !== undefined && order.field !== start.field);
  if (!differs) return;
  const was = `--harness ${start.harness.name} --client ${start.client_id} --field ${start.field}${start.feature === undefined ? "" : ` --feature ${start.feature}`}`;
  throw new CommandError(
    exitCodes.usage,
    `The batch ${start.batch_id} was started with ${was}: go on with those, or name another one with --id.`,
  );
}

interface Beginning {
  readonly order: BatchOrder;
  readonly tools: BatchTools;
  readonly start: BatchStart;
  readonly resumed: boolean;
  readonly documents: number;
}

function sayStart({ order, tools, start, resumed, documents }: Beginning): void {
  const what = `batch ${order.batchId}: ${documents} documents through ${start.harness.name}@${start.harness.version} for ${start.client_id}`;
  tools.say(resumed ? `${what}, going on with what was started ${start.started_at}` : what);
}
