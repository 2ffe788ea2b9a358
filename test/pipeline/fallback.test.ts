/**
 * Every reason to fail over, at the HTTP edge: model-invoke with the real SDKs
 * against the stand-in, for OpenAI's, Anthropic's and Azure's layout as first
 * choice, and a server of another name as the second.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { FaultEffect, FaultRule } from "../../infra/embedded/stand-in/fault-rules.ts";
import type { ModelTier } from "../../schemas/control/harness-definition.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import type { CallFinished } from "../../schemas/records/call.ts";
import { breakerWindow } from "../../services/model-invoke/breakers/resilience.ts";
import { openProviders } from "../../services/providers/call-provider.ts";
import { definitionOf, MemoryTopics, taskOf } from "../support/model-invoke-fixtures.ts";
import { finishes, startProcess } from "../support/model-invoke-process.ts";
import { sampleTier } from "../support/sample-definition.ts";
import { startTestStandIn, type TestStandIn } from "../support/stand-in.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-fallback-"));
const providersFile = path.join(folder, "providers.json");
let standIn: TestStandIn;
let mute: net.Server;

before(async () => {
  standIn = await startTestStandIn();
  mute = net.createServer();
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
  const address = mute.address();
  const mutePort = typeof address === "object" && address !== null ? address.port : 0;
  const openai = (baseUrl: string) => ({ layout: "openai", baseUrl });
  const azure = { layout: "azure", endpoint: standIn.url, apiVersion: "2024-10-21", keysFrom: "AZURE_KEYS" };
  const others = {
    spare: openai(`${standIn.url}/spare/v1`),
    nowhere: openai("http://127.0.0.1:9/v1"),
    mute: openai(`https://127.0.0.1:${mutePort}/v1`),
  };
  writeFileSync(providersFile, JSON.stringify({ azure, ...others }));
});
after(async () => {
  await standIn.stop();
  mute.close();
  rmSync(folder, { recursive: true, force: true });
});

const document =
  "The harbour was quiet that morning, the boats lay still, and nobody was about but the old man and his dog";
const patient = { timeoutMs: 30_000, connectTimeoutMs: 20_000, firstTokenTimeoutMs: 20_000, idleTimeoutMs: 20_000 };
const spare = sampleTier({ ...patient, provider: "spare", model: "gpt-4o-mini" });

interface Scene {
  readonly tiers: readonly ModelTier[];
  readonly rules?: readonly FaultRule[];
  readonly runs?: number;
  readonly task?: Partial<AttemptTask>;
}

/** Finished calls of one process, in order, run after run. */
async function play({ tiers, rules = [], runs = 1, task = {} }: Scene): Promise<CallFinished[]> {
  await standIn.script({ rules: [...rules] });
  const topics = new MemoryTopics();
  const config = { ...standIn.environment, BREAKWATER_PROVIDERS_FILE: providersFile };
  const providers = openProviders(config, { AZURE_KEYS: "azure-key" });
  const definition = definitionOf({ models: [...tiers] });
  const { run } = startProcess(topics, [], { definition, providers });
  for (let number = 1; number <= runs; number++) {
    const messages = { plain: [{ role: "user" as const, content: document }] };
    await run(taskOf(number, { messages, ...task }));
  }
  providers.close();
  return finishes(topics);
}

function told({ provider, outcome, error }: CallFinished): string {
  return [provider, outcome, ...(outcome === "ok" || error === undefined ? [] : [error.code])].join(" ");
}

const primaries = [
  { provider: "openai", model: "gpt-4o" },
  { provider: "anthropic", model: "claude-3-5-sonnet-latest" },
  { provider: "azure", model: "gpt-4o" },
] as const;

interface Reason {
  readonly name: string;
  readonly effect: FaultEffect;
  readonly outcome: string;
  readonly tier?: Partial<ModelTier>;
}

const reasons: readonly Reason[] = [
  {
    name: "429 with a Retry-After that its time does not allow",
    effect: { kind: "status", status: 429, retryAfterSeconds: 100 },
    outcome: "rate_limited",
  },
  { name: "429 without a Retry-After", effect: { kind: "status", status: 429 }, outcome: "rate_limited" },
  { name: "500", effect: { kind: "status", status: 500 }, outcome: "server_error" },
  { name: "502", effect: { kind: "status", status: 502 }, outcome: "server_error" },
  { name: "503", effect: { kind: "status", status: 503 }, outcome: "overloaded" },
  { name: "529", effect: { kind: "status", status: 529 }, outcome: "overloaded" },
  { name: "404", effect: { kind: "status", status: 404 }, outcome: "not_found" },
  {
    name: "a stream that never begins",
    effect: { kind: "hang" },
    outcome: "timeout",
    tier: { firstTokenTimeoutMs: 60 },
  },
  {
    name: "a stall between tokens",
    effect: { kind: "stall", afterEvents: 6 },
    outcome: "timeout",
    tier: { idleTimeoutMs: 60 },
  },
  {
    name: "an answer that takes too long in all, though it never stalls",
    effect: { kind: "pace", ms: 60 },
    outcome: "timeout",
    tier: { timeoutMs: 120 },
  },
  {
    name: "an answer that is not streamed and takes too long",
    effect: { kind: "hang" },
    outcome: "timeout",
    tier: { timeoutMs: 120, stream: false },
  },
  { name: "a page of HTML", effect: { kind: "not_json_body" }, outcome: "malformed" },
  { name: "a body cut in two", effect: { kind: "cut_body" }, outcome: "malformed", tier: { stream: false } },
  { name: "an answer without a word", effect: { kind: "text", text: "" }, outcome: "malformed" },
  { name: "a stream that ends in the middle", effect: { kind: "cut_body" }, outcome: "connection" },
  { name: "a connection that is reset", effect: { kind: "reset" }, outcome: "connection" },
  { name: "an answer cut at its most tokens", effect: { kind: "cut_answer" }, outcome: "truncated" },
  { name: "an answer that the provider refuses", effect: { kind: "refusal" }, outcome: "content_refused" },
  {
    name: "a prompt that the provider's filter refuses",
    effect: { kind: "status", status: 400, code: "content_filter" },
    outcome: "content_refused",
  },
  { name: "401", effect: { kind: "status", status: 401 }, outcome: "unauthorized" },
  { name: "403", effect: { kind: "status", status: 403 }, outcome: "unauthorized" },
];

