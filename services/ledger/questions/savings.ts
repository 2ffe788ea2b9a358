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
import { rolledSavings } from "../asking/rolled.ts";
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
  const parts = await Promise.all(rolledSavings(asking).map((view) => savedIn(store, view, asking)));
  const keyOf = (line: Counted): string =>
    JSON.stringify([...asking.by.map((name) => line[name]), line.saving, line.strategy]);
  const lines = [...Map.groupBy(parts.flat(), keyOf).values()].map(together);
  return lines.map(savingsRowOf).toSorted(inOrderOf(asking.by));
}

type Counted = z.output<typeof counted>;

async function savedIn(
  store: Pick<Store, "query">,
  view: string,
  asking: Asking<RunFilter>,
): Promise<readonly Counted[]> {
  const { by } = asking;
  const { where, params } = conditionsOf(asking);
  const rows = await store.query(
    `SELECT ${selectedBy(by)} toString(v.saving) AS saving, toString(v.strategy) AS strategy,
       sum(v.calls) AS calls, sum(v.runs) AS runs, sum(v.tokens) AS tokens, sum(v.saved_usd) AS saved_usd,
       sum(v.judged_answers) AS judged_answers, sum(v.failed_answers) AS failed_answers
     FROM ${view} AS v
     WHERE ${where}
     GROUP BY ${[...by.map((name) => `by_${name}`), "saving", "strategy"].join(", ")}`,
    params,
  );
  return rows.map((row) => counted.parse(withDimensions(by, row)));
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
