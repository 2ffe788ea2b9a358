/**
 * OpenAI's completions usage, as its API gives it (pages of time buckets) and
 * as its dashboard exports it (CSV). Input counts include what was read from
 * and written to the cache; here the buckets are disjoint.
 * Source: the provider's API reference, organization/usage/completions.
 */
import { z } from "zod";
import { dayOf, ExportError, type LayoutRows, type ReportedUsage } from "./usage-export.ts";

const tokens = z.coerce.number().int().nonnegative();
const optionalTokens = z.preprocess((value) => (value === "" || value === null ? undefined : value), tokens.default(0));
const model = z
  .string("has no model: ask for the report with group_by=model")
  .min(1, "has no model: ask for the report with group_by=model");

const result = z.object({
  model,
  input_tokens: tokens,
  output_tokens: tokens,
  input_cached_tokens: optionalTokens,
  input_cache_write_tokens: optionalTokens,
  num_model_requests: tokens,
});

export const openaiPage = z.object({
  object: z.literal("page"),
  data: z.array(z.object({ start_time: z.int(), end_time: z.int(), results: z.array(result) })),
  has_more: z.boolean().optional(),
});

export const openaiColumns = ["start_time_iso", "num_model_requests", "input_tokens", "output_tokens"] as const;

const csvRow = result.extend({ start_time_iso: z.string() });

export function openaiFromPages(pages: readonly z.output<typeof openaiPage>[]): LayoutRows {
  if (pages.at(-1)?.has_more === true) throw new ExportError("the report goes on (has_more): add its other pages");
  const buckets = pages.flatMap(({ data }) => data);
  return {
    days: buckets.map(({ start_time }) => dayOf(start_time)),
    rows: buckets.flatMap(({ start_time, results }) => results.map((row) => usageOf(dayOf(start_time), row))),
  };
}

/** A bucket in which nothing was used is a row without a model. */
export function openaiFromCsv(records: readonly Readonly<Record<string, string>>[]): LayoutRows {
  const days = records.map((record) => dayOf(record["start_time_iso"] ?? ""));
  const used = records.filter((record) => (record["num_model_requests"] ?? "") !== "");
  return { days, rows: used.map((record) => fromCsvRow(record)) };
}

function fromCsvRow(record: Readonly<Record<string, string>>): ReportedUsage {
  const row = csvRow.parse(record);
  return usageOf(dayOf(row.start_time_iso), row);
}

function usageOf(day: string, row: z.output<typeof result>): ReportedUsage {
  const { input_cached_tokens: cached, input_cache_write_tokens: written } = row;
  return {
    day,
    model: row.model,
    requests: row.num_model_requests,
    inputTokens: row.input_tokens - cached - written,
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    outputTokens: row.output_tokens,
  };
}
