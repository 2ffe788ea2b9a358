/**
 * The ledger's finished calls of a period, a page at a time, with what a price
 * is worked out from: models, time, the disjoint token buckets, and what was
 * stamped.
 */
import { z } from "zod";
import type { Store } from "../clickhouse.ts";

export interface CallQuery {
  /** Calls that started from then on, Unix milliseconds. */
  readonly fromMs: number;
  /** And before then. */
  readonly toMs: number;
  readonly client?: string | undefined;
  readonly provider?: string | undefined;
  /** Asked for. */
  readonly model?: string | undefined;
}

const count = z.coerce.number().int().nullable();
const row = z.object({
  callId: z.string(),
  clientId: z.string(),
  provider: z.string(),
  model: z.string(),
  servedModel: z.string().nullable(),
  day: z.string(),
  startedAtMs: z.coerce.number().int(),
  inputTokens: count.describe("Null, with the other buckets: nobody knows"),
  cachedInputTokens: count,
  cacheWriteTokens: count,
  outputTokens: count,
  reasoningTokens: count,
  costUsd: z.string().nullable(),
  priceVersion: z.string(),
});

export type FinishedCall = Readonly<z.infer<typeof row>>;

const pageRows = 20_000;
const dayMs = 86_400_000;

/** Day by day, each call once. Errors: StoreError. */
export async function* finishedCalls(
  store: Pick<Store, "query">,
  query: CallQuery,
): AsyncGenerator<readonly FinishedCall[]> {
  const { fromMs, toMs } = query;
  for (let startMs = fromMs; startMs < toMs; startMs = Math.floor(startMs / dayMs) * dayMs + dayMs) {
    const endMs = Math.min(toMs, Math.floor(startMs / dayMs) * dayMs + dayMs);
    for (let after = ""; ;) {
      const page = await pageOf(store, { ...query, fromMs: startMs, toMs: endMs }, after);
      if (page.length > 0) yield page;
      if (page.length < pageRows) break;
      after = page.at(-1)?.callId ?? "";
    }
  }
}

async function pageOf(store: Pick<Store, "query">, query: CallQuery, after: string): Promise<readonly FinishedCall[]> {
  const { fromMs, toMs, client, provider, model } = query;
  const wanted = [
    "started_at >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC')",
    "started_at < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')",
    "state = 'finished'",
    ...(client === undefined ? [] : ["client_id = {client:String}"]),
    ...(provider === undefined ? [] : ["provider = {provider:String}"]),
    ...(model === undefined ? [] : ["model = {model:String}"]),
    ...(after === "" ? [] : ["toString(call_id) > {after:String}"]),
  ];
  const rows = await store.query(
    `SELECT
       toString(call_id) AS callId, client_id AS clientId, provider, model, served_model AS servedModel,
       toString(day) AS day, toUnixTimestamp64Milli(started_at) AS startedAtMs,
       input_tokens AS inputTokens, cached_input_tokens AS cachedInputTokens, cache_write_tokens AS cacheWriteTokens,
       output_tokens AS outputTokens, reasoning_tokens AS reasoningTokens,
       cost_usd AS costUsd, price_version AS priceVersion
     FROM ledger
     WHERE ${wanted.join(" AND ")}
     ORDER BY callId
     LIMIT ${pageRows}`,
    { fromMs, toMs, after, ...(client && { client }), ...(provider && { provider }), ...(model && { model }) },
  );
  return z.array(row).parse(rows);
}
