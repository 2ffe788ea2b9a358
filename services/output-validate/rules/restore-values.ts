/**
 * Puts the values of a run's pseudonyms back into its answer: in a text, in
 * every string of a JSON value and of the arguments of tools. Keys stay, and so does a pseudonym that the
 * model made up or altered. Says how many values came back, never which.
 */
import type { GuardReport } from "../../../schemas/parts/finding.ts";
import type { PseudonymMap } from "../../guards/privacy/cryptography.ts";
import { replacePseudonyms } from "../../guards/privacy/token-forms.ts";
import type { Said } from "../../guards/output/answer-texts.ts";
import { maxAnswerBytes } from "../../guards/output/answer-size.ts";
import { mapMembers, mapStrings } from "../../guards/output/map-strings.ts";

export type Restoration =
  | { readonly kind: "restored"; readonly said: Said; readonly count: number; readonly report: GuardReport }
  /** With its values back the answer is larger than a record may carry. */
  | { readonly kind: "too_large" };

const guard = "pii_restore";

export function restoreValues({ output, calls }: Said, pseudonyms: PseudonymMap): Restoration {
  const tally = { count: 0, addedChars: 0 };
  const valueOf = (token: string): string | undefined => {
    const value = pseudonyms.get(token);
    if (value === undefined || tally.addedChars > maxAnswerBytes) return undefined;
    tally.count += 1;
    tally.addedChars += value.length;
    return value;
  };
  const restored = (text: string): string => replacePseudonyms(text, valueOf);
  const said = {
    output: mapStrings(output, restored),
    calls: calls.map((call) => ({ ...call, arguments: mapMembers(call.arguments, restored) })),
  };
  if (tally.addedChars > maxAnswerBytes) return { kind: "too_large" };
  const detail = `${tally.count} ${tally.count === 1 ? "value" : "values"} put back`;
  return { kind: "restored", said, count: tally.count, report: { guard, verdict: "passed", findings: [], detail } };
}