for (const { provider, model } of primaries) {
  describe(`${provider} first`, () => {
    for (const { name, effect, outcome, tier } of reasons) {
      test(`${name} is ${outcome}, and the next model answers`, async () => {
        const first = sampleTier({ ...patient, provider, model, ...tier });
        const calls = await play({ tiers: [first, spare], rules: [{ match: { provider }, effect }] });
        assert.deepEqual(
          calls.map((call) => `${call.provider} ${call.outcome}`),
          [`${provider} ${outcome}`, "spare ok"],
        );
        assert.deepEqual(
          calls.map(({ settles }) => settles),
          [false, true],
        );
      });
    }

    test("an error event in the middle of a stream is the provider's, and the next model answers", async () => {
      const effect: FaultEffect = { kind: "stream_error", afterEvents: 4 };
      const first = sampleTier({ ...patient, provider, model });
      const calls = await play({ tiers: [first, spare], rules: [{ match: { provider }, effect }] });
      const expected = provider === "anthropic" ? "overloaded" : "server_error";
      assert.deepEqual(
        calls.map((call) => `${call.provider} ${call.outcome}`),
        [`${provider} ${expected}`, "spare ok"],
      );
    });

    test("429 with a short Retry-After is waited for: the same model answers", async () => {
      const effect: FaultEffect = { kind: "status", status: 429, retryAfterSeconds: 0.05 };
      const tiers = [sampleTier({ ...patient, provider, model }), spare];
      const calls = await play({ tiers, rules: [{ match: { provider, first: 1 }, effect }] });
      assert.deepEqual(
        calls.map((call) => `${call.provider} ${call.outcome}`),
        [`${provider} rate_limited`, `${provider} ok`],
      );
    });

    test("429 with a Retry-After past the run's deadline is not waited for", async () => {
      const effect: FaultEffect = { kind: "status", status: 429, retryAfterSeconds: 25 };
      const tiers = [sampleTier({ ...patient, provider, model }), spare];
      const task = { deadline_at_ms: Date.now() + 20_000 };
      const calls = await play({ tiers, rules: [{ match: { provider }, effect }], task });
      assert.deepEqual(
        calls.map(({ outcome }) => outcome),
        ["rate_limited", "ok"],
      );
    });

    test("a 400 that every model would answer fails fast: nobody else is asked", async () => {
      const tiers = [sampleTier({ ...patient, provider, model }), spare];
      const calls = await play({ tiers, rules: [{ match: { provider }, effect: { kind: "status", status: 400 } }] });
      assert.deepEqual(
        calls.map(({ outcome, settles }) => [outcome, settles]),
        [["bad_request", true]],
      );
      assert.equal(calls[0]?.settlement?.answer, null);
    });

    test("a rejected key takes the provider's other models out too, and the next run asks it no more", async () => {
      const tiers = [
        sampleTier({ ...patient, provider, model }),
        sampleTier({ ...patient, provider, model: "gpt-4.1" }),
        spare,
      ];
      const rules: FaultRule[] = [{ match: { provider }, effect: { kind: "status", status: 401 } }];
      const calls = await play({ tiers, rules, runs: 2 });
      assert.deepEqual(
        calls.map((call) => `${call.provider} ${call.outcome}`),
        [`${provider} unauthorized`, "spare ok", "spare ok"],
      );
    });

    test("an open breaker is a reason too: the model is asked no more", async () => {
      const runs = breakerWindow.minimumNumberOfCalls + 2;
      const rules: FaultRule[] = [{ match: { provider }, effect: { kind: "status", status: 500 } }];
      const calls = await play({ tiers: [sampleTier({ ...patient, provider, model }), spare], rules, runs });
      assert.equal(calls.filter((call) => call.provider === provider).length, breakerWindow.minimumNumberOfCalls);
      assert.equal(calls.filter((call) => call.provider === "spare" && call.outcome === "ok").length, runs);
    });
  });
}

const unreachable: readonly [name: string, tier: Partial<ModelTier>, expected: string][] = [
  ["an address where nobody listens", { provider: "nowhere" }, "nowhere connection econnrefused"],
  ["a server that never says hello", { provider: "mute", connectTimeoutMs: 60 }, "mute timeout not_connected"],
  ["a provider that nobody configured", { provider: "nobody" }, "nobody unauthorized provider_unknown"],
];
for (const [name, tier, expected] of unreachable) {
  test(`${name}: the next model answers, and the vain call is in the journal`, async () => {
    const calls = await play({ tiers: [sampleTier({ ...patient, ...tier }), spare] });
    assert.deepEqual(calls.map(told), [expected, "spare ok"]);
  });
}
