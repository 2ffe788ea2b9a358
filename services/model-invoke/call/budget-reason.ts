/**
 * Which budget stood in a call's way, or is exceeded, and when it starts anew:
 * as a reason for the result and the audit.
 */
import type { BudgetRecord } from "../../../schemas/control/budget.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import type { Emission } from "../../runtime/stage.ts";
import type { OverBudget } from "../budgets/reservation.ts";
import { auditEmission } from "../terminal.ts";
import type { CallOrder } from "./make-call.ts";

/** Of soft budgets. */
export function budgetAudit(
  { task, definition, context }: Pick<CallOrder, "task" | "definition" | "context">,
  exceeded: readonly OverBudget[],
): Emission {
  const reasons = exceeded.map(budgetReason);
  return auditEmission({ task, definition, decision: "budget_exceeded", reasons, nowMs: context.nowMs() });
}

export function budgetReason({ budget, resetsAtMs }: OverBudget): Reason {
  const hard = budget.enforcement === "hard";
  const what = hard ? "leaves no room for this call" : "is exceeded";
  const until = resetsAtMs === null ? "" : `; it resets at ${new Date(resetsAtMs).toISOString()}`;
  return {
    code: hard ? "over_budget" : "budget_exceeded",
    message: `the budget ${budget.budget_id} of ${limitText(budget)} ${what}${until}`,
    rule: budget.budget_id,
    ...(resetsAtMs === null ? {} : { resets_at_ms: resetsAtMs }),
  };
}

function limitText({ limit_usd, limit_tokens }: BudgetRecord): string {
  const usd = limit_usd === undefined ? [] : [`${limit_usd} USD`];
  const tokens = limit_tokens === undefined ? [] : [`${limit_tokens} tokens`];
  return [...usd, ...tokens].join(" and ");
}
