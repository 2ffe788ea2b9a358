/**
 * `alerts`: lists what was told of budgets and of surges, and follows what is
 * told from now on.
 */
import { z } from "zod";
import { alertRecord } from "../../../schemas/control/alert.ts";
import { exactPeriod, moment } from "../../ledger/asking/period.ts";
import { followAlerts } from "../../runtime/alerts/alert-book.ts";
import { withKafka } from "../connections.ts";
import { exitCodes } from "../exit-codes.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";
import { alertSentence, alertTable, timeText } from "./alert-text.ts";

const kinds = alertRecord.options.map(({ shape }) => shape.kind.value);
const atMost = "a whole number from 1 to 10000";
const listOptions = z.object({
  since: moment.optional(),
  kind: z.enum(kinds, `one of ${kinds.join(", ")}`).optional(),
  client: z.string().optional(),
  limit: z.coerce.number(atMost).int(atMost).min(1, atMost).max(10_000, atMost),
});

export const listAlerts: CommandAction = async ({ screen, env }, { options }) => {
  const { since, limit, ...which } = parseOptions(listOptions, options);
  const { sinceMs } = exactPeriod({ since }, Date.now());
  const alerts = await withKafka(env, async ({ reader }) => {
    const followed = await followAlerts(reader);
    await followed.close();
    return followed.book.list({ ...which, sinceMs }, limit);
  });
  screen.document({ alerts });
  if (alerts.length === 0) screen.note("No alert was raised.");
  else screen.table(alertTable(alerts));
  return exitCodes.ok;
};

export const tailAlerts: CommandAction = async ({ screen, env, signal }) => {
  await withKafka(env, async ({ reader }) => {
    let isLive = false;
    const followed = await followAlerts(reader, (alert) => {
      if (!isLive) return;
      if (screen.json) screen.line(alert);
      else screen.result(`${timeText(alert.raised_at_ms)}  ${alertSentence(alert)}`);
    });
    isLive = true;
    screen.note("Waiting for alerts; Ctrl-C ends it.");
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    await followed.close();
  });
  return exitCodes.ok;
};
