/**
 * Holds an output against what it was to be grounded in, by the policy's word
 * on contradictions, on what the context does not hold and on figures without
 * a source.
 */
import type { PolicyKnobs } from "../../../schemas/control/harness-definition.ts";
import { groundIn } from "../../guards/grounding/check-grounding.ts";
import { actOn, type Guarded } from "../../guards/output/act-on.ts";
import type { AnswerText } from "../../guards/output/answer-texts.ts";

export function judgeGrounding(
  texts: readonly AnswerText[],
  context: readonly string[],
  knobs: PolicyKnobs["grounding"],
): Guarded {
  const actions = { contradiction: knobs.contradictions, unsupported: knobs.unsupported, unsourced: knobs.unsourced };
  return actOn("grounding", Object.values(actions), () => {
    const ground = groundIn(context);
    return texts.flatMap(({ field, text }) =>
      ground(text).map(({ concern, ...finding }) => ({
        finding: { ...finding, field },
        action: actions[concern],
      })),
    );
  });
}
