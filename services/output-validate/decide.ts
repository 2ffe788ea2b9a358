/**
 * Decides what becomes of an attempt that model-invoke has settled: its answer
 * is the run's output, or it is asked for again, or the run ends without one.
 * Total: whatever a model answers has one decision. It depends on the record,
 * the pinned definition and what operators ordered: a repeat that decides
 * differently comes too late, as the first result stands.
 */
import { erasedReason } from "../../schemas/parts/content.ts";
import type { HarnessDefinition, Moderation } from "../../schemas/control/harness-definition.ts";
import type { DeadLetterCode } from "../../schemas/parts/codes.ts";
import type { GuardReport, Reason } from "../../schemas/parts/finding.ts";
import type { ReviewPolicy } from "../../schemas/policies/review-policy.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import type { CallFinished, Settlement } from "../../schemas/records/call.ts";
import type { Excerpt } from "../../schemas/records/review.ts";
import type { Opener } from "../guards/privacy/cryptography.ts";
import { addSpend } from "../pricing/spend.ts";
import type { Said } from "../guards/output/answer-texts.ts";
import type { Opinion } from "./guards/judge-moderation.ts";
import type { Piece } from "./moderation/pieces.ts";
import { openContent, type OpenedContent } from "./open-content.ts";
import { nextAttempt } from "./retry.ts";
import { hearOpinion, judgeAnswer, type Judgement } from "./rules/judge-answer.ts";
import type { JsonValue } from "../guards/output/json-value.ts";
import { wantedOutput } from "./rules/wanted-output.ts";

/** A finish that settles its attempt. */
export interface SettlingFinish extends CallFinished {
  readonly settlement: Settlement;
}

interface Judged {
  readonly guards: readonly GuardReport[];
  readonly reasons: readonly Reason[];
}

/** What is held, and the rules of how long. */
export interface HeldOutput extends Said {
  readonly restored: number;
  readonly excerpts: readonly Excerpt[];
  readonly definition: HarnessDefinition;
  readonly review: ReviewPolicy;
}

export type Decision =
  /** `restored`: how many values of pseudonyms came back into the output. */
  | (Judged & { readonly kind: "accepted"; readonly restored: number } & Said)
  | (Judged & { readonly kind: "retry"; readonly task: AttemptTask })
  /** A person decides; the run's deadline has no say any more. */
  | (Judged & HeldOutput & { readonly kind: "held" })
  /** Every attempt was rejected. */
  | (Judged & { readonly kind: "failed" })
  /** No model answered, or the policy gives the declared answer instead of what was answered. */
  | (Judged & { readonly kind: "degraded"; readonly output: JsonValue | undefined })
  /** Rejected, and no time is left to ask again. */
  | (Judged & { readonly kind: "expired" })
  /** An operator ended the run: its answer is given to nobody. */
  | (Judged & { readonly kind: "cancelled" })
  /** This stage cannot judge it: for the operator. */
  | (Judged & { readonly kind: "undecidable"; readonly code: DeadLetterCode });

/** Not decided yet: a provider's moderation is to be asked, and what it says heard. */
export interface Asking extends Judged {
  readonly kind: "asking";
  readonly moderation: Moderation | undefined;
  readonly pieces: readonly Piece[];
  readonly hear: (opinion: Opinion) => Heard;
}

export interface Heard {
  readonly decision: Decision;
  /** The finish, with the moderation's call among what the run has spent. */
  readonly finish: SettlingFinish;
}

/** No harness may ask more often than this. */
const mostAttempts = 3;

export interface Bench {
  /** When the attempt was settled, by the record's broker timestamp. */
  readonly nowMs: number;
  /** Null when no key is configured. */
  readonly opener: Opener | null;
  /** Why an operator ended the run; null when nobody did. */
  readonly cancelled: Reason | null;
}

