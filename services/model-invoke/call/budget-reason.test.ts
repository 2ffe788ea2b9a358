import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BudgetRecord } from "../../../schemas/control/budget.ts";
import { auditDecision } from "../../../schemas/audit/decision.ts";
import { sampleBudget } from "../../../test/support/lease-log.ts";
import { contextOf, definitionOf, MemoryTopics, taskOf } from "../../../test/support/model-invoke-fixtures.ts";
import { budgetAudit, budgetReason } from "./budget-reason.ts";

const resetsAtMs = Date.UTC(2026, 10, 23);
const { limit_usd: _, ...unlimited } = sampleBudget();

const cases: readonly (readonly [name: string, budget: BudgetRecord, resetsAtMs: number | null, message: string])[] = [
  [
    "a hard budget stood in the way until its next day",
    sampleBudget(),
    resetsAtMs,
    "the budget client=acme/day of 10 USD leaves no room for this call; it resets at 2026-11-23T00:00:00.000Z",
  ],
  [
    "a soft one is exceeded",
    sampleBudget({ enforcement: "soft" }),
    resetsAtMs,
    "the budget client=acme/day of 10 USD is exceeded; it resets at 2026-11-23T00:00:00.000Z",
  ],
  [
    "a run's budget never resets",
    sampleBudget({ budget_id: "all/run", window: "run" }),
    null,
    "the budget all/run of 10 USD leaves no room for this call",
  ],
  [
    "both limits are named",
    sampleBudget({ limit_tokens: 500 }),
    null,
    "the budget client=acme/day of 10 USD and 500 tokens leaves no room for this call",
  ],
  [
    "a limit of tokens alone",
    { ...unlimited, limit_tokens: 500 },
    null,
    "the budget client=acme/day of 500 tokens leaves no room for this call",
  ],
];

describe("the reason that a budget gives", () => {
  for (const [name, budget, atMs, message] of cases) {
    test(name, () => {
      assert.deepEqual(budgetReason({ budget, resetsAtMs: atMs }), {
        code: budget.enforcement === "hard" ? "over_budget" : "budget_exceeded",
        message,
        rule: budget.budget_id,
        ...(atMs === null ? {} : { resets_at_ms: atMs }),
      });
    });
  }
});

test("the audit of a call beyond soft budgets names each of them once", () => {
  const context = contextOf(new MemoryTopics(), { worker: "a", refuse: () => {} });
  const soft = (budgetId: string) => sampleBudget({ budget_id: budgetId, enforcement: "soft" });
  const exceeded = ["client=acme/day", "all/month"].map((budgetId) => ({ budget: soft(budgetId), resetsAtMs }));
  const { topic, value } = budgetAudit({ task: taskOf(1), definition: definitionOf(), context }, exceeded);
  const { decision, reasons } = auditDecision.parse(value);
  assert.deepEqual([topic, decision], ["harness-audit", "budget_exceeded"]);
  assert.deepEqual(
    reasons.map(({ code, rule }) => [code, rule]),
    [
      ["budget_exceeded", "client=acme/day"],
      ["budget_exceeded", "all/month"],
    ],
  );
});
