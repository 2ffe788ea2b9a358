import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import { callOutcomes, type CallOutcome } from "../../../schemas/parts/codes.ts";
import type { CallEnding } from "../interpret.ts";
import { breakerWindow, halfOpenAfterMs, Resilience, type BreakerState } from "./resilience.ts";

const target = { provider: "openai", model: "gpt-4o" };

function ending(outcome: CallOutcome): CallEnding {
  return { outcome, answer: null, usage: null };
}

async function runAll(resilience: Resilience, outcome: CallOutcome, times: number): Promise<void> {
  for (let call = 0; call < times; call++) await resilience.run(target, () => Promise.resolve(ending(outcome)));
}

describe("the breaker", () => {
  beforeEach(() => mock.timers.enable({ apis: ["Date"], now: 1_000_000 }));
  afterEach(() => mock.timers.reset());

  const opens = new Set<CallOutcome>([
    "rate_limited",
    "overloaded",
    "server_error",
    "timeout",
    "connection",
    "not_found",
    "malformed",
  ]);
  for (const outcome of callOutcomes) {
    test(`${outcome}, again and again, ${opens.has(outcome) ? "opens it" : "leaves it closed"}`, async () => {
      const resilience = new Resilience();
      await runAll(resilience, outcome, breakerWindow.size);
      assert.equal(resilience.isOpen(target), opens.has(outcome));
    });
  }

  test("a key that is rejected is not the model's trouble, a provider without any key is", async () => {
    for (const [code, open] of [
      ["invalid_api_key", false],
      ["api_key_missing", true],
      ["provider_unknown", true],
    ] as const) {
      const resilience = new Resilience();
      for (let call = 0; call < breakerWindow.size; call++)
        await resilience.run(target, () => Promise.resolve({ ...ending("unauthorized"), error: { code } }));
      assert.equal(resilience.isOpen(target), open, code);
    }
  });

  test("what it shows of itself: closed, open, half open when the probe is due", async () => {
    const resilience = new Resilience();
    const shown = (): readonly string[] => resilience.states().map(({ model, state }) => `${model} ${state}`);
    assert.deepEqual(shown(), []);
    await runAll(resilience, "ok", 1);
    assert.deepEqual(shown(), ["gpt-4o closed"]);
    await runAll(resilience, "timeout", breakerWindow.minimumNumberOfCalls);
    assert.deepEqual(shown(), ["gpt-4o open"]);
    mock.timers.tick(halfOpenAfterMs);
    assert.deepEqual(shown(), ["gpt-4o half_open"]);
  });

  test("it stays closed while it has seen too few calls", async () => {
    const resilience = new Resilience();
    await runAll(resilience, "timeout", breakerWindow.minimumNumberOfCalls - 1);
    assert.equal(resilience.isOpen(target), false);
    await runAll(resilience, "timeout", 1);
    assert.equal(resilience.isOpen(target), true);
  });

  test("it stays closed while half of the calls succeed", async () => {
    const resilience = new Resilience();
    for (let pair = 0; pair < breakerWindow.size; pair++) {
      await runAll(resilience, "ok", 1);
      await runAll(resilience, "timeout", 1);
    }
    assert.equal(resilience.isOpen(target), false);
  });

  test("an open one lets nothing through and leaves other models alone", async () => {
    const resilience = new Resilience();
    await runAll(resilience, "timeout", breakerWindow.minimumNumberOfCalls);
    const call = mock.fn(() => Promise.resolve(ending("ok")));
    assert.equal(await resilience.run(target, call), null);
    assert.equal(call.mock.callCount(), 0);
    assert.equal(resilience.isOpen({ ...target, model: "gpt-4o-mini" }), false);
    assert.equal(resilience.isOpen({ ...target, provider: "anthropic" }), false);
  });

  test("after its pause one probe goes out, the others are kept off until it is back", async () => {
    const changes: BreakerState[] = [];
    const resilience = new Resilience({ onChange: (_, state) => changes.push(state) });
    await runAll(resilience, "timeout", breakerWindow.minimumNumberOfCalls);
    mock.timers.tick(halfOpenAfterMs);
    assert.equal(resilience.isOpen(target), false);
    const { promise, resolve } = Promise.withResolvers<CallEnding>();
    const probe = resilience.run(target, () => promise);
    assert.equal(resilience.isOpen(target), true);
    resolve(ending("ok"));
    await probe;
    assert.equal(resilience.isOpen(target), false);
    assert.deepEqual(changes, ["open", "half_open", "closed"]);
  });

  test("a probe that fails opens it again for another pause", async () => {
    const resilience = new Resilience();
    await runAll(resilience, "timeout", breakerWindow.minimumNumberOfCalls);
    mock.timers.tick(halfOpenAfterMs);
    await runAll(resilience, "overloaded", 1);
    assert.equal(resilience.isOpen(target), true);
    mock.timers.tick(halfOpenAfterMs - 1);
    assert.equal(resilience.isOpen(target), true);
    mock.timers.tick(1);
    assert.equal(resilience.isOpen(target), false);
  });

  test("one that another process opened is open here for the rest of its time, and then lets one probe through", async () => {
    const resilience = new Resilience();
    resilience.learn(target, { state: "open", openUntilMs: Date.now() + 4000 });
    assert.equal(resilience.isOpen(target), true);
    assert.equal(await resilience.run(target, () => Promise.resolve(ending("ok"))), null);
    mock.timers.tick(4000);
    const { promise, resolve } = Promise.withResolvers<CallEnding>();
    const probe = resilience.run(target, () => promise);
    assert.equal(resilience.isOpen(target), true);
    resolve(ending("timeout"));
    await probe;
    assert.equal(resilience.isOpen(target), true);
    mock.timers.tick(halfOpenAfterMs);
    assert.equal((await resilience.run(target, () => Promise.resolve(ending("ok"))))?.outcome, "ok");
    assert.equal(resilience.isOpen(target), false);
  });

  test("one that was open long ago and that nobody closed lets one probe through at once", async () => {
    const resilience = new Resilience();
    resilience.learn(target, { state: "open", openUntilMs: Date.now() - 86_400_000 });
    assert.equal(resilience.isOpen(target), false);
    const { promise, resolve } = Promise.withResolvers<CallEnding>();
    const probe = resilience.run(target, () => promise);
    assert.equal(resilience.isOpen(target), true);
    resolve(ending("ok"));
    await probe;
    assert.equal(resilience.isOpen(target), false);
  });

  test("another's clock that is far ahead keeps it open no longer than a pause", () => {
    const resilience = new Resilience();
    resilience.learn(target, { state: "open", openUntilMs: Date.now() + 86_400_000 });
    mock.timers.tick(halfOpenAfterMs);
    assert.equal(resilience.isOpen(target), false);
  });

  test("calls of our own count for more than hearsay", async () => {
    const resilience = new Resilience();
    await runAll(resilience, "ok", breakerWindow.minimumNumberOfCalls);
    resilience.learn(target, { state: "open", openUntilMs: Date.now() + 5000 });
    assert.equal(resilience.isOpen(target), false);
  });

  test("what was taken over is given up when another process sees it closed", () => {
    const resilience = new Resilience();
    resilience.learn(target, { state: "open", openUntilMs: Date.now() + 5000 });
    resilience.learn(target, { state: "closed", openUntilMs: 0 });
    assert.equal(resilience.isOpen(target), false);
  });

  test("a call that we gave up ourselves counts neither for the model nor against it", async () => {
    const resilience = new Resilience();
    await runAll(resilience, "timeout", breakerWindow.minimumNumberOfCalls - 1);
    await runAll(resilience, "cancelled", 20);
    assert.equal((await resilience.run(target, () => Promise.resolve(ending("cancelled"))))?.outcome, "cancelled");
    assert.equal(resilience.isOpen(target), false);
    await runAll(resilience, "timeout", 1);
    assert.equal(resilience.isOpen(target), true);
  });

  test("a probe that we gave up ourselves, as another model was faster, closes nothing", async () => {
    const resilience = new Resilience();
    await runAll(resilience, "timeout", breakerWindow.minimumNumberOfCalls);
    mock.timers.tick(halfOpenAfterMs);
    await runAll(resilience, "cancelled", 1);
    assert.equal(resilience.isOpen(target), true);
  });

  const ofKey: CallEnding = { ...ending("unauthorized"), error: { code: "invalid_api_key" } };

  test("a probe that met a rejected key has shown nothing of the model, and closes nothing", async () => {
    const resilience = new Resilience();
    await runAll(resilience, "timeout", breakerWindow.minimumNumberOfCalls);
    mock.timers.tick(halfOpenAfterMs);
    assert.equal(await resilience.run(target, () => Promise.resolve(ofKey)), ofKey);
    assert.equal(resilience.isOpen(target), true);
  });

  test("calls that met a rejected key do not thin out the failures of the model", async () => {
    const resilience = new Resilience();
    for (let call = 0; call < breakerWindow.minimumNumberOfCalls; call++) {
      for (let met = 0; met < 3; met++) await resilience.run(target, () => Promise.resolve(ofKey));
      await runAll(resilience, "timeout", 1);
    }
    assert.equal(resilience.isOpen(target), true);
  });

  test("what the call throws is thrown on", async () => {
    const resilience = new Resilience();
    await assert.rejects(
      resilience.run(target, () => Promise.reject(new Error("a bug"))),
      /a bug/,
    );
  });
});

