/**
 * `costs`: what was paid, by what, read from the ledger.
 */
import { z } from "zod";
import { callFilterShape } from "../../ledger/asking/filter.ts";
import { exactPeriod, moment } from "../../ledger/asking/period.ts";
import { costDimensions } from "../../ledger/cost-reports/cost-query.ts";
import { costRows, costsDocument } from "../../ledger/cost-reports/costs-document.ts";
import { readCosts } from "../../ledger/cost-reports/read-costs.ts";
import { runStatuses } from "../../ledger/costs.ts";
import { spendFigures } from "../../ledger/questions/spend.ts";
import { withLedger } from "../connections.ts";
import { exitCodes } from "../exit-codes.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";
import { costTable } from "./cost-table.ts";
import { show, waysOut, withSince } from "./costs-options.ts";

const costOptions = z.object({
  ...waysOut,
  ...callFilterShape,
  by: costDimensions.default(["harness", "model", "client"]),
  since: moment.optional(),
  until: moment.optional(),
  client: callFilterShape.harness,
});

export const costs: CommandAction = async ({ screen, env }, { options: given }) => {
  const { by, since, until, csv, chart, provider, model, ...which } = parseOptions(costOptions, withSince(given));
  const { sinceMs: fromMs, untilMs: toMs } = exactPeriod({ since, until }, Date.now());
  const ofRuns = { ...which, fromMs, toMs };
  const { lines, statuses } = await withLedger(env, async (store) => ({
    lines: await readCosts(store, by, { ...ofRuns, provider, model }),
    statuses: await runStatuses(store, ofRuns),
  }));
  const document = { ...costsDocument(by, lines), run_statuses: statuses };
  const shown = { by, rows: costRows(by, lines), figures: spendFigures, drawn: "cost_usd" };
  const isTold = show(screen, { csv, chart }, { ...shown, table: costTable(by, lines), document });
  if (isTold && statuses.length > 0)
    screen.note(`Runs: ${statuses.map(({ status, runs }) => `${runs} ${status}`).join(", ")}`);
  return exitCodes.ok;
};
