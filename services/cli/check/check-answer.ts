/**
 * Decides on one answer as output-validate would decide on the first attempt of
 * a run that holds it: the same guards, in the same order, under the same
 * policy. `output` is what the caller would get. No model is asked, so an answer
 * that would be asked for again ends there.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Message } from "../../../schemas/parts/content.ts";
import type { Finding, GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import type { ToolCall } from "../../../schemas/parts/tools.ts";
import { renderPrompt } from "../../guards/prompt/render.ts";
import { declaredAnswer, heldBy } from "../../output-validate/decide.ts";
import { judgeAnswer, type Judgement } from "../../output-validate/rules/judge-answer.ts";
import type { JsonValue } from "../../guards/output/json-value.ts";
import { wantedOutput } from "../../output-validate/rules/wanted-output.ts";
import type { GivenAnswer } from "./read-line.ts";

/** From the mildest to the strictest. */
export const checkActions = ["pass", "repair", "sanitise", "flag", "review", "retry", "fallback", "fail"] as const;
export type CheckAction = (typeof checkActions)[number];

export interface CheckedAnswer {
  readonly action: CheckAction;
  /** With the guard that found each. */
  readonly findings: readonly (Finding & { readonly guard: string })[];
  /** Why it would not be released; absent when it would. */
  readonly reasons?: readonly Reason[];
  /** Guards that could not run; absent when all ran. */
  readonly not_run?: readonly string[];
  /** What the caller gets; null when that is nothing. */
  readonly output: JsonValue;
  /** What the caller is to run; absent when that is nothing. */
  readonly tool_calls?: readonly ToolCall[];
  /** Microseconds that all guards took. */
  readonly us: number;
}

export function checkAnswer(
  given: GivenAnswer,
  harness: HarnessDefinition,
): CheckedAnswer | { readonly error: string } {
  const { output, options, tool_calls: toolCalls = [] } = given;
  const definition = { ...harness, output: wantedOutput(harness.output, options) };
  const material = materialOf(given, definition);
  if (material === null) return { error: `input: ${definition.prompt.messages} holds no conversation` };
  const text = typeof output === "string" ? output : JSON.stringify(output);
  const started = performance.now();
  const judgement = judgeAnswer({ text, toolCalls, finishReason: given.finish_reason }, definition, {
    ...material,
    options,
  });
  const us = Math.round((performance.now() - started) * 1000);
  const { guards } = judgement;
  const unasked = "pieces" in judgement && judgement.pieces.length > 0 ? ["moderation"] : [];
  const missing = guards.filter(({ verdict }) => verdict === "not_run").map(({ guard }) => guard);
  return {
    ...decisionOf(judgement, definition),
    findings: guards.flatMap(({ guard, findings }) => findings.map((finding) => ({ guard, ...finding }))),
    ...(missing.length + unasked.length === 0 ? {} : { not_run: [...missing, ...unasked] }),
    us,
  };
}

type Released = Pick<CheckedAnswer, "action" | "output" | "tool_calls" | "reasons">;

function decisionOf(judgement: Judgement, definition: HarnessDefinition): Released {
  const held = heldBy(judgement, definition);
  const inReview = held && { action: "review" as const, output: null, reasons: held.reasons };
  switch (judgement.kind) {
    case "accepted": {
      const { guards, output, calls } = judgement;
      const called = calls.length === 0 ? {} : { tool_calls: calls };
      return inReview ?? { action: releasedBy(guards), output, ...called };
    }
    case "replaced":
      return { action: "fallback", output: declaredAnswer(judgement, definition) ?? null, reasons: judgement.reasons };
    case "held":
    case "rejected": {
      if (judgement.kind === "held" && inReview !== null) return inReview;
      const asksAgain = definition.knobs.output.reask && definition.maxAttempts > 1;
      if (asksAgain) return { action: "retry", output: null, reasons: judgement.reasons };
      return inReview ?? { action: "fail", output: null, reasons: judgement.reasons };
    }
  }
}

function releasedBy(guards: readonly GuardReport[]): CheckAction {
  if (guards.some(({ verdict }) => verdict === "flagged")) return "flag";
  if (guards.some(({ verdict }) => verdict === "sanitised")) return "sanitise";
  return guards.some(({ verdict }) => verdict === "repaired") ? "repair" : "pass";
}

/** What the model would have been sent, and what the answer must be grounded in. */
function materialOf(
  { input, context }: GivenAnswer,
  definition: HarnessDefinition,
): { readonly messages: readonly Message[]; readonly context: readonly string[] } | null {
  const given = context === undefined ? undefined : listOf(context);
  if (typeof input === "object" && !Array.isArray(input)) {
    const prompt = renderPrompt(definition, input);
    if (prompt === null) return null;
    return { messages: prompt.messages, context: given ?? (prompt.context === undefined ? [] : [prompt.context]) };
  }
  const { system } = definition.prompt;
  const instructions: readonly Message[] = system === "" ? [] : [{ role: "system", content: system }];
  const said = input === undefined ? [] : listOf(input).map((content): Message => ({ role: "user", content }));
  return { messages: [...instructions, ...said], context: given ?? [] };
}

function listOf(texts: string | readonly string[]): readonly string[] {
  return typeof texts === "string" ? [texts] : texts;
}
