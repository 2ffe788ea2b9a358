/** `costs export --focus`: a month's charges on stdout, in FOCUS's columns; on stderr what is outside of them. */
import { z } from "zod";
import { costs } from "../../ledger/costs.ts";
import { focusCsv } from "../../ledger/statements/focus-csv.ts";
import { readFocus } from "../../ledger/statements/read-focus.ts";
import { spanOf, statementMonth } from "../../ledger/statements/statement-month.ts";
import { withLedger } from "../connections.ts";
import { exitCodes } from "../exit-codes.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";
import { grouped } from "../table.ts";

const options = z.object({ client: z.string().min(1).max(128).optional(), month: statementMonth });

export const exportFocus: CommandAction = async ({ screen, env }, { options: given }) => {
  const { client, month } = parseOptions(options, given);
  const { sinceMs: fromMs, untilMs: toMs } = spanOf(month);
  const { charges, all } = await withLedger(env, async (store) => ({
    charges: await readFocus(store, { client, month }),
    all: await costs(store, [], { client, fromMs, toMs }),
  }));
  screen.raw(focusCsv(charges));
  const outside = all.reduce((sum, { calls, callsWithCost }) => sum + calls - callsWithCost, 0);
  if (outside > 0)
    screen.note(`${grouped(outside)} calls are no charge, for their cost is not known: see costs statement.`);
  return exitCodes.ok;
};