describe("the time limit", () => {
  test("a call that heeds no signal is over at its limit, and its signal aborted", async () => {
    const { promise: never } = Promise.withResolvers<CallEnding>();
    let given: AbortSignal | undefined;
    const result = await new Resilience().within(20, (signal) => {
      given = signal;
      return never;
    });
    assert.equal(result.outcome, "timeout");
    assert.equal(given?.aborted, true);
  });

  test("a call that heeds its signal says what had arrived by its limit", async () => {
    const result = await new Resilience().within(20, (signal) => {
      const { promise, resolve } = Promise.withResolvers<CallEnding>();
      signal.addEventListener("abort", () => resolve({ ...ending("cancelled"), streamedTokens: 7 }));
      return promise;
    });
    assert.deepEqual([result.outcome, result.streamedTokens], ["timeout", 7]);
  });

  test("a call that ends as cancelled because its limit was reached timed out", async () => {
    const result = await new Resilience().within(20, (signal) => {
      const { promise, resolve } = Promise.withResolvers<CallEnding>();
      signal.addEventListener("abort", () => resolve(ending("cancelled")));
      return promise;
    });
    assert.equal(result.outcome, "timeout");
  });

  test("an ending in time is passed on as it is, a cancelled one too", async () => {
    const resilience = new Resilience();
    assert.equal((await resilience.within(10_000, () => Promise.resolve(ending("ok")))).outcome, "ok");
    assert.equal((await resilience.within(10_000, () => Promise.resolve(ending("cancelled")))).outcome, "cancelled");
  });
});
