/**
 * Who did what when: what the audit holds beside decisions, newest first, a
 * page at a time. The one place that reads `audit_events`. A page goes on where
 * the one before it ended, by time and id, so that what comes meanwhile shifts
 * nothing. Calls are left out unless they are asked for.
 */
import { z } from "zod";
import type { Store } from "../clickhouse.ts";

export const eventKinds = ["change", "erasure", "call"] as const;

export const auditEvent = z.object({
  kind: z.string().describe("change, erasure or call"),
  event_id: z.string(),
  at: z.string().describe("By the clock of whoever did it"),
  by_kind: z.string().nullable().describe("user, api_key; of a call, worker"),
  by_id: z.string().nullable().describe("The user's name, the key's id, the process"),
  action: z.string().describe("harness.applied, key.revoked, dead_letter.replayed ..."),
  target: z.string().describe("What was changed; of a call, provider/model"),
  target_version: z.string().nullable().describe("Of what is in force since"),
  previous_version: z.string().nullable().describe("Of what was in force before"),
  run_id: z.string().nullable(),
  client_id: z.string().nullable().describe("Whom it is about"),
  outcome: z.string().nullable().describe("Of a call; how far an erasure is"),
  why: z.string().nullable().describe("The operator's words"),
});
export type AuditEvent = Readonly<z.infer<typeof auditEvent>>;

/** An event's place in the order of all: by time, then by id. */
export interface EventPlace {
  readonly atMs: number;
  readonly eventId: string;
}

/** All that is given must hold. */
export interface EventQuery {
  readonly kind?: (typeof eventKinds)[number] | undefined;
  /** The user's name, the key's id or the process. */
  readonly actor?: string | undefined;
  /** How the action begins: `key.`, or a whole one. */
  readonly action?: string | undefined;
  /** A part of what was changed, in any case. */
  readonly target?: string | undefined;
  readonly client?: string | undefined;
  readonly run?: string | undefined;
  /** Unix milliseconds. */
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly to?: number | undefined;
  readonly limit: number;
  /** Where the page before it ended; absent: from the newest on. */
  readonly after?: EventPlace | undefined;
}

const columns = Object.keys(auditEvent.shape).join(", ");

/** At most `limit`, newest first. A record that was stored twice is one. Errors: StoreError. */
export async function auditEvents(store: Pick<Store, "query">, query: EventQuery): Promise<readonly AuditEvent[]> {
  const { after, limit, ...wanted } = query;
  const params = { ...wanted, afterMs: after?.atMs, afterId: after?.eventId };
  const conditions = [
    query.kind === undefined ? "kind != 'call'" : "kind = {kind:String}",
    ...conditionsOf(query),
    ...(after === undefined ? [] : [`(at, event_id) < (${timeOf("afterMs")}, {afterId:String})`]),
  ];
  const rows = await store.query(
    `SELECT ${columns} FROM audit_events WHERE ${conditions.join(" AND ")}
     ORDER BY at DESC, event_id DESC LIMIT 1 BY at, event_id LIMIT {limit:UInt32}`,
    { ...params, limit },
  );
  return z.array(auditEvent).parse(rows);
}

function conditionsOf({ actor, action, target, client, run, from, to }: EventQuery): readonly string[] {
  return [
    ...(actor === undefined ? [] : ["by_id = {actor:String}"]),
    ...(action === undefined ? [] : ["startsWith(action, {action:String})"]),
    ...(target === undefined ? [] : ["positionCaseInsensitiveUTF8(target, {target:String}) > 0"]),
    ...(client === undefined ? [] : ["client_id = {client:String}"]),
    ...(run === undefined ? [] : ["run_id = {run:UUID}"]),
    ...(from === undefined ? [] : [`at >= ${timeOf("from")}`]),
    ...(to === undefined ? [] : [`at < ${timeOf("to")}`]),
  ];
}

function timeOf(name: string): string {
  return `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;
}

/** Where the page after these begins; null when nothing follows. */
export function nextEventPlace(events: readonly AuditEvent[], limit: number): EventPlace | null {
  const last = events.at(-1);
  return last === undefined || events.length < limit ? null : { atMs: Date.parse(last.at), eventId: last.event_id };
}
