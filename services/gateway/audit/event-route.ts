/**
 * `GET /v1/audit/events`: who changed what when, newest first, a page at a
 * time, as the ledger read it from the audit. For an admin's key. The proof
 * that none is missing is `breakwater audit verify`'s.
 */
import { z } from "zod";
import {
  auditEvent,
  auditEvents,
  eventKinds,
  nextEventPlace,
  type EventPlace,
} from "../../ledger/audit/audit-events.ts";
import type { Store } from "../../ledger/clickhouse.ts";
import { costTime } from "../../ledger/cost-reports/cost-query.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";

const name = z.string().min(1).max(128).optional();

/** `<Unix milliseconds>.<event id>` of the page's last event. */
const cursor = z
  .string()
  .max(300)
  .regex(/^\d{1,13}\.[\x21-\x7e]+$/, "as `next` of the page before gives it")
  .transform((text): EventPlace => {
    const dot = text.indexOf(".");
    return { atMs: Number(text.slice(0, dot)), eventId: text.slice(dot + 1) };
  })
  .optional();

const eventQuery = z.strictObject({
  kind: z.enum(eventKinds).optional().describe("Changes and erasures when absent"),
  actor: name.describe("The user's name, the key's id or the process"),
  action: name.describe("How the action begins: key., or harness.applied"),
  target: name.describe("A part of what was changed, in any case"),
  client: name.describe("Whom it is about"),
  run: z.uuid("a run id").toLowerCase().optional(),
  from: costTime.describe("A day (its start, UTC) or an RFC 3339 time"),
  to: costTime.describe("Likewise, exclusive"),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: cursor.describe("`next` of the page before"),
});

const eventPage = z
  .object({
    events: z.array(auditEvent),
    next: z.string().nullable().describe("The next page's `cursor`; null when this is the last"),
  })
  .describe("Who did what when, newest first");

export type EventsAnswer = Readonly<z.infer<typeof eventPage>>;

export interface AuditEventParts {
  readonly ledger: Pick<Store, "query">;
}

export function auditEventRoute({ ledger }: AuditEventParts): GatewayRoute {
  return keyedRoute({
    method: "GET",
    url: "/v1/audit/events",
    access: "admin",
    dialect: "native",
    tag: "audit",
    summary: "What operators changed, and calls when they are asked for",
    accepts: { query: eventQuery },
    answers: { 200: { description: "A page of them; the ledger follows by a second or two", body: eventPage } },
    handle: async ({ query: { cursor: after, ...wanted } }) => {
      const events = await auditEvents(ledger, { ...wanted, after });
      const next = nextEventPlace(events, wanted.limit);
      return { events, next: next === null ? null : `${next.atMs}.${next.eventId}` };
    },
  });
}
