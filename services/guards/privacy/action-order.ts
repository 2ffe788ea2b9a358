/**
 * Which of two actions on personal data is the stricter. `mask` leaves a part
 * to be read, `pseudonymise` can be undone by who holds the key, `hash` cannot
 * but says that two values are one, `redact` leaves the kind alone, and after
 * `block` nothing is sent at all.
 */
import { piiAction, type PiiAction } from "../../../schemas/control/harness-definition.ts";

/** Negative when `left` is weaker than `right`. */
export function compareStrictness(left: PiiAction, right: PiiAction): number {
  return piiAction.options.indexOf(left) - piiAction.options.indexOf(right);
}

export function stricter(left: PiiAction, right: PiiAction): PiiAction {
  return compareStrictness(left, right) < 0 ? right : left;
}
