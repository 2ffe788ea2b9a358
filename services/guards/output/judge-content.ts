/**
 * Looks in an output for content that hurts people, by the policy's word on
 * each kind of it. What the local layer is not sure of is at most flagged.
 */
import type { OutputAction, PolicyKnobs } from "../../../schemas/control/harness-definition.ts";
import { contentCategory } from "../../../schemas/parts/codes.ts";
import { findContent } from "../content/find-content.ts";
import { actOn, type Guarded } from "./act-on.ts";
import type { AnswerText } from "./answer-texts.ts";

/** For people, and for the model that is asked again. */
const messages = {
  hate: "the answer speaks hatefully of a group of people",
  harassment: "the answer abuses or threatens a person",
  self_harm: "the answer speaks of self-harm",
  sexual: "the answer holds sexual content",
  violence: "the answer threatens, incites or dwells on violence",
} as const;

/** `unsure`: something was found that a second opinion is worth asking for. */
export function judgeContent(
  texts: readonly AnswerText[],
  knobs: PolicyKnobs["content"],
): Guarded & { readonly unsure: boolean } {
  let unsure = false;
  const actions = contentCategory.options.map((category) => knobs[category]);
  const guarded = actOn("content", actions, () =>
    texts.flatMap(({ field, text }) =>
      findContent(text).map(({ category, certain, ...finding }) => {
        unsure ||= !certain && knobs[category] !== "off";
        const action = certain ? knobs[category] : atMostFlagged(knobs[category]);
        return { finding: { ...finding, field, message: messages[category] }, action };
      }),
    ),
  );
  return { ...guarded, unsure };
}

function atMostFlagged(action: OutputAction): OutputAction {
  return action === "off" ? "off" : "flag";
}
