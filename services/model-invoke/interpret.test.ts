import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { callOutcomes, type CallOutcome } from "../../schemas/parts/codes.ts";
import { callFinished, callStarted, type CallFinished } from "../../schemas/records/call.ts";
import { definitionOf, runIdOf, taskOf } from "../../test/support/model-invoke-fixtures.ts";
import { agreed } from "../../test/support/negotiated.ts";
import { unhindered } from "../../test/support/plan-situation.ts";
import { priceOf } from "../pricing/price-of.ts";
import { finishedRecord, startedRecord, spentBy, type CallEnding } from "./interpret.ts";
import { knownCallOf, type KnownCall } from "./journal/known-call.ts";
import type { Situation } from "./plan/situation.ts";

const nowMs = 1_750_000_000_000;
const task = taskOf(1, { deadline_at_ms: nowMs + 60_000, feature: "reader", correlation_id: "c-1" });
const definition = definitionOf();
const usage = {
  input_tokens: 900,
  cached_input_tokens: 100,
  cache_write_tokens: 0,
  output_tokens: 50,
  reasoning_tokens: 10,
};

function startOf(tier: number) {
  const ids = { callNo: 1, callId: runIdOf(99), worker: "worker-a" };
  return startedRecord({
    task,
    definition,
    tier,
    ...ids,
    nowMs,
    timeoutMs: 5000,
    tariff: { provider: definition.models[tier]?.provider ?? "" },
  });
}

interface Played {
  readonly tier?: number;
  readonly before?: readonly KnownCall[];
  readonly later?: Partial<Situation>;
}

function finish(ending: Partial<CallEnding>, { tier = 0, before = [], later = {} }: Played = {}): CallFinished {
  const started = startOf(tier);
  const finishedAtMs = nowMs + 300;
  const situation: Situation = {
    definition,
    task,
    ...unhindered,
    calls: [...before, knownCallOf(started)],
    nowMs: finishedAtMs,
    ...later,
  };
  return finishedRecord({
    task,
    started,
    ending: { outcome: "ok", answer: null, usage: null, ...ending },
    finishedAtMs,
    tariff: { provider: started.provider },
    situation,
  });
}

function failed(tier: number, more: Partial<KnownCall> = {}): KnownCall {
  const end = { atMs: nowMs, outcome: "server_error", usage: null, costUsd: null } as const;
  return { ...knownCallOf({ ...startOf(tier), call_id: runIdOf(50 + tier) }), end, ...more };
}

test("a start says who pays for what, until when, and what it can cost", () => {
  const started = callStarted.parse(startOf(1));
  assert.equal(started.model, "claude-3-5-sonnet-20241022");
  assert.equal(started.deadline_at_ms, nowMs + 5000);
  assert.equal(started.feature, "reader");
  assert.equal(started.correlation_id, "c-1");
  assert.equal(started.max_output_tokens, 200);
  assert.ok(Number(started.cost_low_usd) > 0 && Number(started.cost_high_usd) > Number(started.cost_low_usd));
  assert.ok(!("messages" in started), "content travels on the settling finish alone");
});

test("fewer tokens than the harness permits can cost less, and more are not to be had", () => {
  const given = { definition, tier: 0, callNo: 1, callId: runIdOf(99), worker: "w", nowMs, timeoutMs: 5000 };
  const asking = (tokens: number) =>
    startedRecord({
      ...given,
      task: { ...task, options: { max_output_tokens: tokens } },
      tariff: { provider: "openai" },
    });
  const [few, more, harness] = [asking(20), asking(100_000), startOf(0)];
  assert.equal(few.max_output_tokens, 20);
  assert.ok(Number(few.cost_high_usd) < Number(harness.cost_high_usd));
  assert.deepEqual([more.max_output_tokens, more.cost_high_usd], [200, harness.cost_high_usd]);
});

test("a start says how its prompt was cut and what that saves, at the prices that hold for it", () => {
  const given = { tier: 0, callNo: 1, callId: runIdOf(99), worker: "w", nowMs, timeoutMs: 5000 };
  const knobs = { ...definition.knobs, contextWindow: { strategy: "middle" as const } };
  const cutBy = (tokens_cut: number | undefined, negotiated = agreed()) =>
    startedRecord({
      ...given,
      definition: { ...definition, knobs },
      task: { ...task, fits: [{ tier: 0, input_tokens: 1000, cuts: [], ...(tokens_cut && { tokens_cut }) }] },
      tariff: { provider: "openai", negotiated },
    }).cut;
  // 4,000 tokens of gpt-4o's input at 2.5
  assert.deepEqual(cutBy(4000), { strategy: "middle", tokens: 4000, saved_usd: "0.01" });
  const contract = agreed({ provider: "openai", model: "gpt-4o*", input: "1", output: "1" });
  assert.equal(cutBy(4000, contract)?.saved_usd, "0.004");
  assert.equal(cutBy(undefined), undefined);
  assert.equal(startOf(0).cut, undefined);
});

