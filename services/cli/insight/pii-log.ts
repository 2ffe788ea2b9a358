/** `audit pii`: what personal data was found where and what was done about it, never the value. */
import { z } from "zod";
import { piiFindings, type PiiFinds } from "../../ledger/audit/pii-findings.ts";
import { costTime } from "../../ledger/cost-reports/cost-query.ts";
import { withLedger } from "../connections.ts";
import { exitCodes } from "../exit-codes.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";
import type { Table } from "../table.ts";

const most = "a whole number from 1 to 10000";
const piiOptions = z.object({
  run: z.uuid("is no run id").optional(),
  client: z.string().optional(),
  harness: z.string().optional(),
  from: costTime,
  to: costTime,
  limit: z.coerce.number(most).int(most).min(1, most).max(10_000, most),
});

export const showPiiLog: CommandAction = async ({ screen, env }, { options }) => {
  const query = parseOptions(piiOptions, options);
  const finds = await withLedger(env, (store) => piiFindings(store, query));
  screen.document({ finds });
  if (finds.length === 0) screen.note("No personal data was found.");
  else screen.table(piiTable(finds));
  return exitCodes.ok;
};

export function piiTable(finds: readonly PiiFinds[]): Table {
  return {
    columns: [
      { head: "decided (UTC)" },
      { head: "run" },
      { head: "client", drop: 2 },
      { head: "harness", drop: 3 },
      { head: "kind" },
      { head: "found", align: "right" },
      { head: "action" },
      { head: "where", wrap: true },
    ],
    rows: finds.map((found) => [
      found.decided_at.replace("T", " ").slice(0, 19),
      found.run_id,
      found.client_id ?? "-",
      found.harness ?? "-",
      found.entity,
      String(found.count),
      found.action,
      `${found.field ?? "(beyond those listed)"} ${found.spans.map(({ start, end }) => `${start}-${end}`).join(", ")}`.trim(),
    ]),
  };
}
