/**
 * Which calls or runs a question is about, as SQL over the roll-ups. Values
 * travel as parameters; nothing of a filter becomes part of a statement.
 */
import { z } from "zod";
import type { Dimension } from "./dimension.ts";
import type { WholePeriod } from "./period.ts";

export interface RunFilter {
  readonly client?: string | undefined;
  readonly feature?: string | undefined;
  readonly harness?: string | undefined;
  readonly version?: string | undefined;
}

export interface CallFilter extends RunFilter {
  readonly provider?: string | undefined;
  /** Asked for. */
  readonly model?: string | undefined;
}

/** A question as it reaches the ledger. */
export interface Asking<Filter = CallFilter> {
  readonly by: readonly Dimension[];
  readonly period: WholePeriod;
  readonly filter: Filter;
}

const name = z.string().min(1).max(128).optional();

/** In a query of the gateway and among the options of a command. */
export const runFilterShape = { feature: name, harness: name, version: name } as const;
export const callFilterShape = { ...runFilterShape, provider: name, model: name } as const;

export interface Conditions {
  readonly where: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Over a view with these columns and an `hour`. */
export function conditionsOf({ period, filter }: Pick<Asking, "period" | "filter">): Conditions {
  const wanted = [
    { sql: "client_id = {client:String}", name: "client", value: filter.client },
    { sql: "feature = {feature:String}", name: "feature", value: filter.feature },
    { sql: "harness = {harness:String}", name: "harness", value: filter.harness },
    { sql: "harness_version = {version:String}", name: "version", value: filter.version },
    { sql: "provider = {provider:String}", name: "provider", value: filter.provider },
    { sql: "model = {model:String}", name: "model", value: filter.model },
  ].filter(({ value }) => value !== undefined);
  const during = ["hour >= toDateTime({since:UInt32}, 'UTC')", "hour < toDateTime({until:UInt32}, 'UTC')"];
  return {
    where: [...during, ...wanted.map(({ sql }) => sql)].join(" AND "),
    params: {
      since: period.sinceMs / 1000,
      until: period.untilMs / 1000,
      ...Object.fromEntries(wanted.map(({ name: param, value }) => [param, value])),
    },
  };
}
