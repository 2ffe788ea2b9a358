/**
 * Looks for attempts to take over the instructions, in each text as what it is:
 * signatures everywhere but in what the operator wrote; the linear model in
 * what the user wrote; planted instructions in documents and tool results. The
 * policy can lower what a finding may cause, never raise it, and what is found
 * in shadow is recorded and causes nothing.
 */
import type { PolicyKnobs } from "../../../schemas/control/harness-definition.ts";
import type { Channel } from "../../../schemas/parts/channel.ts";
import type { Finding, GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import { isUntrusted } from "../../definitions/input/channels.ts";
import type { InjectionScanner } from "../../guards/injection/scanner.ts";
import { modelVersion, scoreInjection } from "../../guards/model/score.ts";
import { certain, findPlanted, plantedRulesVersion } from "../../guards/planted/find-planted.ts";
import type { FoldedText } from "../../guards/text/fold.ts";
import { GuardUnavailable, type GuardOutcome } from "../policy.ts";
import type { InputText } from "./texts/input-texts.ts";

/** What services/guards/model gives: a second signal beside the signatures. */
export interface InjectionModel {
  readonly version: string;
  score(text: FoldedText): { readonly score: number; readonly flagged: boolean; readonly blocked: boolean };
}

/** The one that comes with the project. */
export const linearModel: InjectionModel = { version: modelVersion, score: scoreInjection };

export interface InjectionSigns {
  readonly scanner: InjectionScanner;
  readonly model: InjectionModel;
  /** Of the run, for packs that are live in a share of the runs only. */
  readonly draw: number;
}

type Knobs = PolicyKnobs["injection"];

interface Sign {
  readonly finding: Finding;
  /** What the policy makes of it. */
  readonly effect: "block" | "flag" | "shadow";
  /** For the user; names no rule. */
  readonly reason: string;
}

const guard = "injection";
const maxFindings = 100;
const maxReasons = 10;
const takeover = "looks like an attempt to take over the instructions";

/** @throws GuardUnavailable when signatures are wanted and no pack is applied. */
export function scanInjection(texts: readonly InputText[], knobs: Knobs, signs: InjectionSigns): GuardOutcome {
  if (knobs.action === "off" && knobs.documents === "off" && knobs.model === "off")
    return { report: { guard, verdict: "off", findings: [] }, reasons: [] };
  if (signs.scanner.packs.length === 0) throw new GuardUnavailable("no signature pack is applied");
  const found = texts.flatMap((text) => [
    ...signatureSigns(text, knobs, signs),
    ...modelSigns(text, knobs, signs.model),
    ...plantedSigns(text, knobs),
  ]);
  const blocking = found.filter(({ effect }) => effect === "block");
  const flagged = found.some(({ effect }) => effect !== "shadow");
  const report: GuardReport = {
    guard,
    verdict: blocking.length > 0 ? "blocked" : flagged ? "flagged" : "passed",
    findings: mostTelling(found).map(({ finding }) => finding),
    detail: [...signs.scanner.packs, ...(knobs.model === "off" ? [] : [`model@${signs.model.version}`])].join(", "),
  };
  return { report, reasons: blocking.slice(0, maxReasons).map(reasonOf) };
}

/** When there are more than the record holds, those that decided come first. */
function mostTelling(found: readonly Sign[]): readonly Sign[] {
  if (found.length <= maxFindings) return found;
  const rank = { block: 0, flag: 1, shadow: 2 } as const;
  return found.toSorted((left, right) => rank[left.effect] - rank[right.effect]).slice(0, maxFindings);
}

/** What may be done about signatures in a text of this channel. What the operator wrote is not held against anybody. */
function actionFor(channel: Channel, knobs: Knobs): Knobs["action"] {
  if (channel === "system") return "off";
  return isUntrusted(channel) ? knobs.documents : knobs.action;
}

function signatureSigns({ channel, folded, path }: InputText, knobs: Knobs, signs: InjectionSigns): readonly Sign[] {
  const action = actionFor(channel, knobs);
  if (action === "off") return [];
  return signs.scanner.scan(folded, { channel, draw: signs.draw }).map((match) => {
    const effect = !match.effective ? "shadow" : action === "block" && match.action === "block" ? "block" : "flag";
    const finding = { ...match.finding, kind: match.category, field: path };
    return { finding, effect, reason: `${takeover} (${match.category})` };
  });
}

/** Only what the user wrote: the model was not made for documents, and is wrong about one in six. */
function modelSigns({ channel, folded, path }: InputText, knobs: Knobs, model: InjectionModel): readonly Sign[] {
  if (knobs.model === "off" || channel !== "user") return [];
  const { score, flagged, blocked } = model.score(folded);
  if (!flagged) return [];
  const finding: Finding = {
    rule: "model.injection",
    version: model.version,
    kind: "linear_model",
    severity: blocked ? "high" : "medium",
    score: Math.round(score * 1000) / 1000,
    field: path,
    message: "reads like the attacks that the model has seen",
  };
  return [{ finding, effect: knobs.model === "block" && blocked ? "block" : "flag", reason: takeover }];
}

function plantedSigns({ channel, folded, path }: InputText, knobs: Knobs): readonly Sign[] {
  if (!isUntrusted(channel) || knobs.documents === "off") return [];
  return findPlanted(folded).map(({ span, score, cues }) => {
    const sure = score >= certain;
    const finding: Finding = {
      rule: "planted.instruction",
      version: plantedRulesVersion,
      kind: "planted_in_document",
      severity: sure ? "high" : "medium",
      score,
      span,
      field: path,
      message: `speaks to a machine (${cues.join(", ")})`,
    };
    const reason = "holds instructions to a machine, which a document should not";
    return { finding, effect: sure && knobs.documents === "block" ? "block" : "flag", reason };
  });
}

function reasonOf({ finding, reason }: Sign): Reason {
  const { field, rule } = finding;
  return { code: guard, message: reason, ...(field === undefined ? {} : { path: field }), rule };
}
