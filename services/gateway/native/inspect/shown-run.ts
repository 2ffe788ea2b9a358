/**
 * Finds a run for whoever may see it, with all that happened to it: a client
 * its own, an admin's key everybody's as far as the ledger knows them. Where
 * the ledger has the run's end, that says where its result stands; a run whose
 * result has left its topic is still shown, without its answer.
 */
import type { z } from "zod";
import { StoreError, type Store } from "../../../ledger/clickhouse.ts";
import { runTimeline, runTimelineDocument, type LedgerRun, type RunTimeline } from "../../../ledger/timeline.ts";
import type { LogReader } from "../../../runtime/kafka/log-reader.ts";
import type { Client } from "../../clients/client.ts";
import { endOf } from "../../runs/past/past-runs.ts";
import type { RunDesk } from "../../runs/run-desk.ts";
import { runTrace, traceIn } from "./run-trace.ts";
import { keptByLedger, runView, viewOf, type RunView } from "../run-view.ts";

export interface ShownRunParts {
  readonly desk: Pick<RunDesk, "find">;
  readonly ledger: Pick<Store, "query">;
  readonly reader: Pick<LogReader, "recordAt">;
  /** BREAKWATER_TRACE_URL_TEMPLATE. */
  readonly traceUrlTemplate: string | undefined;
}

export const runDocument = runView
  .extend({
    trace: runTrace.optional().describe("Present when the run has ended and its trace was recorded"),
    timeline: runTimelineDocument
      .nullable()
      .describe("What the ledger knows of it, which follows by a second or two; null when it does not answer"),
  })
  .describe("A run with all that happened to it");

export interface ShownRun extends RunView {
  readonly trace?: z.infer<typeof runTrace> | undefined;
  readonly timeline: RunTimeline | null;
}

/** Null when there is no such run for this client. Errors: TransientError broker_unavailable. */
export async function shownRun(parts: ShownRunParts, runId: string, client: Client): Promise<ShownRun | null> {
  const timeline = await timelineOf(parts.ledger, runId);
  const known = timeline?.result ?? null;
  if (timeline !== null && known !== null && (client.scopes.admin || known.client_id === client.clientId))
    return { ...(await endedRun(parts, known)), timeline };
  const own = await parts.desk.find(runId, client.clientId);
  if (own !== null) return { ...viewOf(runId, own), timeline };
  const owner = timeline?.calls[0]?.client_id;
  if (owner === undefined || !client.scopes.admin) return null;
  const standing = await parts.desk.find(runId, owner);
  return standing === null ? null : { ...viewOf(runId, standing), timeline };
}

async function endedRun({ reader, traceUrlTemplate }: ShownRunParts, known: LedgerRun) {
  const { run_id: runId, result_partition: partition, result_offset: offset } = known;
  const record = await reader.recordAt({ topic: "harness-results", partition, offset: BigInt(offset) });
  const end = endOf(record, runId);
  if (record === null || end === null) return keptByLedger(known);
  return { ...viewOf(runId, end.standing), trace: traceIn(record.headers, traceUrlTemplate) };
}

/** The result does not wait for a ledger that is away. */
async function timelineOf(ledger: ShownRunParts["ledger"], runId: string): Promise<RunTimeline | null> {
  try {
    return await runTimeline(ledger, runId);
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}
