import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { correct, noteStart, readyAtMs, type RateLimits, type RateWindow } from "./rate-window.ts";

function startedAt(times: readonly number[], tokens = 10): RateWindow {
  return times.reduce<RateWindow>((window, atMs) => noteStart(window, tokens, atMs), []);
}

describe("a call may start", () => {
  const nowMs = 100_000;
  const table: readonly [string, RateWindow, RateLimits, number, number][] = [
    ["at once where nothing was started", [], { requestsPerMinute: 1, tokensPerMinute: 10 }, 10, nowMs],
    ["at once without limits", startedAt([nowMs, nowMs]), {}, 1e9, nowMs],
    ["at once under the limit", startedAt([nowMs]), { requestsPerMinute: 2 }, 10, nowMs],
    ["a minute after the whole second of the first start", startedAt([99_500]), { requestsPerMinute: 1 }, 10, 160_000],
    ["when enough requests are a minute old", startedAt([50_000, 60_000]), { requestsPerMinute: 2 }, 10, 111_000],
    ["when enough tokens are a minute old", startedAt([50_000, 60_000]), { tokensPerMinute: 25 }, 11, 111_000],
    [
      "when the scarcer of both allows it",
      startedAt([50_000, 60_000]),
      { requestsPerMinute: 2, tokensPerMinute: 20 },
      20,
      121_000,
    ],
    ["alone where it is larger than the limit", startedAt([50_000, 60_000]), { tokensPerMinute: 25 }, 90, 121_000],
    ["at once where all else is older than a minute", startedAt([30_000]), { requestsPerMinute: 1 }, 10, nowMs],
  ];
  for (const [name, window, limits, tokens, expected] of table) {
    test(name, () => assert.equal(readyAtMs(window, limits, tokens, nowMs), expected));
  }
});

test("a call that cost less than it could makes room for others, one that cost more takes it", () => {
  const limits = { tokensPerMinute: 100 };
  const window = noteStart([], 100, 5000);
  assert.equal(readyAtMs(window, limits, 60, 6000), 66_000);
  assert.equal(readyAtMs(correct(window, 5000, -60), limits, 60, 6000), 6000);
  assert.equal(readyAtMs(correct(correct(window, 5000, -60), 5000, 1), limits, 60, 6000), 66_000);
});

test("what is corrected a minute later is gone already", () => {
  const window = noteStart(noteStart([], 100, 0), 10, 90_000);
  assert.deepEqual(correct(window, 0, -50), window);
});

test("no sixty seconds hold more than the limits, however calls come", () => {
  const arrivals = fc.array(fc.record({ afterMs: fc.nat(8000), tokens: fc.integer({ min: 1, max: 50 }) }), {
    minLength: 1,
    maxLength: 120,
  });
  fc.assert(
    fc.property(
      arrivals,
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 50, max: 400 }),
      (calls, requests, most) => {
        const limits = { requestsPerMinute: requests, tokensPerMinute: most };
        const starts: { atMs: number; tokens: number }[] = [];
        let window: RateWindow = [];
        let nowMs = 0;
        for (const { afterMs, tokens } of calls) {
          nowMs = readyAtMs(window, limits, tokens, nowMs + afterMs);
          assert.equal(readyAtMs(window, limits, tokens, nowMs), nowMs, "what it promises holds");
          window = noteStart(window, tokens, nowMs);
          starts.push({ atMs: nowMs, tokens });
        }
        for (const { atMs } of starts) {
          const minute = starts.filter((start) => start.atMs >= atMs && start.atMs < atMs + 60_000);
          assert.ok(minute.length <= requests);
          assert.ok(minute.reduce((sum, start) => sum + start.tokens, 0) <= most);
        }
      },
    ),
  );
});

test("it remembers no more than a minute", () => {
  const window = startedAt(Array.from({ length: 1000 }, (_, second) => second * 1000));
  assert.ok(window.length <= 62);
});
