/**
 * A question as text: the words that the command line's options and the
 * gateway's query share, read into what the ledger is asked.
 */
import { z } from "zod";
import type { Question } from "../questions/questions.ts";
import { dimension, type Dimension } from "./dimension.ts";
import { callFilterShape, runFilterShape, type Asking } from "./filter.ts";
import { moment, periodMeaning, wholePeriod } from "./period.ts";

const defaultSince = { kind: "ago", ms: 30 * 24 * 3_600_000 } as const;
const defaultRows = 1000;
export const mostRows = 10_000;

/** Without `client`: who may ask of whom is not the same everywhere. */
export function questionQuery({ dimensions, by, isOf }: Question) {
  return z.strictObject({
    by: dimensionList(dimensions)
      .optional()
      .describe(`Up to four of ${dimensions.join(", ")}, comma separated; ${by.join(",") || "none"} when absent`),
    since: moment.optional().describe(`${periodMeaning.since}; 30d when absent`),
    until: moment.optional().describe(periodMeaning.until),
    ...(isOf === "calls" ? callFilterShape : runFilterShape),
    limit: z.coerce
      .number(`a whole number from 1 to ${mostRows}`)
      .int()
      .min(1)
      .max(mostRows)
      .default(defaultRows)
      .describe("Most rows"),
  });
}

/** `limit`: most rows. */
export interface LimitedAsking extends Asking {
  readonly limit: number;
}

export type QuestionQuery = z.output<ReturnType<typeof questionQuery>>;

export const emptyPeriod = "since must lie before until";

/** Null when the period is empty. */
export function askingOf(
  question: Question,
  { by = question.by, since, until, limit, ...filter }: QuestionQuery & { readonly client?: string | undefined },
  nowMs: number,
): LimitedAsking | null {
  const period = wholePeriod({ since, until }, nowMs, defaultSince);
  return period.sinceMs < period.untilMs ? { by, period, filter, limit } : null;
}

function dimensionList(dimensions: readonly Dimension[]): z.ZodType<readonly Dimension[], string> {
  const one = `(?:${dimensions.join("|")})`;
  const says = `up to four of ${dimensions.join(", ")}, comma separated`;
  return z
    .string()
    .regex(new RegExp(`^${one}(?:,${one}){0,3}$`), says)
    .transform((text): readonly Dimension[] => Array.from(new Set(z.array(dimension).parse(text.split(",")))));
}