export function decide(
  finish: SettlingFinish,
  pinned: HarnessDefinition | undefined,
  { nowMs, opener, cancelled }: Bench,
): Decision | Asking {
  if (cancelled !== null) return { kind: "cancelled", guards: [], reasons: [cancelled] };
  const { task, answer, reasons } = finish.settlement;
  if (pinned === undefined) return undecidable("definition_missing", "the harness's pinned definition is gone");
  if (answer === null) return degraded(finish, reasons ?? [], pinned);
  const content = openContent(finish.settlement, answer, opener);
  if (content.kind === "erased") return { kind: "cancelled", guards: [], reasons: [erasedReason] };
  if (content.kind === "sealed") return undecidable("content_sealed", content.why);
  const { options } = task;
  const definition = { ...pinned, output: wantedOutput(pinned.output, options) };
  const given = { text: content.answer, toolCalls: content.toolCalls, finishReason: finish.finish_reason };
  const judgement = judgeAnswer(given, definition, { ...content, options });
  const attempt = { definition, content, nowMs };
  if (!("pieces" in judgement) || judgement.pieces.length === 0) return conclude(finish, judgement, attempt);
  const { pieces, guards } = judgement;
  const hear = (opinion: Opinion): Heard => {
    const counted = withCall(finish, opinion);
    return { finish: counted, decision: conclude(counted, hearOpinion(judgement, opinion, definition), attempt) };
  };
  return { kind: "asking", moderation: definition.moderation, pieces, guards, reasons: [], hear };
}

interface Attempt {
  readonly definition: HarnessDefinition;
  readonly content: OpenedContent;
  readonly nowMs: number;
}

function conclude(finish: SettlingFinish, judgement: Judgement, { definition, content, nowMs }: Attempt): Decision {
  const { task, spent } = finish.settlement;
  const held = heldBy(judgement, definition);
  if (judgement.kind === "accepted") {
    const { pieces: _, excerpts: _seen, ...accepted } = judgement;
    return held ?? { ...accepted, reasons: [] };
  }
  if (judgement.kind === "replaced")
    return { ...judgement, kind: "degraded", output: declaredAnswer(judgement, definition) };
  if (judgement.kind === "held" && held !== null) return held;
  const rejected = { guards: judgement.guards, reasons: judgement.reasons };
  const isLast = !definition.knobs.output.reask || task.attempt >= Math.min(definition.maxAttempts, mostAttempts);
  if (isLast) return held ?? { kind: "failed", ...rejected };
  if (nowMs >= task.deadline_at_ms) return held ?? expired(rejected);
  const { messages, answer, toolCalls } = content;
  const rejection = { task, messages, answer, toolCalls, settledTier: finish.tier, spent, definition };
  return { kind: "retry", ...rejected, task: nextAttempt({ ...rejection, reasons: judgement.reasons }) };
}

/** What a person decides on, at the latest when it cannot be asked for again; null when nobody is to. */
export function heldBy(
  judgement: Judgement,
  definition: HarnessDefinition,
): Extract<Decision, { kind: "held" }> | null {
  const { review } = definition;
  if (review === undefined || judgement.kind === "replaced") return null;
  if (judgement.kind === "accepted") {
    if (review.when === "found") return null;
    const { pieces: _, ...given } = judgement;
    return { ...given, kind: "held", reasons: [everyAnswer], definition, review };
  }
  if (judgement.kind === "rejected") {
    const { reviewable } = judgement;
    return reviewable === undefined ? null : { ...reviewable, kind: "held", definition, review };
  }
  const { pieces: _, ...held } = judgement;
  return { ...held, definition, review };
}

const everyAnswer: Reason = {
  code: "review_always",
  message: "every answer of this harness is decided on by a person",
};

function withCall(finish: SettlingFinish, { call }: Opinion): SettlingFinish {
  if (call === undefined) return finish;
  const { settlement } = finish;
  return { ...finish, settlement: { ...settlement, spent: addSpend(settlement.spent, { usage: null, ...call }) } };
}

const selfHarm = /^(?:content|moderation)\.self_harm/;

/** A person in distress is told where help is. */
export function declaredAnswer(
  { reasons }: Judged,
  { fallbackAnswer, helpAnswer }: HarnessDefinition,
): JsonValue | undefined {
  return (reasons.some(({ code }) => selfHarm.test(code)) ? helpAnswer : undefined) ?? fallbackAnswer;
}

function degraded(finish: SettlingFinish, tiers: readonly Reason[], definition: HarnessDefinition): Decision {
  const { provider, model, outcome } = finish;
  const last = { code: outcome, message: `${provider}/${model}: ${outcome}`, rule: `tier_${finish.tier}` };
  const reasons = tiers.length === 0 ? [last] : tiers;
  return { kind: "degraded", output: definition.fallbackAnswer, guards: [], reasons };
}

function expired({ guards, reasons }: Judged): Decision {
  const why = { code: "deadline_exceeded", message: "no time was left to ask again" };
  return { kind: "expired", guards, reasons: [why, ...reasons] };
}

function undecidable(code: DeadLetterCode, message: string): Decision {
  return { kind: "undecidable", code, guards: [], reasons: [{ code, message }] };
}
