/**
 * Holds the ledger against a provider's report, day by day and model by model.
 * A difference in calls or tokens is never explained away: where calls of
 * unknown usage stand beside it, the line says how many.
 */
import type { LedgerUsage } from "../../ledger/provider-usage.ts";
import type { ReportedUsage } from "./usage-export.ts";

export const usageFields = ["inputTokens", "cachedInputTokens", "cacheWriteTokens", "outputTokens"] as const;
export type UsageField = (typeof usageFields)[number];

export interface Comparison {
  readonly day: string;
  readonly model: string;
  readonly verdict: "equal" | "differs" | "only_in_ledger" | "only_at_provider";
  readonly ledger: LedgerUsage | null;
  readonly provider: ReportedUsage | null;
  /** The provider's figure less the ledger's; a missing side counts as nothing. Calls: null where the report has none. */
  readonly difference: Readonly<Record<UsageField, number>> & { readonly calls: number | null };
}

/** In the order of days, then models. */
export function compareUsage(
  ledger: readonly LedgerUsage[],
  reported: readonly ReportedUsage[],
): readonly Comparison[] {
  const own = new Map(ledger.map((line) => [keyOf(line), line]));
  const theirs = new Map(reported.map((line) => [keyOf(line), line]));
  const keys = [...new Set([...own.keys(), ...theirs.keys()])].toSorted();
  return keys.flatMap((key) => {
    const left = own.get(key) ?? null;
    const right = theirs.get(key) ?? null;
    const named = left ?? right;
    return named === null || isNothing(left, right) ? [] : [comparisonOf(named, left, right)];
  });
}

function keyOf({ day, model }: { readonly day: string; readonly model: string }): string {
  return `${day} ${model}`;
}

/** A model that was only turned away, and one that the report lists with zeros. */
function isNothing(ledger: LedgerUsage | null, provider: ReportedUsage | null): boolean {
  const unused = (line: Readonly<Record<UsageField, number>>): boolean =>
    usageFields.every((field) => line[field] === 0);
  return (
    (ledger === null || (ledger.calls === 0 && ledger.unknownCalls === 0)) && (provider === null || unused(provider))
  );
}

function comparisonOf(
  { day, model }: { readonly day: string; readonly model: string },
  ledger: LedgerUsage | null,
  provider: ReportedUsage | null,
): Comparison {
  const less = (field: UsageField): number => (provider?.[field] ?? 0) - (ledger?.[field] ?? 0);
  const requests = provider === null ? 0 : provider.requests;
  const difference = {
    calls: requests === null ? null : requests - (ledger?.calls ?? 0),
    inputTokens: less("inputTokens"),
    cachedInputTokens: less("cachedInputTokens"),
    cacheWriteTokens: less("cacheWriteTokens"),
    outputTokens: less("outputTokens"),
  };
  const isEqual = (difference.calls ?? 0) === 0 && usageFields.every((field) => difference[field] === 0);
  return { day, model, verdict: verdictOf(isEqual, ledger, provider), ledger, provider, difference };
}

function verdictOf(
  isEqual: boolean,
  ledger: LedgerUsage | null,
  provider: ReportedUsage | null,
): Comparison["verdict"] {
  if (isEqual) return "equal";
  if (ledger === null) return "only_at_provider";
  return provider === null ? "only_in_ledger" : "differs";
}
