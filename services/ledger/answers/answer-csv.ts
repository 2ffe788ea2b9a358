/** An answer's rows as CSV: its dimensions, then its figures, under their names in the JSON. */
import { csvText } from "./csv.ts";
import { figuresOf, type AnswerRow, type Figure } from "./figures.ts";

export interface Tabular {
  readonly by: readonly string[];
  readonly rows: readonly AnswerRow[];
  readonly figures: readonly Figure[];
}

export function answerCsv({ by, rows, figures }: Tabular): string {
  const columns = figuresOf(by, figures);
  return csvText(
    columns.map(({ name, kind }) => ({ name, isText: kind === "text" })),
    rows.map((row) => columns.map(({ name }) => row[name] ?? null)),
  );
}
