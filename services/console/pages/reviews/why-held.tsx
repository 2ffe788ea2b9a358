/** Why an answer is held, and what each finding is about: the claim, and the passage of its context that comes closest. */
import type { ReviewDocument } from "../../../gateway/reviews/review-view.ts";
import { ReasonLine } from "../../parts/answers/reason-line.tsx";
import { ModelText } from "../../parts/model-text.tsx";

export function WhyHeld({ item: { reasons, excerpts } }: { readonly item: ReviewDocument }) {
  return (
    <div class="review-part">
      <h3>Held for</h3>
      <ul class="review-reasons">
        {reasons.map((reason, index) => (
          <li key={index}>
            <ReasonLine reason={reason} />
          </li>
        ))}
      </ul>
      {excerpts.map(({ rule, field, claim, passage }, index) => (
        <dl key={index} class="review-excerpt">
          <dt title={rule}>
            {field === "answer" ? "The answer says" : `The answer at ${field.replace(/^answer/, "")}`}
          </dt>
          <dd>
            <ModelText text={claim} />
          </dd>
          {passage === undefined ? null : (
            <>
              <dt>The context says</dt>
              <dd>
                <ModelText text={passage} />
              </dd>
            </>
          )}
        </dl>
      ))}
    </div>
  );
}
