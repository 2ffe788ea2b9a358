/**
 * Runs the guards that read texts, over texts that were folded once: injection
 * and personal data. Both run, also when the first refuses: the record shows
 * all that was wrong. The same for a request on its way and for a text that is
 * tried out offline.
 */
import type { PolicyKnobs } from "../../../../schemas/control/harness-definition.ts";
import type { GuardReport, Reason } from "../../../../schemas/parts/finding.ts";
import type { Tokeniser } from "../../../guards/privacy/cryptography.ts";
import { runGuard } from "../../policy.ts";
import { scanInjection, type InjectionSigns } from "../injection.ts";
import type { InputText } from "./input-texts.ts";
import { scanPii, type PiiOutcome } from "../pii.ts";

/** What the guards work with, beside the policy. */
export interface GuardTools extends InjectionSigns {
  /** Null when no key is configured: policies that hash or pseudonymise then refuse. */
  readonly tokeniser: Tokeniser | null;
}

export interface ScannedTexts extends Pick<PiiOutcome, "replacements" | "pseudonyms"> {
  readonly guards: readonly GuardReport[];
  /** Empty: the texts may go on, with the replacements made. */
  readonly reasons: readonly Reason[];
}

export function scanTexts(
  texts: readonly InputText[],
  knobs: PolicyKnobs,
  { clientId, ...tools }: GuardTools & { readonly clientId: string },
): ScannedTexts {
  const injection = runGuard("injection", knobs.injection.failMode, () => scanInjection(texts, knobs.injection, tools));
  const { tokeniser } = tools;
  const pii = runGuard("pii", knobs.pii.failMode, () => scanPii(texts, knobs.pii, { clientId, tokeniser }));
  const { replacements, pseudonyms } = "replacements" in pii ? pii : nothingReplaced;
  return {
    guards: [injection.report, pii.report],
    reasons: [...injection.reasons, ...pii.reasons],
    replacements,
    pseudonyms,
  };
}

const nothingReplaced: Pick<PiiOutcome, "replacements" | "pseudonyms"> = {
  replacements: new Map(),
  pseudonyms: new Map(),
};
