/** Breakers of keys through the real SDK: one key, all keys, and what is told to others of them. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, mock, test } from "node:test";
import { startTestStandIn, type TestStandIn } from "../../../test/support/stand-in.ts";
import { openProviders, type Providers } from "../call-provider.ts";
import type { KeyChange } from "./key-breakers.ts";
import { rejectedMs } from "./key-pool.ts";

let standIn: TestStandIn;
before(async () => void (standIn = await startTestStandIn()));
after(() => standIn.stop());

const target = { provider: "openai", model: "gpt-4o" };

function open(keys: string): { readonly providers: Providers; readonly changes: KeyChange[] } {
  const providers = openProviders({ ...standIn.environment, OPENAI_API_KEY: keys });
  const changes: KeyChange[] = [];
  providers.keys.onChange((change) => changes.push(change));
  return { providers, changes };
}

async function call({ call: ask }: Pick<Providers, "call">): Promise<string> {
  const outcome = await ask({
    ...target,
    messages: [{ role: "user", content: "The harbour was quiet that morning." }],
    maxOutputTokens: 50,
    callId: randomUUID(),
    stream: false,
    limits: { connectMs: 20_000, firstByteMs: 20_000, idleMs: 20_000 },
    timeoutMs: 20_000,
    signal: new AbortController().signal,
  });
  return outcome.kind === "answer" ? "answer" : outcome.code;
}

async function reject(...keys: readonly string[]): Promise<void> {
  await standIn.script({ rules: keys.map((key) => ({ match: { key }, effect: { kind: "status", status: 401 } })) });
}

const secrets = ["sk-a-secret-of-ours", "sk-another-secret"] as const;

test("a key that is rejected is told by fingerprint and place, and the provider goes on with the other", async () => {
  await reject(secrets[0]);
  const { providers, changes } = open(secrets.join(","));
  assert.deepEqual(
    [await call(providers), await call(providers), await call(providers)],
    ["invalid_api_key", "answer", "answer"],
  );
  const [change, ...none] = changes;
  assert.equal(none.length, 0);
  assert.match(change?.fingerprint ?? "", /^[0-9a-f]{8}$/);
  assert.deepEqual([change?.position, change?.model, change?.trouble?.kind], [1, "*", "rejected"]);
  assert.doesNotMatch(JSON.stringify(changes), /secret/);
  assert.equal(providers.keys.isOut(target), false);
  providers.close();
});

test("a key over its own limit is left alone for that model, and the other goes on", async () => {
  const effect = { kind: "status", status: 429, retryAfterSeconds: 30 } as const;
  await standIn.script({ rules: [{ match: { key: secrets[0] }, effect }] });
  const { providers, changes } = open(secrets.join(","));
  assert.deepEqual(
    [await call(providers), await call(providers), await call(providers)],
    ["rate_limit_exceeded", "answer", "answer"],
  );
  assert.deepEqual([changes[0]?.model, changes[0]?.trouble?.kind, changes.length], ["gpt-4o", "limited", 1]);
  providers.close();
});

test("when all are rejected the provider is out and nothing leaves, until a probe finds a key that works again", async () => {
  await reject(...secrets);
  const { providers } = open(secrets.join(","));
  await call(providers);
  await call(providers);
  assert.equal(providers.keys.isOut(target), true);
  const calls = standIn.calls().length;
  assert.equal(await call(providers), "keys_rejected");
  assert.equal(standIn.calls().length, calls);
  assert.deepEqual(
    providers.keys.states().map(({ state }) => state),
    ["open", "open"],
  );
  await reject();
  mock.timers.enable({ apis: ["Date"], now: Date.now() + rejectedMs });
  assert.equal(providers.keys.isOut(target), false);
  assert.equal(await call(providers), "answer");
  mock.timers.reset();
  assert.equal(providers.keys.states().length, 1);
  providers.close();
});

test("what one process saw of a key the next one knows, whatever the key's place in its list", async () => {
  await reject(secrets[1]);
  const first = open(secrets[1]);
  assert.equal(await call(first.providers), "invalid_api_key");
  const second = open(secrets.join(","));
  for (const change of first.changes) second.providers.keys.learn(change);
  assert.deepEqual([await call(second.providers), await call(second.providers)], ["answer", "answer"]);
  assert.deepEqual(
    second.providers.keys.states().map(({ position }) => position),
    [2],
  );
  second.providers.keys.learn({ ...target, fingerprint: "00000000", trouble: null });
  first.providers.close();
  second.providers.close();
});

test("one that is not configured has no key to be out", () => {
  const { providers } = open("");
  assert.equal(providers.keys.isOut({ provider: "nobody", model: "m" }), false);
  providers.close();
});
