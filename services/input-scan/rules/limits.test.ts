/** What the limits refuse, and what they say about it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { refuseLongPrompt, refuseThrottled } from "./limits.ts";

test("a throttled request is told the limit and when to try again, in words and as a number", () => {
  const outcome = refuseThrottled({ requestsPerMinute: 30, scope: "this client", retryAfterMs: 1500 });
  assert.deepEqual(outcome?.reasons, [
    {
      code: "rate_limited",
      message: "more than 30 requests a minute of this client: try again in 2 s",
      rule: "requests_per_minute",
      retry_after_ms: 1500,
    },
  ]);
  assert.equal(outcome.report.verdict, "blocked");
  assert.equal(refuseThrottled(null), null);
});

const prompts: readonly [what: string, tokens: number, limits: (number | undefined)[], refused: boolean][] = [
  ["no limit", 1_000_000, [undefined, undefined], false],
  ["at the limit", 100, [100, undefined], false],
  ["over the harness's limit", 101, [100, 200], true],
  ["over the client's limit", 101, [200, 100], true],
];
for (const [what, tokens, limits, refused] of prompts) {
  test(`a prompt, ${what}: ${refused ? "refused" : "passes"}`, () => {
    assert.equal(refuseLongPrompt(tokens, limits) !== null, refused);
  });
}
