/**
 * The guards on what an answer says, in their order: each reads the output as
 * the model gave it, before the values of pseudonyms come back, and what tools
 * are called with; grounding reads the output alone, as arguments claim nothing.
 * Combines what they want: the declared answer before another try, and that
 * before a review.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Message } from "../../../schemas/parts/content.ts";
import type { GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import { piecesOf, type Piece } from "../moderation/pieces.ts";
import type { Guarded } from "../../guards/output/act-on.ts";
import { answerTexts, callTexts, type Said } from "../../guards/output/answer-texts.ts";
import { judgeContent } from "../../guards/output/judge-content.ts";
import { judgeGrounding } from "./judge-grounding.ts";
import { judgeLeaks } from "../../guards/output/judge-leaks.ts";
import { wantsOpinion } from "./judge-moderation.ts";

/** What an answer is held against. */
export interface Material {
  /** What the model was sent. */
  readonly messages: readonly Message[];
  /** What it must be grounded in. */
  readonly context: readonly string[];
}

export interface GuardsSay {
  readonly reports: readonly GuardReport[];
  readonly action: Guarded["action"];
  readonly reasons: readonly Reason[];
  /** Why a person is to decide on it. */
  readonly review: readonly Reason[];
  /** What a provider's moderation is to be asked about before the answer goes out; [] when it is not. */
  readonly pieces: readonly Piece[];
}

export function runGuards(
  { output, calls }: Said,
  definition: Pick<HarnessDefinition, "knobs" | "prompt">,
  { messages, context }: Material,
): GuardsSay {
  const claims = answerTexts(output);
  const texts = [...claims, ...callTexts(calls)];
  const knobs = definition.knobs.content;
  const content = judgeContent(texts, knobs);
  const said = [
    judgeLeaks(texts, messages, definition),
    content,
    judgeGrounding(claims, context, definition.knobs.grounding),
  ];
  const action =
    (["fallback", "retry", "review"] as const).find((one) => said.some((guarded) => guarded.action === one)) ?? null;
  const reasons = said.flatMap((guarded) => (action !== null && guarded.action === action ? guarded.reasons : []));
  const review = said.flatMap((guarded) => guarded.review);
  const goesOn = action === null || action === "review";
  const pieces = goesOn && wantsOpinion(knobs, content.unsure) ? piecesOf(texts) : [];
  return { reports: said.map(({ report }) => report), action, reasons, review, pieces };
}
