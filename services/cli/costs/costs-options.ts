/** The options that `costs` and its questions share, and how an answer leaves: table, chart, CSV or JSON. */
import { z } from "zod";
import { answerCsv } from "../../ledger/answers/answer-csv.ts";
import type { AnswerRow, Figure } from "../../ledger/answers/figures.ts";
import type { Screen } from "../screen.ts";
import type { Table } from "../table.ts";
import { answerChart } from "./charts/answer-chart.ts";

export const waysOut = { csv: z.boolean().default(false), chart: z.boolean().default(false) } as const;

/** `--from` and `--to` are the names that `--since` and `--until` had first. */
export function withSince(options: unknown): Readonly<Record<string, unknown>> {
  const { from, to, ...rest } = z.record(z.string(), z.unknown()).parse(options);
  return { since: from, until: to, ...rest };
}

export interface Shown {
  readonly by: readonly string[];
  readonly rows: readonly AnswerRow[];
  readonly figures: readonly Figure[];
  readonly drawn: string;
  readonly table: Table;
  readonly document: object;
  /** What is said where there is no row. */
  readonly empty?: string;
}

/** False where it was CSV or JSON: nothing for people belongs beside it. */
export function show(screen: Screen, { csv, chart }: { readonly csv: boolean; readonly chart: boolean }, shown: Shown) {
  if (csv) {
    screen.raw(answerCsv(shown));
    return false;
  }
  screen.document(shown.document);
  if (shown.rows.length === 0) screen.note(shown.empty ?? "No calls in the ledger.");
  else if (chart) screen.result(answerChart(shown, screen.width === Infinity ? 100 : screen.width));
  else screen.table(shown.table);
  return !screen.json;
}
