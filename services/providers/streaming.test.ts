/**
 * Streamed calls through the real SDKs against the stand-in: the same outcome
 * as a whole answer, and every way in which a stream can end badly seen early
 * and called by its name.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import net from "node:net";
import { test } from "node:test";
import type { FaultEffect } from "../../infra/embedded/stand-in/fault-rules.ts";
import { providedByStandIn } from "../../test/support/provided-by-stand-in.ts";
import { openProviders, type Providers } from "./call-provider.ts";
import type { ProviderOutcome } from "./outcome.ts";

type Call = Parameters<Providers["call"]>[0];

const { standIn, providers } = await providedByStandIn();

const names = ["openai", "anthropic"] as const;
const models = { openai: "gpt-4o", anthropic: "claude-3-5-sonnet-latest" } as const;
const patient = { connectMs: 20_000, firstByteMs: 20_000, idleMs: 20_000 } as const;
const document =
  "The harbour was quiet that morning, and the boats lay still. A wind came up at noon from the north-west. " +
  "The nets were dry by then, and the men went out again.";
const schema = {
  type: "object",
  additionalProperties: false,
  required: ["total"],
  properties: { total: { type: "number" } },
} as const;

function callOf(provider: (typeof names)[number], more: Partial<Call> = {}): Call {
  return {
    provider,
    model: models[provider],
    messages: [{ role: "user", content: document }],
    maxOutputTokens: 200,
    callId: randomUUID(),
    stream: true,
    limits: patient,
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    ...more,
  };
}

async function callWith(effects: readonly FaultEffect[], call: Call): Promise<ProviderOutcome> {
  await standIn.script({ rules: effects.map((effect) => ({ match: {}, effect })) });
  return await providers.call(call);
}

function comparable(outcome: ProviderOutcome): Record<string, unknown> {
  const { providerRequestId: _id, ...rest } = outcome;
  return Object.fromEntries(Object.entries(rest).filter(([name]) => name !== "firstTokenMs"));
}

interface Ending {
  readonly name: string;
  readonly effects: readonly FaultEffect[];
  readonly limits?: Partial<Call["limits"]>;
  readonly outcome: string;
  readonly code?: string;
}

const endings: readonly Ending[] = [
  {
    name: "stalls in the middle",
    effects: [{ kind: "stall", afterEvents: 5 }],
    limits: { idleMs: 60 },
    outcome: "timeout",
    code: "stalled",
  },
  {
    name: "never begins",
    effects: [{ kind: "stall", afterEvents: 0 }],
    limits: { firstByteMs: 60 },
    outcome: "timeout",
    code: "no_first_byte",
  },
  {
    name: "answers no byte at all",
    effects: [{ kind: "hang" }],
    limits: { firstByteMs: 60 },
    outcome: "timeout",
    code: "no_first_byte",
  },
  { name: "is reset in the middle", effects: [{ kind: "reset" }], outcome: "connection" },
  { name: "ends in the middle", effects: [{ kind: "cut_body" }], outcome: "connection", code: "stream_cut" },
  { name: "is refused by status", effects: [{ kind: "status", status: 429 }], outcome: "rate_limited" },
  { name: "is a page of HTML", effects: [{ kind: "not_json_body" }], outcome: "malformed", code: "body_not_json" },
  { name: "is a refusal", effects: [{ kind: "refusal" }], outcome: "content_refused" },
];

for (const provider of names) {
  test(`${provider}: a streamed answer is the whole answer, usage included, and says when its first token came`, async () => {
    const whole = await callWith([], callOf(provider, { stream: false }));
    const streamed = await callWith([{ kind: "latency", ms: 30 }], callOf(provider));
    assert.deepEqual(comparable(streamed), comparable(whole));
    assert.ok(streamed.kind === "answer" && (streamed.firstTokenMs ?? 0) >= 30);
    assert.notEqual(streamed.usage, null);
  });

  test(`${provider}: a streamed JSON answer keeps its contract`, async () => {
    const messages = [{ role: "user", content: "Total: 90.50\n" }] as const;
    const outcome = await callWith([], callOf(provider, { messages, jsonSchema: schema }));
    assert.ok(outcome.kind === "answer");
    assert.deepEqual(JSON.parse(outcome.text), { total: 90.5 });
  });

  test(`${provider}: an answer cut at its limit says so`, async () => {
    const outcome = await callWith([], callOf(provider, { maxOutputTokens: 5 }));
    assert.ok(outcome.kind === "answer");
    assert.equal(outcome.finishReason, provider === "openai" ? "length" : "max_tokens");
  });

  test(`${provider}: a slow stream that keeps coming is no stall`, async () => {
    const call = callOf(provider, { limits: { ...patient, idleMs: 2000 } });
    const outcome = await callWith([{ kind: "pace", ms: 20 }], call);
    assert.equal(outcome.kind, "answer");
  });

  for (const { name, effects, limits, outcome, code } of endings) {
    test(`${provider}: a stream that ${name} is ${outcome}${code === undefined ? "" : `, ${code}`}`, async () => {
      const ended = await callWith(effects, callOf(provider, { limits: { ...patient, ...limits } }));
      assert.ok(ended.kind === "failure");
      assert.deepEqual([ended.outcome, code ?? ended.code], [outcome, ended.code]);
    });
  }

  test(`${provider}: an error in the middle of a stream is the provider's, and says what had come`, async () => {
    const ended = await callWith([{ kind: "stream_error", afterEvents: 4 }], callOf(provider));
    assert.ok(ended.kind === "failure");
    assert.equal(ended.outcome, provider === "openai" ? "server_error" : "overloaded");
    assert.deepEqual([ended.usage, (ended.streamedTokens ?? 0) > 0], [null, true]);
  });

  for (const [name, effects, limits] of [
    ["that stalls", [{ kind: "stall", afterEvents: 6 }], { idleMs: 60 }],
    ["that ends early", [{ kind: "cut_body" }], {}],
  ] as const) {
    test(`${provider}: of a stream ${name}, what had come is counted`, async () => {
      const whole = await callWith([], callOf(provider));
      const ended = await callWith(effects, callOf(provider, { limits: { ...patient, ...limits } }));
      const most = Math.ceil(1.3 * (whole.usage?.output_tokens ?? 0));
      assert.ok(ended.kind === "failure" && ended.usage === null);
      assert.ok((ended.streamedTokens ?? 0) > 0 && (ended.streamedTokens ?? 0) < most, String(ended.streamedTokens));
    });
  }

  test(`${provider}: of a stream that we leave, what had come is counted`, async () => {
    // Left too early on a busy machine, nothing has come yet.
    for (let afterMs = 150; ; afterMs *= 3) {
      const left = AbortSignal.timeout(afterMs);
      const ended = await callWith([{ kind: "stall", afterEvents: 6 }], callOf(provider, { signal: left }));
      assert.ok(ended.kind === "failure" && ended.outcome === "cancelled");
      if ((ended.streamedTokens ?? 0) > 0) break;
      assert.ok(afterMs < 10_000, "nothing was counted");
    }
  });

  test(`${provider}: of a stream that never began, nothing is`, async () => {
    const stalled = callOf(provider, { limits: { ...patient, firstByteMs: 60 } });
    const ended = await callWith([{ kind: "stall", afterEvents: 0 }], stalled);
    assert.ok(ended.kind === "failure" && ended.streamedTokens === undefined);
  });
}

test("a server that takes the connection and never says hello is given up at the connect limit", async () => {
  const mute = net.createServer();
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
  const address = mute.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const secure = openProviders({ OPENAI_BASE_URL: `https://127.0.0.1:${port}/v1` });
  const outcome = await secure.call(callOf("openai", { limits: { ...patient, connectMs: 50 } }));
  assert.deepEqual(comparable(outcome), { kind: "failure", outcome: "timeout", code: "not_connected", usage: null });
  secure.close();
  mute.close();
});
