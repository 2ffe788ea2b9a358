/**
 * Journeys within and beyond budgets through all four stages: what a budget
 * refuses is not paid, is said with the budget and when it resets, and is in
 * the audit; what is spent is what the ledger says.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FaultRule } from "../../infra/embedded/stand-in/fault-rules.ts";
import type { BudgetRecord } from "../../schemas/control/budget.ts";
import { nothing } from "../../services/budgets/amount.ts";
import { LeaseLog, sampleBudget } from "../support/lease-log.ts";
import { providedByStandIn } from "../support/provided-by-stand-in.ts";
import { deadLettersIn, resultsIn } from "./books.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { inOrderOnce, Pipeline } from "./pipeline.ts";
import { allStages } from "./stages.ts";

const { standIn, providers } = await providedByStandIn();

const document = "The quarterly report says that rope sales rose by a third in 2025, and that anchors were stable.";

/** Runs' own budgets have no leases. */
const nothingLeased = { spent: nothing, held: nothing };

/** One run of a client with this budget. */
async function journey(harness: string, budget: Partial<BudgetRecord>, rules: readonly FaultRule[] = []) {
  await standIn.script({ rules: [...rules] });
  const leases = new LeaseLog();
  leases.nowMs = Date.now();
  const terms = sampleBudget({ opened_at_ms: leases.nowMs, set_at_ms: leases.nowMs, ...budget });
  const { budgets } = await leases.process("model-invoke", [terms]);
  const ledger = new MemoryLedger();
  const pipeline = new Pipeline(allStages({ providers, ledger, budgets }));
  pipeline.publish("any", { harness, client_id: "acme", input: { document } });
  await pipeline.run(inOrderOnce);
  pipeline.end();
  budgets.giveBack();
  await new Promise((later) => setImmediate(later));
  assert.deepEqual(deadLettersIn(pipeline.log), []);
  const { spent, held } = terms.window === "run" ? nothingLeased : leases.book().account(terms, leases.nowMs);
  assert.equal(held.usd.toString(), "0", "nothing stays reserved");
  const [result] = resultsIn(pipeline.log);
  assert.ok(result !== undefined);
  const decisions = [...ledger.audit.values()].map(({ decision }) => decision);
  return { result, decisions, calls: [...ledger.calls.values()], spentUsd: spent.usd.toString() };
}

test("a hard budget without room: nothing is paid, and the result says which budget and when it resets", async () => {
  const { result, calls, decisions, spentUsd } = await journey("digest", { limit_usd: "0.000001" });
  const [reason] = result.reasons;
  assert.deepEqual([result.status, result.spent.calls, calls.length, spentUsd], ["over_budget", 0, 0, "0"]);
  assert.deepEqual([reason?.code, reason?.rule], ["over_budget", "client=acme/day"]);
  const midnight = new Date();
  assert.ok((reason?.resets_at_ms ?? 0) > midnight.setUTCHours(0, 0, 0, 0));
  assert.ok(decisions.includes("over_budget"));
});

test("a hard budget with room: what it has spent is what the ledger says", async () => {
  const { result, calls, spentUsd } = await journey("digest", { limit_usd: "10" });
  assert.deepEqual([result.status, calls.length], ["ok", 1]);
  assert.equal(spentUsd, calls[0]?.cost_usd);
  assert.equal(spentUsd, result.spent.cost_usd);
});

test("a budget in tokens refuses as one in dollars does", async () => {
  const { result, calls } = await journey("digest", { limit_usd: "1000", limit_tokens: 10 });
  assert.deepEqual([result.status, calls.length], ["over_budget", 0]);
});

test("a soft budget stands in nobody's way, and the audit says that it is exceeded", async () => {
  const { result, decisions } = await journey("digest", { limit_usd: "0.000001", enforcement: "soft" });
  assert.equal(result.status, "ok");
  assert.ok(decisions.includes("budget_exceeded"));
});

test("a run's own budget stops the call that would pass it: the fallback is not paid", async () => {
  const stall: FaultRule = { match: { model: "gpt-4o" }, effect: { kind: "cut_body" } };
  const run = { budget_id: "client=acme/run", window: "run" } as const;
  const free = await journey("digest", { ...run, limit_usd: "10" }, [stall]);
  assert.deepEqual([free.result.status, free.calls.length], ["ok", 2]);
  const [first] = free.calls;
  assert.ok(first !== undefined);
  const { result, calls } = await journey("digest", { ...run, limit_usd: first.cost_high_usd ?? "0" }, [stall]);
  assert.deepEqual([result.status, calls.length, result.reasons[0]?.rule], ["over_budget", 1, "client=acme/run"]);
  assert.equal(result.reasons[0]?.resets_at_ms, undefined);
});
