/**
 * The record of an answer that is held: all that is needed to give it when it
 * is approved, to judge what a reviewer makes of it, and to end it in time,
 * though the definition and the journal may be gone by then.
 */
import { runIdentityOf } from "../../../schemas/parts/identity.ts";
import type { ReviewHeld } from "../../../schemas/records/review.ts";
import type { Emission } from "../../runtime/stage.ts";
import type { Decision, SettlingFinish } from "../decide.ts";

type Held = Extract<Decision, { readonly kind: "held" }>;

export function heldOf({ settlement, ...finish }: SettlingFinish, held: Held, nowMs: number): Emission {
  const { task } = settlement;
  const { run_id, attempt, origin, received_at_ms } = task;
  const { definition, review, restored } = held;
  const { fallbackAnswer, output: contract, policy } = definition;
  const value: ReviewHeld = {
    kind: "review.held",
    ...runIdentityOf(task),
    attempt,
    origin,
    received_at_ms,
    output: { plain: held.output },
    ...(held.calls.length === 0 ? {} : { tool_calls: { plain: [...held.calls] } }),
    excerpts: { plain: [...held.excerpts] },
    contract: held.calls.length === 0 ? contract : ofWords(contract),
    policy,
    guards: [...held.guards],
    reasons: [...held.reasons],
    spent: settlement.spent,
    answered_by: { provider: finish.provider, model: finish.served_model ?? finish.model },
    ...(restored > 0 ? { values_restored: restored } : {}),
    held_at_ms: nowMs,
    due_at_ms: nowMs + review.timeoutMs,
    on_timeout: review.onTimeout,
    ...(review.escalateAfterMs === undefined ? {} : { escalate_at_ms: nowMs + review.escalateAfterMs }),
    ...(review.onTimeout !== "fallback" || fallbackAnswer === undefined ? {} : { fallback_answer: fallbackAnswer }),
  };
  const id = `${run_id}/${attempt}/output-validate/held`;
  return { topic: "harness-reviews", key: run_id, id, type: "breakwater.review.held", value };
}

/** Beside the tools that an answer calls stand words, which the harness's contract is not about. */
function ofWords({ maxTokens, destination }: ReviewHeld["contract"]): ReviewHeld["contract"] {
  return { format: "text", maxTokens, ...(destination === undefined ? {} : { destination }) };
}
