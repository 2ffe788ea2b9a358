/** An answer as a table: what it is split by, its figures, and the sums where there are several rows. */
import { figuresOf, totalsOf, type AnswerRow, type Figure } from "../../ledger/answers/figures.ts";
import type { Column, Table } from "../table.ts";
import { figureText, headOf } from "./figure-text.ts";

export interface Told {
  readonly by: readonly string[];
  readonly rows: readonly AnswerRow[];
  /** Over all rows, those that are not shown included; over these when absent. */
  readonly total?: AnswerRow;
}

export function answerTable(figures: readonly Figure[], { by, rows, total = totalsOf(figures, rows) }: Told): Table {
  const shown = figuresOf(by, figures);
  const addsUp = rows.length > 1 && Object.keys(total).length > 0;
  return {
    columns: shown.map(columnOf),
    rows: rows.map((row) => shown.map((figure) => figureText(figure, row[figure.name]))),
    ...(addsUp
      ? { totals: shown.map((figure, index) => (index === 0 ? "total" : figureText(figure, total[figure.name], true))) }
      : {}),
  };
}

function columnOf(figure: Figure): Column {
  const { kind, drop } = figure;
  return {
    head: headOf(figure),
    ...(kind === "text" ? { shrink: 10 } : { align: "right" }),
    ...(drop === undefined ? {} : { drop }),
  };
}
