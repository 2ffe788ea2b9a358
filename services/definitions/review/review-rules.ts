/**
 * The rules on reviews: an answer that a policy wants to hold needs somebody
 * who is told how long, and a review needs something that it can hold.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";

export function brokenReviewRules({ knobs: { content, grounding, leaks }, review }: HarnessDefinition): Reason[] {
  const wanted = Object.entries({ content, grounding, leaks }).flatMap(([guard, actions]) =>
    Object.entries(actions).flatMap(([name, action]) => (action === "review" ? [`/knobs/${guard}/${name}`] : [])),
  );
  if (review === undefined) return wanted.map((path) => broken(path, "review_is_declared", "needs a review"));
  const reasons: Reason[] = [];
  if (review.when === "found" && wanted.length === 0)
    reasons.push(broken("/review/when", "policy_can_act", "no guard's action is review: nothing would be held"));
  if (review.escalateAfterMs !== undefined && review.escalateAfterMs >= review.timeoutMs)
    reasons.push(broken("/review/escalateAfterMs", "policy_can_act", "the review is over by then"));
  return reasons;
}

function broken(path: string, rule: string, message: string): Reason {
  return { code: "definition_invalid", path, rule, message };
}
