/**
 * What was not paid: by cutting prompts that were too long, per strategy and
 * with the share of answers that failed validation beside it, prompts that were
 * sent whole (`whole`) included to compare with; by ending runs before their
 * first call; and by the providers' caches. Tokens that were never sent are
 * estimates; a refusal's answer would have come on top.
 */
import { z } from "zod";
import { dimensionValues, selectedBy, withDimensions, type Dimension } from "../asking/dimension.ts";
import { conditionsOf, type Asking, type RunFilter } from "../asking/filter.ts";
import { rolledUp } from "../asking/rolled.ts";
import { count, money, share, shareOf, sumUsd, type Figure } from "../answers/figures.ts";
import type { Store } from "../clickhouse.ts";
import { Decimal } from "../../pricing/usd.ts";

const counted = z.object({
  ...dimensionValues,
  saving: z.string().describe("truncation, refusal or cache"),
  strategy: z
    .string()
    .describe("Of truncation head, tail, middle or whole; of a refusal the status; of the cache prompt"),
  calls: count.describe("Made so; of the cache, those that read from it"),
  runs: count.describe("Of refusals"),
  tokens: count.describe("Input tokens cut, not sent, or read from the cache"),
  saved_usd: money.describe("Their price; of the cache, less what writing it cost"),
  judged_answers: count.describe("Of truncation: answers that were validated"),
  failed_answers: count.describe("Of these, those that did not pass"),
});

export const savingsRow = counted.extend({ failed_share: share.describe("failed_answers over judged_answers") });
export type SavingsRow = Readonly<z.infer<typeof savingsRow>>;

export const savingsFigures: readonly Figure[] = [
  { name: "saving", head: "by", kind: "text" },
  { name: "strategy", head: "strategy", kind: "text" },
  { name: "tokens", head: "tokens", kind: "count", sums: true },
  { name: "saved_usd", head: "saved USD", kind: "usd", sums: true },
  { name: "failed_share", head: "failed validation", kind: "share" },
  { name: "judged_answers", head: "judged", kind: "count", sums: true, drop: 2 },
  { name: "failed_answers", head: "failed", kind: "count", sums: true, drop: 3 },
  { name: "calls", head: "calls", kind: "count", sums: true, drop: 1 },
  { name: "runs", head: "runs", kind: "count", sums: true, drop: 1 },
];

const kinds = ["truncation", "refusal", "cache"];

/** Truncation, refusals, cache; most saved first in each. Errors: StoreError. */
export async function savings(store: Pick<Store, "query">, asking: Asking<RunFilter>): Promise<readonly SavingsRow[]> {
  const parts = await Promise.all([ofCalls(asking), ofDecisions(asking)].map((sql) => savedIn(store, sql, asking)));
  const keyOf = (line: Counted): string =>
    JSON.stringify([...asking.by.map((name) => line[name]), line.saving, line.strategy]);
  const lines = [...Map.groupBy(parts.flat(), keyOf).values()].map(together);
  return lines.map(savingsRowOf).toSorted(inOrderOf(asking.by));
}

type Counted = z.output<typeof counted>;

async function savedIn(
  store: Pick<Store, "query">,
  sql: string,
  asking: Asking<RunFilter>,
): Promise<readonly Counted[]> {
  const rows = await store.query(sql, conditionsOf(asking).params);
  return rows.map((row) => counted.parse(withDimensions(asking.by, row)));
}

