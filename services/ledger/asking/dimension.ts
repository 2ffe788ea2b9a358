/**
 * What a question can be split by, and the column of the roll-ups that holds
 * it. In an answer a row has the value of each dimension under its name; null:
 * unknown.
 */
import { z } from "zod";

/** Of runs and of calls. */
export const runDimensions = ["client", "feature", "harness", "version", "hour", "day", "month"] as const;
export const callDimensions = [...runDimensions, "provider", "model", "purpose", "outcome"] as const;
/** Each of them, with what only one question knows. */
export const dimension = z.enum([...callDimensions, "status", "strategy", "guard", "verdict", "rule", "reason"]);
export type Dimension = z.infer<typeof dimension>;

const columnOf: Readonly<Record<Dimension, string>> = {
  client: "client_id",
  feature: "feature",
  harness: "harness",
  version: "harness_version",
  hour: "formatDateTime(hour, '%Y-%m-%dT%H:00:00Z', 'UTC')",
  day: "toDate(hour, 'UTC')",
  month: "formatDateTime(hour, '%Y-%m', 'UTC')",
  provider: "provider",
  model: "model",
  purpose: "purpose",
  outcome: "outcome",
  status: "status",
  strategy: "strategy",
  guard: "guard",
  verdict: "verdict",
  rule: "rule",
  reason: "reason",
};

const value = z.string().nullable().optional();

/** For the row of an answer: those that were asked for are there. */
export const dimensionValues: Readonly<Record<Dimension, typeof value>> = {
  client: value,
  feature: value,
  harness: value,
  version: value,
  hour: value,
  day: value,
  month: value,
  provider: value,
  model: value,
  purpose: value,
  outcome: value,
  status: value,
  strategy: value,
  guard: value,
  verdict: value,
  rule: value,
  reason: value,
};

/** Columns that stand first in a SELECT: empty, or with a comma behind them. */
export function selectedBy(by: readonly Dimension[]): string {
  return by.map((name) => `toString(${columnOf[name]}) AS by_${name}, `).join("");
}

export function groupedBy(by: readonly Dimension[]): string {
  return by.length === 0 ? "" : `GROUP BY ${by.map((name) => `by_${name}`).join(", ")}`;
}

/** A row as ClickHouse gave it, with each dimension under its own name. */
export function withDimensions(by: readonly Dimension[], row: unknown): Readonly<Record<string, unknown>> {
  const found = z.record(z.string(), z.unknown()).parse(row);
  return { ...Object.fromEntries(by.map((name) => [name, found[`by_${name}`] ?? null])), ...found };
}
