/**
 * `costs`: what was paid, by what, read from the ledger.
 */
import { z } from "zod";
import { costDimensions, costTime } from "../../ledger/cost-reports/cost-query.ts";
import { costsDocument } from "../../ledger/cost-reports/costs-document.ts";
import { costs as readCosts, runStatuses, type CostFilter } from "../../ledger/costs.ts";
import { withLedger } from "../connections.ts";
import { exitCodes } from "../exit-codes.ts";
import { costTable } from "../insight/cost-table.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";

const costOptions = z.object({ by: costDimensions, from: costTime, to: costTime, client: z.string().optional() });

export const costs: CommandAction = async ({ screen, env }, { options: given }) => {
  const { by, from, to, client } = parseOptions(costOptions, given);
  const filter: CostFilter = { fromMs: from, toMs: to, client };
  const { lines, statuses } = await withLedger(env, async (store) => ({
    lines: await readCosts(store, by, filter),
    statuses: await runStatuses(store, filter),
  }));
  screen.document({ ...costsDocument(by, lines), run_statuses: statuses });
  if (lines.length === 0) screen.note("No calls in the ledger.");
  else screen.table(costTable(by, lines));
  if (statuses.length > 0) screen.note(`Runs: ${statuses.map(({ status, runs }) => `${runs} ${status}`).join(", ")}`);
  return exitCodes.ok;
};
