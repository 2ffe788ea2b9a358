/** `costs statement`: what a client's month cost, as a table, CSV, JSON or a page to print. */
import { z } from "zod";
import { readStatement, type Statement } from "../../ledger/statements/read-statement.ts";
import { statementCsv } from "../../ledger/statements/statement-csv.ts";
import { statementMonth } from "../../ledger/statements/statement-month.ts";
import { statementPage } from "../../ledger/statements/statement-page.ts";
import { withLedger } from "../connections.ts";
import { exitCodes } from "../exit-codes.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";
import { grouped, type Table } from "../table.ts";

const options = z.object({
  client: z.string("required option: whose").min(1).max(128),
  month: statementMonth,
  csv: z.boolean().default(false),
  html: z.boolean().default(false),
});

export const showStatement: CommandAction = async ({ screen, env }, { options: given }) => {
  const { client, month, csv, html } = parseOptions(options, given);
  const made = await withLedger(env, (store) => readStatement(store, { client, month, nowMs: Date.now() }));
  if (csv || html) {
    screen.raw(csv ? statementCsv(made) : statementPage(made));
    return exitCodes.ok;
  }
  screen.document(made);
  screen.table(tableOf(made));
  screen.note(`Total: USD ${made.cost_usd_cents ?? "unknown"} (exactly ${made.cost_usd ?? "unknown"}).`);
  for (const [what, { calls, low_usd: low, high_usd: high }] of [
    ["orphans", made.orphans],
    ["calls of unknown cost", made.unknown],
  ] as const)
    if (calls > 0) screen.note(`Outside of it: ${calls} ${what}, ${low ?? "unknown"} to ${high ?? "unknown"} USD.`);
  for (const { repriced_at: at, calls, repriced_usd: usd } of made.repricings)
    screen.note(`Priced again ${at.slice(0, 10)}: ${calls} calls, ${usd ?? "unknown"} USD. The total stands.`);
  if (!made.is_final) screen.note("Not final: the month, or a call of it, still runs.");
  return exitCodes.ok;
};

function tableOf({ lines }: Statement): Table {
  return {
    columns: [
      { head: "feature" },
      { head: "harness" },
      { head: "model" },
      { head: "calls", align: "right" },
      { head: "cost USD", align: "right" },
    ],
    rows: lines.map(({ feature, harness, model, calls, cost_usd: usd }) => [
      feature ?? "-",
      harness,
      model,
      grouped(calls),
      usd ?? "unknown",
    ]),
  };
}
