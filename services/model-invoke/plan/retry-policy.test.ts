/** The retry policy: every outcome under every action, and what no policy can change. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  retryAction,
  retryPolicy,
  type RetryAction,
  type RetryPolicy,
} from "../../../schemas/control/harness-definition.ts";
import { callOutcomes } from "../../../schemas/parts/codes.ts";
import { brief, callOf, chain, ended, situation, startMs } from "../../../test/support/plan-situation.ts";
import { readHarness } from "../../definitions/define-harness.ts";
import { presets } from "../../definitions/presets.ts";
import type { KnownCall } from "../journal/known-call.ts";
import { nextStep } from "./plan.ts";
import { backoff, backoffMs } from "./retry-policy.ts";
import { leastCallMs, maxLostCalls } from "./turns.ts";

type Outcome = keyof RetryPolicy;
/** `again`: the same tier after a pause. `next`: the next tier at once. `refused`: no definition may say so. */
type Cell = "again" | "next" | "degraded" | "failed_fast" | "refused";

const free = { retry: "again", fall_back: "next", degrade: "degraded", fail_fast: "failed_fast" } as const;
const lasting = { ...free, retry: "refused" } as const;
const table: Readonly<Record<Outcome, Readonly<Record<RetryAction, Cell>>>> = {
  rate_limited: free,
  overloaded: free,
  server_error: free,
  timeout: free,
  connection: free,
  bad_request: lasting,
  unauthorized: lasting,
  not_found: lasting,
  content_refused: free,
  truncated: free,
  malformed: free,
};

function after(calls: readonly KnownCall[], retry: Partial<RetryPolicy>, more: object = {}): string {
  return brief(nextStep(situation({ calls, retry, ...more })));
}

function isRefused(outcome: Outcome, action: RetryAction): boolean {
  const loaded = readHarness({
    name: "any",
    input: { schema: { type: "object", properties: { text: { type: "string" } } } },
    prompt: { user: "{{text}}" },
    models: [
      { provider: "openai", model: "gpt-4o" },
      { provider: "openai", model: "gpt-4o-mini" },
    ],
    knobs: { retry: { [outcome]: action } },
  });
  if (loaded.kind === "loaded") return false;
  assert.deepEqual(
    loaded.reasons.map(({ path, rule }) => [path, rule]),
    [[`/knobs/retry/${outcome}`, "retry_can_help"]],
  );
  return true;
}

for (const outcome of retryPolicy.keyof().options) {
  for (const action of retryAction.options) {
    const cell = table[outcome][action];
    const retry = { [outcome]: action };
    test(`${outcome} x ${action}: ${cell}`, () => {
      assert.equal(isRefused(outcome, action), cell === "refused");
      if (cell === "refused") return;
      const failed = ended(0, outcome);
      const readyMs = backoffMs(failed.callId);
      const again = { again: `pause ${readyMs}`, next: "call 1", degraded: cell, failed_fast: cell }[cell];
      assert.equal(after([failed], retry), again);
      if (cell === "again") {
        assert.equal(after([failed], retry, { nowMs: startMs + readyMs }), "call 0");
        assert.equal(
          after([failed, ended(0, outcome)], retry, { nowMs: startMs + readyMs }),
          "call 1",
          "once more only",
        );
      }
      const only = { models: chain.slice(0, 1) };
      const last = { again: `pause ${readyMs}`, next: "degraded", degraded: cell, failed_fast: cell }[cell];
      assert.equal(after([failed], retry, only), last, "of an only tier");
      const late = { again: "expired", next: "expired", degraded: cell, failed_fast: cell }[cell];
      assert.equal(after([failed], retry, { nowMs: startMs + 60_000 }), late, "with no time left");
    });
  }
}

test("every failure of a provider has its row, and every preset its cell", () => {
  const ours = new Set(["ok", "cancelled"]);
  assert.deepEqual(
    retryPolicy.keyof().options,
    callOutcomes.filter((outcome) => !ours.has(outcome)),
  );
  for (const { knobs } of Object.values(presets)) assert.deepEqual(Object.keys(knobs.retry), Object.keys(table));
});

test("a document from before there was a policy gets what was done then", () => {
  assert.deepEqual(retryPolicy.parse({}), presets.standard.knobs.retry);
});

