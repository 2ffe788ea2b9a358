/**
 * The results of a batch as lines of JSON, read from the topic where the ledger
 * says that each stands. As slow as whoever reads them: a few are fetched
 * ahead, and no more until these are taken.
 */
import { z } from "zod";
import type { Store } from "../../../ledger/clickhouse.ts";
import type { BatchName } from "../../../ledger/operations/batch-progress.ts";
import { parseResult } from "../../../runtime/first-results.ts";
import type { LogReader } from "../../../runtime/kafka/log-reader.ts";
import type { resultStatus } from "../../../../schemas/parts/codes.ts";
import { runView, viewOf } from "../../native/run-view.ts";
import { batchResults, type ResultRow } from "./batch-ledger.ts";

export const resultLine = runView
  .extend({
    id: z.string().describe("The line's id, or its number"),
    gone: z.literal(true).optional().describe("The result itself is not kept any more: topics keep a week"),
  })
  .describe("A run of the batch as it ended; one on each line");

export interface ResultSource {
  readonly ledger: Pick<Store, "query">;
  readonly reader: Pick<LogReader, "recordAt">;
}

const fetchedAhead = 16;

/** Errors: StoreError; TransientError broker_unavailable. */
export async function* resultLines(
  { ledger, reader }: ResultSource,
  batch: BatchName,
  status: z.infer<typeof resultStatus> | undefined,
): AsyncGenerator<string> {
  for await (const page of batchResults(ledger, batch, status)) {
    for (let at = 0; at < page.length; at += fetchedAhead) {
      const rows = page.slice(at, at + fetchedAhead);
      const lines = await Promise.all(rows.map((row) => lineOf(reader, batch, row)));
      yield lines.join("");
    }
  }
}

async function lineOf(reader: ResultSource["reader"], batch: BatchName, row: ResultRow): Promise<string> {
  const { partition, offset, run_id, status, document } = row;
  const record = await reader.recordAt({ topic: "harness-results", partition, offset });
  const result = parseResult(record?.value ?? null);
  const isIts = result?.run_id === run_id && result.client_id === batch.clientId;
  const id = document ?? "";
  if (!isIts) return written({ id, run_id, state: "ended", status, gone: true });
  return written({ id, ...viewOf(run_id, { kind: "ended", result }) });
}

function written(line: z.infer<typeof resultLine>): string {
  return `${JSON.stringify(line)}\n`;
}
