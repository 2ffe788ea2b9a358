/** Tokens of sessions: which are taken, and that none can be made or changed by others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openSessions, sessionMs } from "./sessions.ts";

const secret = "11".repeat(32);
const newer = "22".repeat(32);
const nowMs = 1_800_000_000_000;
const { token } = openSessions(secret).begin("00ff00ff00ff00ff", nowMs);

for (const { name, secretKey, atMs, isTaken } of [
  { name: "by another gateway with the same secret", secretKey: secret, atMs: nowMs, isTaken: true },
  { name: "just before its end", secretKey: secret, atMs: nowMs + sessionMs - 1, isTaken: true },
  { name: "at its end", secretKey: secret, atMs: nowMs + sessionMs, isTaken: false },
  { name: "while the secret is being replaced", secretKey: `${newer},${secret}`, atMs: nowMs, isTaken: true },
  { name: "by a gateway with another secret", secretKey: newer, atMs: nowMs, isTaken: false },
  { name: "by a gateway without one", secretKey: undefined, atMs: nowMs, isTaken: false },
]) {
  test(`a session is ${isTaken ? "" : "not "}taken ${name}`, () => {
    const expected = { keyId: "00ff00ff00ff00ff", expiresAtMs: nowMs + sessionMs };
    assert.deepEqual(openSessions(secretKey).read(token, atMs), isTaken ? expected : null);
  });
}

test("without a secret, a process takes its own sessions", () => {
  const sessions = openSessions(undefined);
  assert.equal(sessions.read(sessions.begin("k", nowMs).token, nowMs)?.keyId, "k");
});

test("law: a token of which anything was changed is not taken", () => {
  const sessions = openSessions(secret);
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, other) => {
      // The last digit of base64url holds two bits that mean nothing.
      fc.pre(token[at] !== other && at < token.length - 1);
      assert.equal(sessions.read(token.slice(0, at) + other + token.slice(at + 1), nowMs), null);
    }),
  );
});
