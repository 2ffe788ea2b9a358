/**
 * `costs`: what was paid, by what, read from the ledger.
 */
import { z } from "zod";
import {
  costDimension,
  costs as readCosts,
  runStatuses,
  type CostDimension,
  type CostFilter,
} from "../../ledger/costs.ts";
import { withLedger } from "../connections.ts";
import { exitCodes } from "../exit-codes.ts";
import { costsDocument, costTable } from "../insight/cost-table.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";

const dimensions = z.string().transform((text, context): readonly CostDimension[] => {
  const parsed = z
    .array(costDimension)
    .min(1)
    .safeParse(text.split(",").map((part) => part.trim()));
  if (parsed.success) return parsed.data;
  context.issues.push({
    code: "custom",
    input: text,
    message: `any of ${costDimension.options.join(", ")}, comma separated`,
  });
  return z.NEVER;
});

/** A day (its start, UTC) or an RFC 3339 time. */
const time = z
  .union(
    [
      z.iso.date().transform((day) => Date.parse(`${day}T00:00:00Z`)),
      z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    ],
    "a day (2026-11-01) or a time with its zone (2026-11-01T12:00:00Z)",
  )
  .optional();

const costOptions = z.object({ by: dimensions, from: time, to: time, client: z.string().optional() });

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
