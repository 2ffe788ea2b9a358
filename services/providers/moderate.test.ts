import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { toxicAnswers } from "../../infra/embedded/stand-in/answers/canned.ts";
import type { FaultEffect } from "../../infra/embedded/stand-in/fault-rules.ts";
import { startTestStandIn, type TestStandIn } from "../../test/support/stand-in.ts";
import { openProviders, type Providers } from "./call-provider.ts";
import type { ModerationOutcome } from "./moderate.ts";

let standIn: TestStandIn;

before(async () => {
  standIn = await startTestStandIn();
});
after(() => standIn.stop());

type Call = Parameters<Providers["moderate"]>[0];

/** Each by keys of its own: what one call says of a key is not to be the next one's. */
async function moderateWith(effect: FaultEffect | null, changes: Partial<Call> = {}): Promise<ModerationOutcome> {
  const match = { model: "omni-moderation-latest" };
  await standIn.script(effect === null ? {} : { rules: [{ match, effect }] });
  const providers = openProviders(standIn.environment);
  const call: Call = {
    provider: "openai",
    model: "omni-moderation-latest",
    texts: ["Good morning."],
    callId: randomUUID(),
    timeoutMs: 5_000,
    signal: new AbortController().signal,
    ...changes,
  };
  return await providers.moderate(call).finally(providers.close);
}

test("of each text it says, by our categories, what is flagged and how surely", async () => {
  const texts = ["Good morning.", toxicAnswers.self_harm];
  const outcome = await moderateWith(null, { texts });
  assert.ok(outcome.kind === "moderated");
  assert.equal(outcome.servedModel, "omni-moderation-latest");
  assert.match(outcome.providerRequestId ?? "", /^req_/);
  assert.deepEqual(
    outcome.verdicts.map((verdicts) => verdicts.map(({ category, flagged }) => [category, flagged].join())),
    [
      ["hate,false", "harassment,false", "self_harm,false", "sexual,false", "violence,false"],
      ["hate,false", "harassment,false", "self_harm,true", "sexual,false", "violence,false"],
    ],
  );
  assert.equal(outcome.verdicts[1]?.find(({ category }) => category === "self_harm")?.score, 0.98);
});

test("the provider's books have the call under its id, once and unpaid", async () => {
  const callId = randomUUID();
  await moderateWith(null, { callId });
  const calls = standIn.calls().filter((call) => call.call_id === callId);
  assert.deepEqual(
    calls.map(({ provider, model, answered }) => [provider, model, answered]),
    [["openai", "omni-moderation-latest", false]],
  );
});

/** Those of other tests may come into the books late. */
const callsOf = (callId: string): number => standIn.calls().filter((call) => call.call_id === callId).length;

const failures: readonly (readonly [name: string, effect: FaultEffect, outcome: string, code: RegExp])[] = [
  ["a limit", { kind: "status", status: 429, retryAfterSeconds: 2 }, "rate_limited", /rate_limit/],
  ["a rejected key", { kind: "status", status: 401 }, "unauthorized", /invalid_api_key/],
  ["an error of the server's", { kind: "status", status: 500 }, "server_error", /server_error/],
  ["a broken connection", { kind: "reset" }, "connection", /econnreset|response_cut/],
  ["a page in place of an answer", { kind: "not_json_body" }, "malformed", /body_not_json/],
];
for (const [name, effect, outcome, code] of failures) {
  test(`it fails in our words, and is never asked twice: ${name}`, async () => {
    const callId = randomUUID();
    const failed = await moderateWith(effect, { callId });
    assert.ok(failed.kind === "failure");
    assert.equal(failed.outcome, outcome);
    assert.match(failed.code, code);
    assert.equal(callsOf(callId), 1);
  });
}

test("one that never answers is given up at its time limit", async () => {
  const failed = await moderateWith({ kind: "hang" }, { timeoutMs: 50 });
  assert.ok(failed.kind === "failure");
  assert.equal(failed.outcome, "timeout");
});

const unasked: readonly (readonly [provider: string, outcome: string, code: string])[] = [
  ["anthropic", "not_found", "no_moderations"],
  ["elsewhere", "unauthorized", "provider_unknown"],
];
for (const [provider, outcome, code] of unasked) {
  test(`nothing leaves to ${provider}`, async () => {
    const callId = randomUUID();
    const failed = await moderateWith(null, { provider, callId });
    assert.ok(failed.kind === "failure");
    assert.deepEqual([failed.outcome, failed.code, callsOf(callId)], [outcome, code, 0]);
  });
}

test("without a key nothing leaves", async () => {
  const providers = openProviders({});
  const call = { provider: "openai", model: "m", texts: ["x"], callId: randomUUID(), timeoutMs: 5_000 };
  const failed = await providers.moderate({ ...call, signal: new AbortController().signal });
  providers.close();
  assert.ok(failed.kind === "failure");
  assert.equal(failed.code, "api_key_missing");
});
