import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type FailureFacts, failureOf, retryAfterOf, wasCutShort } from "./outcome.ts";

const nowMs = Date.parse("2026-03-01T12:00:00Z");

function status(code: number, type: string | null = null, detail: string | null = null): FailureFacts {
  return { kind: "status", status: code, type, code: detail, headers: undefined };
}

const judged: readonly (readonly [name: string, facts: FailureFacts, outcome: string, code: string])[] = [
  ["402, an unpaid bill, is unauthorized", status(402, "billing_error"), "unauthorized", "billing_error"],
  ["408 is a timeout", status(408), "timeout", "http_408"],
  ["409 may work later", status(409), "server_error", "http_409"],
  ["413 is our fault", status(413, "request_too_large"), "bad_request", "request_too_large"],
  ["422 is our fault", status(422), "bad_request", "http_422"],
  ["499 is a cancelled call", status(499), "cancelled", "http_499"],
  ["502 is the server's fault", status(502), "server_error", "http_502"],
  ["a 400 for its content is a refusal", status(400, null, "content_filter"), "content_refused", "content_filter"],
  [
    "overloaded is told by its type under any status",
    status(500, "overloaded_error"),
    "overloaded",
    "overloaded_error",
  ],
  ["a redirect, which is not followed, is the server's fault", status(302), "server_error", "http_302"],
  ["a sentence is no code", status(400, "You said: my secret"), "bad_request", "http_400"],
  [
    "the code is more telling than the type",
    status(404, "invalid_request_error", "model_not_found"),
    "not_found",
    "model_not_found",
  ],
  ["a network failure keeps its errno", { kind: "connection", errno: "ENOTFOUND" }, "connection", "enotfound"],
  [
    "a network failure without errno has a code too",
    { kind: "connection", errno: undefined },
    "connection",
    "connection",
  ],
];

for (const [name, facts, outcome, code] of judged) {
  test(name, () => {
    const seen = failureOf(facts, nowMs);
    assert.deepEqual([seen.outcome, seen.code, seen.usage], [outcome, code, null]);
  });
}

const waits: readonly (readonly [name: string, headers: Record<string, string>, ms: number | undefined])[] = [
  ["none", {}, undefined],
  ["seconds", { "retry-after": "3" }, 3000],
  ["parts of a second", { "retry-after": "0.25" }, 250],
  ["a date to come", { "retry-after": "Sun, 01 Mar 2026 12:00:09 GMT" }, 9000],
  ["a date gone by is no wait", { "retry-after": "Sun, 01 Mar 2026 11:00:00 GMT" }, 0],
  ["words", { "retry-after": "soon" }, undefined],
  ["milliseconds win", { "retry-after": "3", "retry-after-ms": "120" }, 120],
  ["a negative number", { "retry-after-ms": "-5" }, undefined],
  ["more than a record's whole number holds", { "retry-after": "99999999999999999999" }, Number.MAX_SAFE_INTEGER],
  ["more than any number holds", { "retry-after-ms": "9".repeat(400) }, Number.MAX_SAFE_INTEGER],
];

for (const [name, headers, ms] of waits) {
  test(`Retry-After: ${name}`, () => assert.equal(retryAfterOf(new Headers(headers), nowMs), ms));
}

test("whatever a provider sends, the code has no white space and the wait is no negative number", () => {
  const word = fc.option(fc.string({ maxLength: 80 }), { nil: null });
  fc.assert(
    fc.property(
      fc.integer({ min: 300, max: 599 }),
      word,
      word,
      fc.stringMatching(/^[ -~]*$/),
      (code, type, detail, wait) => {
        const headers = new Headers({ "retry-after": wait });
        const seen = failureOf({ kind: "status", status: code, type, code: detail, headers }, nowMs);
        assert.match(seen.code, /^[a-z0-9_.-]{1,64}$/);
        assert.ok(seen.retryAfterMs === undefined || seen.retryAfterMs >= 0);
      },
    ),
  );
});

test("both providers' words for an answer cut short are known, and no others", () => {
  assert.deepEqual(
    ["length", "max_tokens", "model_context_window_exceeded", "stop", "end_turn", "tool_use"].map(wasCutShort),
    [true, true, true, false, false, false],
  );
});
