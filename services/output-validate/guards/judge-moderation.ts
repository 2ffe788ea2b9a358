/**
 * When a provider's moderation is to be asked about an answer, and what follows
 * from what it says: a category it flags is treated as the policy says of that
 * kind of content. Without a verdict the policy's fail mode decides; nothing
 * that did not run is said to have passed.
 */
import type { PolicyKnobs } from "../../../schemas/control/harness-definition.ts";
import { contentCategory } from "../../../schemas/parts/codes.ts";
import type { Finding, GuardReport } from "../../../schemas/parts/finding.ts";
import type { CategoryVerdict } from "../../providers/moderate.ts";
import type { Piece } from "../moderation/pieces.ts";
import { actOn, type Guarded, type Judged } from "../../guards/output/act-on.ts";

/** `call`: absent when nobody was asked. */
export type Opinion = { readonly call?: { readonly costUsd: string | null } } & (
  | {
      readonly kind: "given";
      /** Of each piece, in their order. */
      readonly verdicts: readonly (readonly CategoryVerdict[])[];
      /** The model that gave it. */
      readonly version: string;
    }
  /** `code`: why there is none. */
  | { readonly kind: "missing"; readonly code: string }
);

/** `unsure`: the guard here found something that it is not sure of. */
export function wantsOpinion({ moderation }: PolicyKnobs["content"], unsure: boolean): boolean {
  return moderation === "always" || (moderation === "uncertain" && unsure);
}

export function judgeModeration(pieces: readonly Piece[], opinion: Opinion, knobs: PolicyKnobs["content"]): Guarded {
  if (opinion.kind === "missing") return withoutOpinion(opinion.code, knobs.moderationFailMode);
  const actions = contentCategory.options.map((category) => knobs[category]);
  return actOn("moderation", actions, () =>
    opinion.verdicts.flatMap((verdicts, index) =>
      verdicts
        .filter(({ flagged }) => flagged)
        .map((verdict): Judged => {
          const finding = findingOf(verdict, pieces[index]?.field ?? "answer", opinion.version);
          return { finding, action: knobs[verdict.category] };
        }),
    ),
  );
}

const surelyFrom = 0.9;

function findingOf({ category, score }: CategoryVerdict, field: string, version: string): Finding {
  return {
    rule: `moderation.${category}`,
    version,
    kind: category,
    severity: score >= surelyFrom ? "high" : "medium",
    score: Math.round(score * 1000) / 1000,
    field,
    message: `the provider's moderation flags ${category}`,
  };
}

function withoutOpinion(code: string, failMode: PolicyKnobs["content"]["moderationFailMode"]): Guarded {
  const report: GuardReport = { guard: "moderation", verdict: "not_run", findings: [], detail: code };
  if (failMode === "open") return { report, action: null, reasons: [], review: [] };
  const message = `the provider's moderation did not judge the answer: ${code}`;
  return { report, action: "fallback", reasons: [{ code: "moderation_not_run", message }], review: [] };
}