/** As `savings_hourly` tells it, but added up before it is told apart, which few rows are by then. */
function ofCalls(asking: Asking<RunFilter>): string {
  const { by } = asking;
  const names = by.map((name) => `by_${name}, `).join("");
  const isSent = "s.purpose != 'moderation'";
  const isCached = "(s.cached_input_tokens > 0 OR s.cache_write_tokens > 0)";
  return `SELECT ${names}saved.1 AS saving, saved.2 AS strategy, saved.3 AS calls, toUInt64(0) AS runs,
       saved.4 AS tokens, saved.5 AS saved_usd, toUInt64(0) AS judged_answers, toUInt64(0) AS failed_answers
     FROM (
       SELECT ${names}arrayJoin(arrayConcat(
         if(sent_rows = 0, [], [('truncation', cut, sent, cut_tokens, cut_usd)]),
         if(cached_rows = 0, [], [('cache', 'prompt', cached, cached_tokens, cached_usd)])
       )) AS saved
       FROM (
         SELECT ${selectedBy(by)} ifNull(toString(s.cut_strategy), 'whole') AS cut,
           countIf(${isSent}) AS sent_rows, sumIf(s.calls, ${isSent}) AS sent,
           sumIf(s.cut_tokens, ${isSent}) AS cut_tokens, sumIf(s.cut_saved_usd, ${isSent}) AS cut_usd,
           countIf(${isCached}) AS cached_rows, sumIf(s.calls_with_cache, ${isCached}) AS cached,
           sumIf(s.cached_input_tokens, ${isCached}) AS cached_tokens, sumIf(s.cache_saved_usd, ${isCached}) AS cached_usd
         FROM ${rolledUp("spend", asking)} AS s
         WHERE ${conditionsOf(asking).where}
         GROUP BY ${names}cut
       )
     )`;
}

function ofDecisions(asking: Asking<RunFilter>): string {
  const { by } = asking;
  const names = by.map((name) => `by_${name}, `).join("");
  const isRefusal = "d.stage = 'input-scan'";
  return `SELECT ${selectedBy(by)} if(${isRefusal}, 'refusal', 'truncation') AS saving,
       if(${isRefusal}, 'refused', ifNull(toString(d.cut_strategy), 'whole')) AS strategy,
       toUInt64(0) AS calls, sumIf(d.decisions, ${isRefusal}) AS runs, sumIf(d.spared_tokens, ${isRefusal}) AS tokens,
       sumIf(d.spared_usd, ${isRefusal}) AS saved_usd, sumIf(d.decisions, NOT ${isRefusal}) AS judged_answers,
       sumIf(d.decisions, NOT ${isRefusal} AND d.decision IN ('retried', 'failed', 'degraded')) AS failed_answers
     FROM ${rolledUp("decisions", asking)} AS d
     WHERE ${conditionsOf(asking).where} AND (
       (${isRefusal} AND d.decision = 'refused')
       OR (d.stage = 'output-validate' AND d.decision IN ('passed', 'repaired', 'in_review', 'retried', 'failed', 'degraded'))
     )
     GROUP BY ${names}saving, strategy`;
}

/** Of the same saving. */
function together(lines: readonly Counted[]): Counted {
  return lines.reduce((one, other) => ({
    ...one,
    calls: one.calls + other.calls,
    runs: one.runs + other.runs,
    tokens: one.tokens + other.tokens,
    saved_usd: sumUsd([one.saved_usd, other.saved_usd]),
    judged_answers: one.judged_answers + other.judged_answers,
    failed_answers: one.failed_answers + other.failed_answers,
  }));
}

function savingsRowOf(line: Counted): SavingsRow {
  // Where nothing was cut, nothing was saved: that is known.
  const saved_usd = line.tokens === 0 ? (line.saved_usd ?? "0") : line.saved_usd;
  return { ...line, saved_usd, failed_share: shareOf(line.failed_answers, line.judged_answers) };
}

function inOrderOf(by: readonly Dimension[]) {
  return (left: SavingsRow, right: SavingsRow): number =>
    by.reduce((order, name) => order || byText(left[name], right[name]), 0) ||
    kinds.indexOf(left.saving) - kinds.indexOf(right.saving) ||
    Number(left.saved_usd === null) - Number(right.saved_usd === null) ||
    new Decimal(right.saved_usd ?? 0).cmp(left.saved_usd ?? 0) ||
    byText(left.strategy, right.strategy);
}

/** Unknown last. */
function byText(left: string | null | undefined, right: string | null | undefined): number {
  if (left === right) return 0;
  if (typeof left !== "string") return 1;
  return typeof right !== "string" || left < right ? -1 : 1;
}
