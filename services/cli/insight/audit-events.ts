/** `audit events`: who changed what when, newest first. */
import { z } from "zod";
import { auditEvents, eventKinds, type AuditEvent } from "../../ledger/audit/audit-events.ts";
import { costTime } from "../../ledger/cost-reports/cost-query.ts";
import { withLedger } from "../connections.ts";
import { exitCodes } from "../exit-codes.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";
import { printableLines } from "../screen.ts";
import type { Table } from "../table.ts";

const most = "a whole number from 1 to 10000";
const eventOptions = z.object({
  kind: z.enum(eventKinds, `one of ${eventKinds.join(", ")}`).optional(),
  actor: z.string().min(1).optional(),
  action: z.string().min(1).optional(),
  target: z.string().min(1).optional(),
  client: z.string().min(1).optional(),
  run: z.uuid("is no run id").optional(),
  from: costTime,
  to: costTime,
  limit: z.coerce.number(most).int(most).min(1, most).max(10_000, most),
});

export const showAuditEvents: CommandAction = async ({ screen, env }, { options }) => {
  const query = parseOptions(eventOptions, options);
  const events = await withLedger(env, (store) => auditEvents(store, query));
  screen.document({ events });
  if (events.length === 0) screen.note("The ledger knows of nothing like that.");
  else screen.table(eventTable(events));
  return exitCodes.ok;
};

export function eventTable(events: readonly AuditEvent[]): Table {
  return {
    columns: [
      { head: "at (UTC)" },
      { head: "who", shrink: 8 },
      { head: "action" },
      { head: "target", wrap: true },
      { head: "client", drop: 2 },
      { head: "version", drop: 3 },
      { head: "why", drop: 1, shrink: 12 },
    ],
    rows: events.map((event) =>
      [
        event.at.replace("T", " ").slice(0, 19),
        `${event.by_kind === "api_key" ? "key " : ""}${event.by_id ?? "-"}`,
        event.action,
        event.target,
        event.client_id ?? "-",
        versionsOf(event),
        event.why ?? "-",
      ].map(printableLines),
    ),
  };
}

function versionsOf({ target_version: now, previous_version: before }: AuditEvent): string {
  if (before === null) return now ?? "-";
  return `${before} > ${now ?? "none"}`;
}
