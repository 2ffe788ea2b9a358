/** What a question of the gateway answers, with the rows that its own schema infers. */
export interface AnswerOf<Row> {
  readonly by: readonly string[];
  readonly since: string;
  readonly until: string;
  readonly rows: readonly Row[];
  readonly more_rows: number;
  readonly total: Readonly<Record<string, string | number | null | undefined>>;
}

/** Null while the answer is still the one to a question that was split otherwise. */
export function splitAs<Row>(answer: AnswerOf<Row> | null, by: readonly string[]): AnswerOf<Row> | null {
  return answer?.by.join() === by.join() ? answer : null;
}

/** How often the ledger is asked again: its sums change slowly. */
export const everyMs = 60_000;