test("where a cache took part, it is said what the same tokens cost without it", () => {
  const cached = {
    input_tokens: 100,
    cached_input_tokens: 900,
    cache_write_tokens: 0,
    output_tokens: 50,
    reasoning_tokens: 0,
  };
  const record = finish({ answer: "Short.", usage: cached, servedModel: "gpt-4o" });
  // 100 x 2.5 + 900 x 1.25 + 50 x 10, and 1,000 x 2.5 + 50 x 10
  assert.deepEqual([record.cost_usd, record.uncached_cost_usd], ["0.001875", "0.003"]);
  assert.equal(
    "uncached_cost_usd" in finish({ answer: "Short.", usage: { ...cached, cached_input_tokens: 0 } }),
    false,
  );
  const unpriced = finish({ answer: "Short.", usage: null });
  assert.equal("uncached_cost_usd" in unpriced, false);
});

test("a provider has the price of its name in the table, and one without such a name none", () => {
  const given = { task, definition, tier: 0, callNo: 1, callId: runIdOf(99), worker: "w", nowMs, timeoutMs: 5000 };
  const priced = startedRecord({ ...given, tariff: { provider: "azure" } });
  assert.ok(Number(priced.cost_high_usd) > 0);
  const unpriced = startedRecord({ ...given, tariff: { provider: "house" } });
  assert.deepEqual([unpriced.cost_low_usd, unpriced.cost_high_usd], [null, null]);
  assert.equal(unpriced.provider, "openai");
});

test("an answer settles the attempt and carries it on, priced by the model that served it", () => {
  const record = callFinished.parse(
    finish({ answer: "Short.", servedModel: "gpt-4o-2024-08-06", finishReason: "stop", usage }),
  );
  const price = priceOf({ provider: "openai", model: "gpt-4o-2024-08-06", usage, atMs: nowMs });
  assert.equal(record.settles, true);
  assert.deepEqual(record.settlement?.answer, { plain: "Short." });
  assert.deepEqual(record.settlement.task, task);
  assert.equal(record.usage_source, "provider");
  assert.equal(record.cost_usd, price.costUsd);
  assert.deepEqual(record.settlement.spent, {
    calls: 1,
    input_tokens: 1000,
    output_tokens: 60,
    cost_usd: price.costUsd,
    unpriced_calls: 0,
  });
});

test("a served model that no table knows is priced as the one asked for", () => {
  const record = finish({ answer: "a", servedModel: "somebody's own build", usage });
  assert.equal(record.cost_usd, priceOf({ provider: "openai", model: "gpt-4o", usage, atMs: nowMs }).costUsd);
  assert.notEqual(record.cost_usd, null);
});

test("an answer without usage is of unknown cost, not free", () => {
  const record = finish({ answer: "a", usage: null, error: { code: "usage_missing" } });
  assert.deepEqual([record.cost_usd, record.usage_source, record.settles], [null, "unknown", true]);
  assert.equal(record.settlement?.spent.unpriced_calls, 1);
  assert.ok(record.cost_high_usd !== null, "its bounds stay");
});

describe("what a failed call cost, when the provider reported no usage", () => {
  const table: Record<Exclude<CallOutcome, "ok" | "cancelled">, string | null> = {
    rate_limited: "0",
    overloaded: null,
    server_error: null,
    timeout: null,
    connection: null,
    bad_request: "0",
    unauthorized: "0",
    not_found: "0",
    content_refused: null,
    truncated: null,
    malformed: null,
  };
  for (const outcome of callOutcomes) {
    if (outcome === "ok" || outcome === "cancelled") continue;
    test(`${outcome}: ${table[outcome] === null ? "unknown" : "nothing, as it was turned away"}`, () => {
      const record = callFinished.parse(finish({ outcome, error: { code: "x" } }));
      assert.equal(record.cost_usd, table[outcome]);
      assert.equal(record.usage_source, table[outcome] === null ? "unknown" : "estimated");
    });
    test(`${outcome} with usage is charged`, () => {
      assert.equal(finish({ outcome, error: { code: "x" }, usage }).usage_source, "provider");
    });
  }
});

