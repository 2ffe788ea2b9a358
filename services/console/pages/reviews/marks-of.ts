/** The passages of a held answer that findings are about, where the answer is one text. Pure. */
import type { GuardReport } from "../../../../schemas/parts/finding.ts";
import type { Mark } from "../../format/marked-text.ts";

/** Of structured output none: the excerpts quote the field. */
export function marksOf(output: unknown, guards: readonly GuardReport[]): readonly Mark[] {
  if (typeof output !== "string") return [];
  return guards
    .flatMap(({ findings }) => findings)
    .flatMap(({ rule, field = "answer", span, claim = span }) =>
      claim === undefined || field !== "answer" ? [] : [{ ...claim, label: rule }],
    );
}
