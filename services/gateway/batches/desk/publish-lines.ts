/**
 * The runs of a batch as requests on the lane for batches, a chunk at a time:
 * parsed, sent, acknowledged, forgotten. The same batch and line are always the
 * same record. Each run has a trace of its own, which links to the upload's.
 */
import type { BatchTaken } from "../../../../schemas/control/batch.ts";
import type { RunRequest } from "../../../../schemas/records/run-request.ts";
import { requestEmission } from "../../../runtime/requests/request-record.ts";
import { batchRunId } from "../../../runtime/requests/run-ids.ts";
import type { Publish } from "../../../runtime/stage.ts";
import { linkedTo, spanHere } from "../../../runtime/telemetry/span-links.ts";
import type { BatchLine } from "../upload/read-line.ts";

export const lane = "harness-requests-batch";

const chunkRecords = 100;
const chunkTextBytes = 1024 * 1024;

export function lineRequest(batch: BatchTaken, line: BatchLine): RunRequest & { readonly run_id: string } {
  const { name, sha256, input, options, subject_id } = line;
  return {
    run_id: batchRunId(batch.batch_id, sha256, batch.harness.version),
    harness: batch.harness.name,
    harness_version: batch.harness.version,
    client_id: batch.client_id,
    ...(batch.feature === undefined ? {} : { feature: batch.feature }),
    ...(subject_id === undefined ? {} : { subject_id }),
    document: { batch_id: batch.batch_id, name, sha256 },
    deadline_at_ms: batch.deadline_at_ms,
    input,
    ...(options === undefined ? {} : { options }),
  };
}

/** Resolves when all are acknowledged but those that are `there`. Errors: those of `publish`. */
export async function publishLines(
  publish: Publish,
  batch: BatchTaken,
  { lines, there }: { readonly lines: Iterable<BatchLine>; readonly there: ReadonlySet<string> },
): Promise<void> {
  let chunk: ReturnType<typeof lineRequest>[] = [];
  let bytes = 0;
  const links = linkedTo(spanHere());
  const send = async (): Promise<void> => {
    await publish(chunk.map((request) => requestEmission(request, lane, links)));
    chunk = [];
    bytes = 0;
  };
  for (const line of lines) {
    const request = lineRequest(batch, line);
    if (there.has(request.run_id)) continue;
    chunk.push(request);
    bytes += JSON.stringify(request.input).length;
    if (chunk.length >= chunkRecords || bytes >= chunkTextBytes) await send();
  }
  if (chunk.length > 0) await send();
}
