/**
 * `costs burn-down`: how fast budgets are used up, by the leases on Kafka, and
 * when they will be, by the pace of the window and of the ledger's last days.
 */
import { z } from "zod";
import { burnDownAnswer, burnDownFigures, type BurnDownAnswer } from "../../budgets/burn-down/burn-down-answer.ts";
import { Decimal } from "../../pricing/usd.ts";
import { budgetsIn } from "../budgets/budgets.ts";
import { readLeases } from "../budgets/standing.ts";
import { withKafka, withLedger } from "../connections.ts";
import { exitCodes } from "../exit-codes.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";
import type { Table } from "../table.ts";
import { show, waysOut } from "./costs-options.ts";
import { figureText } from "./figure-text.ts";

const options = z.object({ ...waysOut, client: z.string().min(1).max(128).optional() });

export const showBurnDown: CommandAction = async ({ screen, env }, { options: given }) => {
  const { csv, chart, client } = parseOptions(options, given);
  const nowMs = Date.now();
  const standing = await withKafka(env, async ({ reader }) => ({
    budgets: (await budgetsIn(reader)).values(),
    book: await readLeases(reader, nowMs),
  }));
  const found = await withLedger(env, (store) => burnDownAnswer(store, standing, { nowMs, client }));
  const shown = { by: [], rows: found.rows, figures: burnDownFigures, drawn: "used_share", document: found };
  const empty = "No budget of a day or a month is set: npx breakwater budgets set --help";
  const isTold = show(screen, { csv, chart }, { ...shown, table: burnDownTable(found), empty });
  if (isTold && found.rows.length > 0)
    screen.note(
      "A forecast carries a pace on: that of the window so far, and that of the last seven days. Times are UTC.",
    );
  return exitCodes.ok;
};

/** Paces are rounded: a forecast's last digits say nothing. */
export function burnDownTable({ rows }: Pick<BurnDownAnswer, "rows">): Table {
  const paces = new Set(["pace_window", "pace_recent"]);
  const times = new Set(["used_up_window", "used_up_recent", "resets_at"]);
  return {
    columns: burnDownFigures.map(({ head, kind, drop }) => ({
      head,
      ...(kind === "text" ? {} : { align: "right" as const }),
      ...(drop === undefined ? {} : { drop }),
    })),
    rows: rows.map((row) =>
      burnDownFigures.map((figure) => {
        const value = z.record(z.string(), z.union([z.string(), z.number(), z.null()])).parse(row)[figure.name] ?? null;
        if (paces.has(figure.name)) return value === null ? "too early" : roughly(String(value));
        if (times.has(figure.name)) return value === null ? "not before" : minuteOf(String(value));
        return figureText(figure, value);
      }),
    ),
  };
}

function roughly(amount: string): string {
  return new Decimal(amount).toSignificantDigits(4).toFixed();
}

function minuteOf(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}