describe("a retry", () => {
  const retry = { rate_limited: "retry", timeout: "retry", server_error: "retry" } as const;

  test("waits half a second, more or less, and the same for the same call", () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const waitMs = backoffMs(id);
        assert.ok(waitMs >= backoff.leastMs && waitMs < backoff.leastMs + backoff.spreadMs);
        assert.equal(backoffMs(id), waitMs);
      }),
    );
    const waits = new Set(Array.from({ length: 100 }, (_, index) => backoffMs(`call-${index}`)));
    assert.ok(waits.size > 80, "calls that fail together come back together");
  });

  test("waits as long as the provider says instead", () => {
    for (const outcome of ["rate_limited", "server_error"] as const)
      assert.equal(after([ended(0, outcome, { retryAfterMs: 800 })], retry), "pause 800");
  });

  test("after a long wait that the provider asks for comes after the next tier", () => {
    const limited = ended(0, "rate_limited", { retryAfterMs: 4000 });
    assert.equal(after([limited], retry), "call 1");
    assert.equal(after([limited, ended(1, "malformed"), ended(2, "malformed")], retry), "pause 4000");
  });

  test("is not made after a wait longer than the tier's whole time", () => {
    const only = { models: chain.slice(0, 1) };
    assert.equal(after([ended(0, "rate_limited", { retryAfterMs: 5001 })], retry, only), "degraded");
  });

  test("has the tier's whole time again: a time-out leaves none of the first", () => {
    const slow = callOf(0, { outcome: "timeout", atMs: startMs + 5000 });
    const step = nextStep(situation({ calls: [slow], retry, nowMs: startMs + 6000 }));
    assert.partialDeepStrictEqual(step, { kind: "call", tier: 0, timeoutMs: 5000, skipped: [] });
  });

  test("is not made when the run's time is over by then", () => {
    const task = { deadline_at_ms: startMs + leastCallMs + 200 };
    assert.equal(after([ended(0, "server_error")], retry, { task }), "call 1");
  });

  test("of a tier whose breaker opened meanwhile is left out", () => {
    assert.equal(after([ended(0, "server_error")], retry, { openTiers: new Set([0]) }), "call 1");
  });

  test("that fails in another way ends as the policy says of that", () => {
    const calls = [ended(0, "server_error"), ended(0, "content_refused")];
    assert.equal(after(calls, { ...retry, content_refused: "fail_fast" }), "failed_fast");
  });
});

describe("no policy changes", () => {
  const all = (action: RetryAction): Partial<RetryPolicy> =>
    Object.fromEntries(retryPolicy.keyof().options.map((outcome) => [outcome, action]));

  for (const action of ["fail_fast", "degrade"] as const) {
    test(`${action} of everything: what another key, another process or a larger window can still do`, () => {
      assert.equal(after([ended(0, "unauthorized", { otherKey: true })], all(action)), "call 0");
      assert.equal(after([ended(0, "rate_limited", { otherKey: true })], all(action)), "call 0");
      assert.equal(after([ended(0, "cancelled")], all(action)), "call 1");
      assert.equal(after([callOf(0, null, { worker: "dead" })], all(action)), "call 0");
      assert.equal(after([ended(0, "bad_request", { code: "context_length_exceeded" })], all(action)), "call 1");
    });
  }

  test("that a provider with a rejected key is out", () => {
    assert.equal(after([ended(0, "unauthorized"), ended(1, "server_error")], {}), "degraded");
  });
});

test("failing fast says why first, then what became of each tier", () => {
  const step = nextStep(
    situation({ calls: [ended(0, "timeout"), ended(1, "bad_request")], retry: { bad_request: "fail_fast" } }),
  );
  assert.deepEqual(step.kind === "failed_fast" && step.reasons.map(({ code, rule }) => [code, rule]), [
    ["failed_fast", "knobs.retry.bad_request"],
    ["timeout", "tier_0"],
    ["bad_request", "tier_1"],
    ["not_called", "tier_2"],
  ]);
});

test("under any policy any sequence of outcomes ends, in at most two ended calls of a tier and none after a final one", () => {
  const actions = fc.constantFrom(...retryAction.options);
  const policies = fc.record(Object.fromEntries(retryPolicy.keyof().options.map((outcome) => [outcome, actions])));
  const fates = fc.array(fc.constantFrom(...callOutcomes.filter((outcome) => outcome !== "ok"), "lost" as const), {
    minLength: 40,
    maxLength: 40,
  });
  fc.assert(
    fc.property(policies, fates, fc.boolean(), (policy, outcomes, named) => {
      const retry = retryPolicy.parse(policy);
      const made: KnownCall[] = [];
      let nowMs = startMs;
      for (let turn = 0; turn < 2 * outcomes.length; turn++) {
        const step = nextStep(situation({ calls: made, retry, nowMs }));
        if (step.kind === "pause") {
          assert.ok(step.untilMs > nowMs && step.untilMs < startMs + 60_000);
          nowMs = step.untilMs;
          continue;
        }
        if (step.kind !== "call") return assert.ok(["degraded", "expired", "failed_fast"].includes(step.kind));
        const outcome = outcomes[made.length] ?? "lost";
        const end = { atMs: nowMs, ...(named ? { retryAfterMs: 700 } : {}) };
        made.push(callOf(step.tier, outcome === "lost" ? null : { ...end, outcome }, { startedAtMs: nowMs }));
        for (const tier of [0, 1, 2]) {
          const own = made.filter((call) => call.tier === tier);
          assert.ok(own.filter(({ end: over }) => over !== null).length <= 2 && own.length <= 2 + maxLostCalls);
        }
        const before = made.slice(0, -1).flatMap(({ end: over }) => over?.outcome ?? []);
        const final = before.filter((one) => one !== "cancelled" && one !== "ok").map((one) => retry[one]);
        assert.ok(
          !final.some((action) => action === "degrade" || action === "fail_fast"),
          "called after a final outcome",
        );
      }
      assert.fail("the attempt did not end");
    }),
    { numRuns: 500 },
  );
});
