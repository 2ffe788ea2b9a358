/**
 * A text as it may be shown: every value for which the harness's policy has an
 * action other than `allow` is replaced by the name of its kind. Without a
 * harness, everything that is known as personal data or a secret is. Cut at a
 * length, after more than that was looked through, so that no half of a value
 * is left at the cut.
 */
import type { PolicyKnobs } from "../../../schemas/control/harness-definition.ts";
import { piiEntities } from "../../guards/pii/entity.ts";
import { findPersonalData, privacyRules, type PersonalDatum } from "../../guards/privacy/find-personal-data.ts";
import { placeholderOf } from "../../guards/privacy/token-forms.ts";
import { fold } from "../../guards/text/fold.ts";

type Policy = PolicyKnobs["pii"];

/** What is hidden where nobody knows which harness's policy holds. */
export const strictestPolicy: Policy = {
  entities: Object.fromEntries(piiEntities.map(({ entity }) => [entity, "redact"])),
  custom: [],
  failMode: "closed",
};

export interface ShownText {
  readonly text: string;
  /** Values that were hidden. */
  readonly hidden: number;
  /** Characters that are not shown. */
  readonly cut: number;
}

/** Longer than any value that is looked for, but for keys of many lines, whose first line already tells. */
const overlapChars = 4096;

export function hiddenIn(text: string, policy: Policy): readonly PersonalDatum[] {
  return findPersonalData(fold(text), privacyRules(policy)).filter(({ action }) => action !== "allow");
}

export function showText(text: string, policy: Policy, mostChars: number): ShownText {
  const data = hiddenIn(text.slice(0, mostChars + overlapChars), policy).filter(({ start }) => start < mostChars);
  let shown = "";
  let from = 0;
  for (const { entity, start, end } of data) {
    shown += text.slice(from, start) + placeholderOf(entity);
    from = end;
  }
  const end = Math.max(from, Math.min(text.length, mostChars));
  return { text: (shown + text.slice(from, end)).toWellFormed(), hidden: data.length, cut: text.length - end };
}
