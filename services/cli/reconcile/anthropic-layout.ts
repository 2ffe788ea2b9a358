/**
 * Anthropic's messages usage report, as its admin API gives it (pages of time
 * buckets) and as its console exports it (CSV). Its buckets are disjoint
 * already; it does not count requests.
 * Source: the provider's API reference, usage_report/messages.
 */
import { z } from "zod";
import { dayOf, ExportError, type LayoutRows, type ReportedUsage } from "./usage-export.ts";

const tokens = z.coerce.number().int().nonnegative();
const optionalTokens = z.preprocess((value) => (value === "" || value === null ? undefined : value), tokens.default(0));

const result = z.object({
  model: z.string("has no model: ask for the report with group_by[]=model"),
  uncached_input_tokens: tokens,
  cache_read_input_tokens: optionalTokens,
  cache_creation: z
    .object({ ephemeral_5m_input_tokens: optionalTokens, ephemeral_1h_input_tokens: optionalTokens })
    .prefault({}),
  output_tokens: tokens,
});

export const anthropicPage = z.object({
  data: z.array(z.object({ starting_at: z.string(), ending_at: z.string(), results: z.array(result) })),
  has_more: z.boolean().optional(),
});

export const anthropicColumns = ["usage_date_utc", "model_version", "usage_input_tokens_no_cache"] as const;

const csvRow = z.object({
  usage_date_utc: z.string(),
  model_version: z.string().min(1),
  usage_input_tokens_no_cache: tokens,
  usage_input_tokens_cache_write_5m: optionalTokens,
  usage_input_tokens_cache_write_1h: optionalTokens,
  usage_input_tokens_cache_read: optionalTokens,
  usage_output_tokens: tokens,
});

export function anthropicFromPages(pages: readonly z.output<typeof anthropicPage>[]): LayoutRows {
  if (pages.at(-1)?.has_more === true) throw new ExportError("the report goes on (has_more): add its other pages");
  const buckets = pages.flatMap(({ data }) => data);
  return {
    days: buckets.map(({ starting_at }) => dayOf(starting_at)),
    rows: buckets.flatMap(({ starting_at, results }) => results.map((row) => usageOf(dayOf(starting_at), row))),
  };
}

export function anthropicFromCsv(records: readonly Readonly<Record<string, string>>[]): LayoutRows {
  const rows = records.map((record) => fromCsvRow(record));
  return { days: rows.map(({ day }) => day), rows };
}

function fromCsvRow(record: Readonly<Record<string, string>>): ReportedUsage {
  const row = csvRow.parse(record);
  return {
    day: dayOf(row.usage_date_utc),
    model: row.model_version,
    requests: null,
    inputTokens: row.usage_input_tokens_no_cache,
    cachedInputTokens: row.usage_input_tokens_cache_read,
    cacheWriteTokens: row.usage_input_tokens_cache_write_5m + row.usage_input_tokens_cache_write_1h,
    outputTokens: row.usage_output_tokens,
  };
}

function usageOf(day: string, row: z.output<typeof result>): ReportedUsage {
  const { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long } = row.cache_creation;
  return {
    day,
    model: row.model,
    requests: null,
    inputTokens: row.uncached_input_tokens,
    cachedInputTokens: row.cache_read_input_tokens,
    cacheWriteTokens: short + long,
    outputTokens: row.output_tokens,
  };
}
