/**
 * What personal data guards found: of which kind, in which field, where in it,
 * and what was done; what leaked into an answer among it. Read from the decisions
 * in the audit, which never hold a value. A version that judges in shadow does
 * nothing about what it finds, and is left out.
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
  /** Where the text stood; null of what is beyond the findings that a decision lists, which are counted. */
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
    "arrayExists(rule -> startsWith(rule, 'pii.') OR startsWith(rule, 'leak.pii.'), finding_rules)",
    "NOT startsWith(decision, 'shadow_')",
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

type Finds = Pick<PiiFinds, "entity" | "field" | "action" | "count" | "spans">;

/** In the order in which the guards found them. */
export function findsIn(guards: readonly GuardReport[]): readonly Finds[] {
  return guards.flatMap((report) => {
    const listed = listedIn(report);
    return [...listed, ...unlistedIn(report, listed)];
  });
}

const personal = /^(?:leak\.)?pii\.(?<entity>.+)$/;

/** What names no action was treated as the verdict says; what names no field stood in the answer. */
function listedIn({ verdict, findings }: GuardReport): readonly Finds[] {
  const found = findings.flatMap(({ rule, field = "answer", action = verdict, span }) => {
    const entity = personal.exec(rule)?.groups?.["entity"];
    return entity === undefined ? [] : [{ entity, field, action, spans: span === undefined ? [] : [span] }];
  });
  const alike = Map.groupBy(found, ({ entity, field, action }) => JSON.stringify([entity, field, action]));
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, count: group.length, spans: group.flatMap(({ spans }) => spans) }];
  });
}

/** As input-scan writes it: `card: 2 redact, email: 150 hash`. */
const counted = /(?<entity>[^\s,:]+): (?<count>\d+) (?<action>\w+)/g;

/** A decision lists its first findings and counts all of them. */
function unlistedIn({ guard, detail = "" }: GuardReport, listed: readonly Finds[]): readonly Finds[] {
  if (guard !== "pii") return [];
  return [...detail.matchAll(counted)].flatMap(({ groups: { entity = "", action = "", count = "" } = {} }) => {
    const told = listed.filter((finds) => finds.entity === entity && finds.action === action);
    const left = told.reduce((rest, finds) => rest - finds.count, Number(count));
    return left <= 0 ? [] : [{ entity, action, field: null, count: left, spans: [] }];
  });
}
