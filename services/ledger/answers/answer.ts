/**
 * An answer as a document for programs: what was asked, over which hours, the
 * rows and the sums over all of them. Money is decimal text, unknown null. Rows
 * beyond the limit are counted, and stay in the sums.
 */
import { z } from "zod";
import type { Dimension } from "../asking/dimension.ts";
import type { LimitedAsking } from "../asking/query.ts";
import type { Question } from "../questions/questions.ts";
import type { Store } from "../clickhouse.ts";
import { totalsOf, type AnswerRow } from "./figures.ts";

const scalar = z.union([z.string(), z.number(), z.null()]);

export function answerView({ name, summary, dimensions, row }: Question) {
  return z
    .object({
      question: z.literal(name),
      by: z.array(z.enum(dimensions)),
      since: z.iso.datetime().describe("The full hour that it begins with, UTC"),
      until: z.iso.datetime().describe("Exclusive"),
      rows: z.array(row).describe("Beside its figures, the value of each dimension of `by`; null: unknown"),
      more_rows: z.int().nonnegative().describe("Rows beyond the limit"),
      total: z.record(z.string(), scalar).describe("Sums over all rows, of the figures that add up"),
    })
    .describe(summary);
}

export interface Answer {
  readonly question: string;
  readonly by: readonly Dimension[];
  readonly since: string;
  readonly until: string;
  readonly rows: readonly AnswerRow[];
  readonly more_rows: number;
  readonly total: AnswerRow;
}

/** Errors: StoreError. */
export async function answer(
  store: Pick<Store, "query">,
  question: Question,
  { limit, ...asking }: LimitedAsking,
): Promise<Answer> {
  const rows = await question.read(store, asking);
  const { by, period } = asking;
  return {
    question: question.name,
    by,
    since: new Date(period.sinceMs).toISOString(),
    until: new Date(period.untilMs).toISOString(),
    rows: rows.slice(0, limit),
    more_rows: Math.max(0, rows.length - limit),
    total: totalsOf(question.figures, rows),
  };
}
