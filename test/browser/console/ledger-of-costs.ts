/**
 * A ledger for the costs page, which answers each question by the figures that
 * it asks for; one feature has no name, one is named like a formula, one has no
 * known cost.
 */
import type { Store } from "../../../services/ledger/clickhouse.ts";

type Params = Readonly<Record<string, unknown>>;
type Row = Readonly<Record<string, unknown>>;

const features = ["weekly-report", "support-digest", "contract-search", "=cmd()", null, "trial"];
const costs = ["214.50", "98.25", "41.10", "7.5", "1.25", null];
const names: Readonly<Record<string, readonly (string | null)[]>> = {
  feature: features,
  harness: ["summarise", "extract-invoice"],
  model: ["gpt-4o", "claude-3-5-sonnet-latest"],
  provider: ["openai", "anthropic"],
  client: ["acme", "globex"],
  version: ["0123456789abcdef"],
  guard: ["injection", "pii", "output_contract", "grounding"],
};

function spendOf(index: number, share: number): Row {
  const known = costs[index % costs.length] ?? null;
  const cost = known === null ? null : (Number(known) * share).toFixed(4);
  const sums = { calls: 1200 - index * 150, failed_calls: 3, in_flight: 0, orphans: index === 0 ? 1 : 0 };
  return {
    ...sums,
    calls_with_cost: cost === null ? 0 : sums.calls - sums.orphans,
    calls_with_usage: sums.calls,
    input_tokens: 2_400_000,
    output_tokens: 180_000,
    cached_input_tokens: 600_000,
    cache_write_tokens: 20_000,
    cost_usd: cost,
    saved_usd: "12.4",
    bound_low_usd: cost,
    bound_high_usd: index === 0 ? "230" : cost,
    unbounded_calls: cost === null ? 12 : 0,
    before_usd: index === 1 ? "120" : "60",
    calls_before: 900,
    calls_with_cost_before: 900,
    duration: { 831: 40, 1727: 9, 5119: 1 },
    first_token: { 207: 45, 415: 5 },
    runs: 1100,
    successes: 1040,
    ran: 1100,
    hits: 24 - index * 4,
    blocked: 6,
    not_run: 0,
    findings: 31,
  };
}

const reliability = ["first", "retry", "repair", "fallback", "hedge", "orphan"];
const savings = [
  {
    saving: "truncation",
    strategy: "middle",
    tokens: 410_000,
    saved_usd: "1.02",
    judged_answers: 300,
    failed_answers: 9,
  },
  { saving: "truncation", strategy: "whole", tokens: 0, saved_usd: null, judged_answers: 800, failed_answers: 16 },
  { saving: "refusal", strategy: "refused", tokens: 52_000, saved_usd: "0.13", judged_answers: 0, failed_answers: 0 },
];

function rowsOf(sql: string, nowMs: number): readonly Row[] {
  if (sql.includes("decisions_between")) return [];
  if (sql.includes("AS cut_usd")) return savings.map((row) => ({ calls: 0, runs: 0, ...row }));
  if (sql.includes(" AS kind")) return reliability.map((kind, index) => ({ kind, ...spendOf(index, 0.3) }));
  const by = [...sql.matchAll(/ AS by_(\w+)/g)].map(([, name]) => name ?? "");
  // By the day alone, a day is one row.
  const split = by.find((name) => names[name] !== undefined) ?? (by.includes("day") ? "version" : "feature");
  const valueAt = (name: string, index: number) => names[name]?.[index] ?? null;
  const rows = (names[split] ?? []).map((_, index) => ({
    ...spendOf(index, 1),
    ...Object.fromEntries(by.map((name) => [`by_${name}`, valueAt(name, index)])),
  }));
  if (!by.includes("day")) return rows;
  return Array.from({ length: 21 }, (_, ago) => new Date(nowMs - ago * 86_400_000).toISOString().slice(0, 10)).flatMap(
    (day, ago) =>
      rows.map((row, index) => ({ ...row, ...spendOf(index, (1 + ((ago * 7 + index) % 5)) / 60), by_day: day })),
  );
}

export function ledgerOfCosts(nowMs: number): {
  readonly ledger: Pick<Store, "query">;
  /** The parameters of every statement. */
  readonly asked: readonly Params[];
} {
  const asked: Params[] = [];
  const query = (sql: string, params: Params = {}): Promise<readonly unknown[]> => {
    asked.push(params);
    const isOfCosts =
      /(?:spend|runs|guards|decisions)_(?:hourly|between)/.test(sql) && !sql.includes(" AS tokens\n     FROM spend");
    return Promise.resolve(isOfCosts ? rowsOf(sql, nowMs) : []);
  };
  return { ledger: { query }, asked };
}
