/**
 * What personal data guards found: of which kind, in which field, where in it,
 * and what was done. Read from the decisions in the audit, which never hold a
 * value.
 */
import { z } from "zod";
import { guardReport, type GuardReport } from "../../../schemas/parts/finding.ts";
import type { Store } from "../clickhouse.ts";

export interface PiiQuery {
  readonly run?: string | undefined;
  readonly client?: string | undefined;
  readonly harness?: string | undefined;
  /** Unix milliseconds. */
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly to?: number | undefined;
  readonly limit: number;
}

/** Of one decision, the finds of one kind in one field that were treated alike. */
export interface PiiFinds {
  readonly decided_at: string;
  readonly run_id: string;
  readonly client_id: string | null;
  readonly harness: string | null;
  readonly harness_version: string | null;
  readonly stage: string;
  /** For example `email`. */
  readonly entity: string;
  /** Where the text stood; null when that is not known. */
  readonly field: string | null;
  readonly action: string;
  readonly count: number;
  /** In UTF-16 code units of the field's text. */
  readonly spans: readonly { readonly start: number; readonly end: number }[];
}

const row = z.object({
  decided_at: z.string(),
  run_id: z.string(),
  client_id: z.string().nullable(),
  harness: z.string().nullable(),
  harness_version: z.string().nullable(),
  stage: z.string(),
  guards: z.string().transform((text) => z.array(guardReport).parse(JSON.parse(text))),
});

/** The newest `limit` decisions that found any. Errors: StoreError. */
export async function piiFindings(store: Store, query: PiiQuery): Promise<readonly PiiFinds[]> {
  const { run, client, harness, from, to, limit } = query;
  const conditions = [
    "arrayExists(rule -> startsWith(rule, 'pii.'), finding_rules)",
    ...(run === undefined ? [] : ["run_id = {run:UUID}"]),
    ...(client === undefined ? [] : ["client_id = {client:String}"]),
    ...(harness === undefined ? [] : ["harness = {harness:String}"]),
    ...(from === undefined ? [] : ["decided_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')"]),
    ...(to === undefined ? [] : ["decided_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')"]),
  ];
  const rows = await store.query(
    `SELECT decided_at, run_id, client_id, harness, harness_version, stage, guards FROM decisions
     WHERE ${conditions.join(" AND ")} ORDER BY decided_at DESC, run_id, event_id LIMIT {limit:UInt32}`,
    { run, client, harness, from, to, limit },
  );
  return z
    .array(row)
    .parse(rows)
    .flatMap(({ guards, ...decision }) => findsIn(guards).map((finds) => ({ ...decision, ...finds })));
}

/** In the order in which the guards found them. */
export function findsIn(
  guards: readonly GuardReport[],
): readonly Pick<PiiFinds, "entity" | "field" | "action" | "count" | "spans">[] {
  const found = guards.flatMap(({ findings }) => findings).filter(({ rule }) => rule.startsWith("pii."));
  const alike = Map.groupBy(found, ({ rule, field, action }) => JSON.stringify([rule, field, action]));
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const spans = group.flatMap(({ span }) => span ?? []);
    const { rule, field = null, action = "none" } = first;
    return [{ entity: rule.slice("pii.".length), field, action, count: group.length, spans }];
  });
}
