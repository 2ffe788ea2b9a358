/**
 * Providers of the providers file, through the real SDKs against the stand-in:
 * Azure's layout, and servers that speak OpenAI's or Anthropic's API under
 * other names.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import type { FaultEffect } from "../../infra/embedded/stand-in/fault-rules.ts";
import { startTestStandIn, type TestStandIn } from "../../test/support/stand-in.ts";
import { openProviders, type Providers } from "./call-provider.ts";
import type { ProviderFailure, ProviderOutcome } from "./outcome.ts";

type Call = Parameters<Providers["call"]>[0];

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-azure-"));
const environment = { AZURE_KEYS: "azure-key", GROQ_KEYS: "groq-key" };
let standIn: TestStandIn;
let content: unknown;
let providers: Providers;

before(async () => {
  standIn = await startTestStandIn();
  content = {
    azure: {
      layout: "azure",
      endpoint: standIn.url,
      apiVersion: "2024-10-21",
      keysFrom: "AZURE_KEYS",
      deployments: { "gpt-4o": "house-gpt-4o" },
    },
    groq: { layout: "openai", baseUrl: `${standIn.url}/groq/v1`, keysFrom: "GROQ_KEYS" },
    "claude-eu": { layout: "anthropic", baseUrl: `${standIn.url}/claude-eu` },
  };
  providers = open(content);
});
after(async () => {
  providers.close();
  await standIn.stop();
  rmSync(folder, { recursive: true, force: true });
});

function open(entries: unknown): Providers {
  const file = path.join(folder, `${randomUUID()}.json`);
  writeFileSync(file, JSON.stringify(entries));
  return openProviders({ BREAKWATER_PROVIDERS_FILE: file }, environment);
}

const document = "The harbour was quiet that morning, and the boats lay still. A wind came up at noon.";

function callOf(more: Partial<Call> = {}): Call {
  return {
    provider: "azure",
    model: "gpt-4o",
    messages: [{ role: "user", content: document }],
    maxOutputTokens: 200,
    callId: randomUUID(),
    stream: true,
    limits: { connectMs: 20_000, firstByteMs: 20_000, idleMs: 20_000 },
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    ...more,
  };
}

async function callWith(effects: readonly FaultEffect[], call: Call): Promise<ProviderOutcome> {
  await standIn.script({ rules: effects.map((effect) => ({ match: {}, effect })) });
  // New keys for each call: what one call says of a key is not to be the next one's.
  providers.close();
  providers = open(content);
  return await providers.call(call);
}

async function failureWith(effects: readonly FaultEffect[], call: Call): Promise<ProviderFailure> {
  const outcome = await callWith(effects, call);
  assert.ok(outcome.kind === "failure", outcome.kind);
  return outcome;
}

for (const stream of [false, true]) {
  const how = stream ? "streamed" : "whole";
  for (const provider of ["azure", "groq", "claude-eu"]) {
    test(`${provider}: ${how} calls of tools come as from the first house`, async () => {
      const messages = [{ role: "user", content: "weather City: Oslo\n" }] as const;
      const parameters = { type: "object", properties: { city: { type: "string" } } };
      const tools = [{ name: "weather", parameters }];
      const outcome = await callWith([], callOf({ provider, stream, messages, tools, stop: ["END"], topP: 0.9 }));
      assert.ok(outcome.kind === "answer", JSON.stringify(outcome));
      const calls = outcome.toolCalls?.map((call) => [call.name, call.arguments]);
      assert.deepEqual(calls, [["weather", '{"city":"Oslo"}']]);
    });
  }

  test(`azure: a ${how} answer comes from the model's deployment, says which model served it, and what it used`, async () => {
    const call = callOf({ stream });
    const outcome = await callWith([], call);
    assert.ok(outcome.kind === "answer", JSON.stringify(outcome));
    assert.ok(document.startsWith(outcome.text) && outcome.text !== "");
    assert.equal(outcome.servedModel, "gpt-4o");
    assert.equal(outcome.usage?.output_tokens, Math.ceil(outcome.text.length / 4));
    const served = standIn.calls().find(({ call_id }) => call_id === call.callId);
    assert.deepEqual([served?.provider, served?.model, served?.status], ["azure", "gpt-4o", 200]);
  });

  test(`azure: a ${how} answer that its filter cut is content_refused`, async () => {
    const failure = await failureWith([{ kind: "refusal" }], callOf({ stream }));
    assert.deepEqual([failure.outcome, failure.code], ["content_refused", "content_filter"]);
  });

  test(`azure: a ${how} JSON answer keeps its contract`, async () => {
    const jsonSchema = { type: "object", required: ["total"], properties: { total: { type: "number" } } } as const;
    const messages = [{ role: "user", content: "Total: 90.50\n" }] as const;
    const outcome = await callWith([], callOf({ stream, messages, jsonSchema }));
    assert.ok(outcome.kind === "answer");
    assert.deepEqual(JSON.parse(outcome.text), { total: 90.5 });
  });
}

const failures: readonly [name: string, effect: FaultEffect, expected: Partial<ProviderFailure>][] = [
  [
    "a prompt that its filter refuses",
    { kind: "status", status: 400, code: "content_filter" },
    { outcome: "content_refused", code: "content_filter", status: 400 },
  ],
  ["a bad request", { kind: "status", status: 400 }, { outcome: "bad_request", status: 400 }],
  ["a rejected key", { kind: "status", status: 401 }, { outcome: "unauthorized", code: "401" }],
  ["no such deployment", { kind: "status", status: 404 }, { outcome: "not_found", status: 404 }],
  [
    "a limit that is used up",
    { kind: "status", status: 429, retryAfterSeconds: 2 },
    { outcome: "rate_limited", code: "429", retryAfterMs: 2000 },
  ],
  ["an error of its own", { kind: "status", status: 500 }, { outcome: "server_error", code: "500" }],
  ["a stall", { kind: "stall", afterEvents: 3 }, { outcome: "timeout", code: "stalled" }],
  ["a connection that is reset", { kind: "reset" }, { outcome: "connection" }],
  ["a stream that ends in the middle", { kind: "cut_body" }, { outcome: "connection", code: "stream_cut" }],
];
for (const [name, effect, expected] of failures) {
  test(`azure: ${name} is ${expected.outcome}`, async () => {
    const limits = { connectMs: 20_000, firstByteMs: 20_000, idleMs: effect.kind === "stall" ? 60 : 20_000 };
    const failure = await failureWith([effect], callOf({ limits }));
    for (const [field, value] of Object.entries(expected))
      assert.equal(new Map(Object.entries(failure)).get(field), value);
  });
}

test("azure: a model that is not named is deployed under its own name", async () => {
  const outcome = await callWith([], callOf({ model: "gpt-4o-mini" }));
  assert.ok(outcome.kind === "answer");
  assert.equal(outcome.servedModel, "gpt-4o-mini");
});

test("servers that speak OpenAI's or Anthropic's API are called under their own names, with their own keys", async () => {
  await standIn.script({ rules: [{ match: { key: "groq-key" }, effect: { kind: "text", text: "by groq" } }] });
  const groq = await providers.call(callOf({ provider: "groq", model: "llama-3.3-70b" }));
  assert.ok(groq.kind === "answer");
  assert.equal(groq.text, "by groq");
  const claude = await providers.call(callOf({ provider: "claude-eu", model: "claude-3-5-sonnet-latest" }));
  assert.equal(claude.kind, "answer");
  const names = standIn
    .calls()
    .slice(-2)
    .map(({ provider, model }) => `${provider} ${model}`);
  assert.deepEqual(names, ["groq llama-3.3-70b", "claude-eu claude-3-5-sonnet-latest"]);
});

test("a provider that nobody configured is unauthorized, and nothing leaves", async () => {
  const before = standIn.calls().length;
  const failure = await failureWith([], callOf({ provider: "nobody" }));
  assert.deepEqual(failure, { kind: "failure", outcome: "unauthorized", code: "provider_unknown", usage: null });
  assert.equal(standIn.calls().length, before);
});

/** A server that notes what it was asked and answers every time the same. */
async function withServer(
  answer: { readonly status: number; readonly body: unknown },
  use: (baseUrl: string, asked: Record<string, unknown>[]) => Promise<void>,
): Promise<void> {
  const asked: Record<string, unknown>[] = [];
  const server = http.createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => void (text += String(chunk)));
    request.on("end", () => {
      asked.push(JSON.parse(text));
      response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    await use(`http://127.0.0.1:${port}/v1`, asked);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const completion = { model: "m", choices: [{ finish_reason: "stop", message: { content: "{}" } }] };

test("what a server does not take is not sent to it", async () => {
  await withServer({ status: 200, body: completion }, async (baseUrl, asked) => {
    const layout = "openai";
    const plain = { layout, baseUrl, structuredOutput: "none", streamUsage: false };
    const object = { layout, baseUrl, structuredOutput: "json_object", maxTokensField: "max_completion_tokens" };
    const own = open({ usual: { layout, baseUrl }, plain, object });
    for (const provider of ["usual", "plain", "object"])
      await own.call(callOf({ provider, jsonSchema: { type: "object" } }));
    own.close();
    const fields = asked.map((body) => Object.keys(body).filter((name) => !["model", "messages"].includes(name)));
    assert.deepEqual(fields, [
      ["max_tokens", "stream", "stream_options", "response_format"],
      ["max_tokens", "stream"],
      ["max_completion_tokens", "stream", "stream_options", "response_format"],
    ]);
    assert.deepEqual(asked[2]?.["response_format"], { type: "json_object" });
  });
});

test("an error's code that is a number becomes a word: the journal takes nothing else", async () => {
  await withServer({ status: 429, body: { error: { code: 429, type: 7, message: "slow down" } } }, async (baseUrl) => {
    const own = open({ router: { layout: "openai", baseUrl } });
    const outcome = await own.call(callOf({ provider: "router" }));
    own.close();
    assert.ok(outcome.kind === "failure");
    assert.deepEqual([outcome.outcome, outcome.code], ["rate_limited", "429"]);
  });
});