test("a call that we gave up cost its input, and what had come of its answer: a guess that says so", () => {
  const costOf = (output_tokens: number) => {
    const guess = { ...usage, input_tokens: task.input_tokens_estimate, cached_input_tokens: 0, reasoning_tokens: 0 };
    return priceOf({ provider: "openai", model: "gpt-4o", usage: { ...guess, output_tokens }, atMs: nowMs }).costUsd;
  };
  const error = { code: "cancelled" };
  const unheard = finish({ outcome: "cancelled", error });
  assert.deepEqual([unheard.usage_source, unheard.cost_usd], ["estimated", costOf(0)]);
  const heard = finish({ outcome: "cancelled", error, streamedTokens: 40 });
  assert.deepEqual([heard.usage_source, heard.cost_usd, heard.usage?.output_tokens], ["estimated", costOf(40), 40]);
});

test("a call that timed out or broke off in the middle of its answer cost at least what had come", () => {
  for (const outcome of ["timeout", "connection", "server_error", "malformed"] as const) {
    const record = finish({ outcome, error: { code: "stalled" }, streamedTokens: 12 });
    assert.deepEqual([record.usage_source, record.usage?.output_tokens], ["estimated", 12]);
    assert.ok(Number(record.cost_usd) > 0 && Number(record.cost_usd) < Number(record.cost_high_usd));
  }
});

test("a connection that was never made cost nothing", () => {
  assert.equal(finish({ outcome: "connection", error: { code: "econnrefused" } }).cost_usd, "0");
  assert.equal(finish({ outcome: "connection", error: { code: "econnreset" } }).cost_usd, null);
});

describe("which finish settles", () => {
  const before = [failed(0), failed(1)];
  const table: readonly {
    readonly name: string;
    readonly played: Played;
    readonly outcome: CallOutcome;
    readonly settles: boolean;
  }[] = [
    { name: "a failure with a tier left", played: {}, outcome: "timeout", settles: false },
    { name: "the failure of the last tier", played: { tier: 2, before }, outcome: "timeout", settles: true },
    { name: "a bad request, tiers left or not", played: {}, outcome: "bad_request", settles: true },
    {
      name: "a failure when all other breakers are open",
      played: { later: { openTiers: new Set([1, 2]) } },
      outcome: "timeout",
      settles: true,
    },
    {
      name: "a failure with tiers left and no time for them",
      played: { later: { nowMs: nowMs + 60_000 } },
      outcome: "timeout",
      settles: false,
    },
    {
      name: "a rate limit that the provider ends soon",
      played: { tier: 2, before },
      outcome: "rate_limited",
      settles: false,
    },
  ];
  for (const { name, played, outcome, settles } of table) {
    test(`${name}: ${settles ? "settles without an answer" : "does not settle"}`, () => {
      const error = { code: outcome, ...(outcome === "rate_limited" ? { retry_after_ms: 200 } : {}) };
      const record = callFinished.parse(finish({ outcome, error }, played));
      assert.equal(record.settles, settles);
      assert.equal(record.settlement === undefined, !settles);
      if (!settles) return;
      assert.equal(record.settlement?.answer, null);
      assert.equal(record.settlement?.reasons?.length, 3, "a reason for each tier");
    });
  }
});

test("a failure while another worker's call is in flight leaves the settling to that", () => {
  const other = failed(1, { end: null, worker: "other", deadlineAtMs: nowMs + 9000 });
  const record = finish({ outcome: "bad_request" }, { before: [other], later: { otherWorkers: new Set(["other"]) } });
  assert.equal(record.settles, false);
});

test("what a run has spent counts lost calls as of unknown cost", () => {
  const paid = failed(0, { end: { atMs: nowMs, outcome: "ok", usage, costUsd: "0.25" } });
  const spent = spentBy({ ...task, spent: { ...task.spent, calls: 2, cost_usd: "0.5" } }, [
    paid,
    failed(1, { end: null }),
  ]);
  assert.deepEqual([spent.calls, spent.cost_usd, spent.unpriced_calls], [4, "0.75", 1]);
});

test("every finish keeps to its schema, and settles exactly when it carries a settlement", () => {
  const ending = fc.record({
    outcome: fc.constantFrom(...callOutcomes),
    answer: fc.string(),
    usage: fc.option(fc.constant(usage)),
    error: fc.record({ code: fc.string(), retry_after_ms: fc.nat() }),
  });
  fc.assert(
    fc.property(ending, fc.integer({ min: 0, max: 2 }), (ends, tier) => {
      const record = callFinished.parse(finish(ends, { tier }));
      assert.equal(record.settles, record.settlement !== undefined);
      if (ends.outcome === "ok") assert.deepEqual(record.settlement?.answer, { plain: ends.answer });
      else assert.equal(record.settlement?.answer ?? null, null);
    }),
  );
});
