import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import type { FaultEffect } from "../../infra/embedded/stand-in/fault-rules.ts";
import { startTestStandIn, type TestStandIn } from "../../test/support/stand-in.ts";
import { openProviders, type Providers } from "./call-provider.ts";
import type { ProviderCall } from "./provider-call.ts";
import type { ProviderOutcome } from "./outcome.ts";

type Call = Parameters<Providers["call"]>[0];

let standIn: TestStandIn;
let providers: Providers;

before(async () => {
  standIn = await startTestStandIn();
  providers = openProviders(standIn.environment);
});
after(async () => {
  providers.close();
  await standIn.stop();
});

const models = { openai: "gpt-4o", anthropic: "claude-3-5-sonnet-latest" } as const;
const names = ["openai", "anthropic"] as const;
const document =
  "The harbour was quiet that morning, and the boats lay still. A wind came up at noon from the north-west.";
const invoiceSchema: ProviderCall["jsonSchema"] = {
  type: "object",
  additionalProperties: false,
  required: ["invoice_number", "total"],
  properties: { invoice_number: { type: "string" }, total: { type: "number", minimum: 0 } },
};

function callOf(provider: (typeof names)[number], more: Partial<Call> = {}): Call {
  return {
    provider,
    model: models[provider],
    messages: [
      { role: "system", content: "Summarise the document." },
      { role: "user", content: document },
    ],
    maxOutputTokens: 200,
    callId: randomUUID(),
    stream: false,
    limits: { connectMs: 20_000, firstByteMs: 20_000, idleMs: 20_000 },
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    ...more,
  };
}

async function callWith(effect: FaultEffect | null, call: Call): Promise<ProviderOutcome> {
  await standIn.script({ rules: effect === null ? [] : [{ match: {}, effect }] });
  // New keys for each call: what one call says of a key is not to be the next one's.
  providers.close();
  providers = openProviders(standIn.environment);
  return providers.call(call);
}

/** What is compared: everything that does not differ from call to call. */
function comparable(outcome: ProviderOutcome): Record<string, unknown> {
  const { providerRequestId: _id, ...rest } = outcome;
  return Object.fromEntries(Object.entries(rest).filter(([name]) => name !== "firstTokenMs"));
}

for (const provider of names) {
  test(`${provider} answers a plain prompt with text, the model that served it and usage in disjoint buckets`, async () => {
    const outcome = await callWith(null, callOf(provider));
    assert.equal(outcome.kind, "answer");
    assert.match(outcome.providerRequestId ?? "", /^req_/);
    assert.deepEqual(comparable(outcome), {
      kind: "answer",
      text: document,
      finishReason: provider === "openai" ? "stop" : "end_turn",
      servedModel: models[provider],
      usage: {
        input_tokens: Math.ceil((document.length + "Summarise the document.\n".length) / 4),
        cached_input_tokens: 0,
        cache_write_tokens: 0,
        output_tokens: Math.ceil(document.length / 4),
        reasoning_tokens: 0,
      },
    });
  });

  test(`${provider} carries cached, written and reasoning tokens each in its own bucket`, async () => {
    const effect = { kind: "usage", cachedInputTokens: 5, cacheWriteTokens: 3, reasoningTokens: 11 } as const;
    const outcome = await callWith(effect, callOf(provider));
    assert.equal(outcome.kind, "answer");
    const total = Math.ceil((document.length + "Summarise the document.\n".length) / 4);
    assert.deepEqual(outcome.usage, {
      input_tokens: total - 8,
      cached_input_tokens: 5,
      cache_write_tokens: 3,
      output_tokens: Math.ceil(document.length / 4),
      reasoning_tokens: 11,
    });
  });

  test(`${provider} gives an answer cut at its limit as an answer that says so`, async () => {
    const outcome = await callWith(null, callOf(provider, { maxOutputTokens: 5 }));
    assert.equal(outcome.kind, "answer");
    assert.equal(outcome.text, document.slice(0, 20));
    assert.equal(outcome.finishReason, provider === "openai" ? "length" : "max_tokens");
  });

  test(`${provider} answers a JSON schema with JSON`, async () => {
    const messages = [{ role: "user", content: "Invoice number: A-17\nTotal: 90.50\n" }] as const;
    const outcome = await callWith(null, callOf(provider, { messages, jsonSchema: invoiceSchema }));
    assert.equal(outcome.kind, "answer");
    assert.deepEqual(JSON.parse(outcome.text), { invoice_number: "A-17", total: 90.5 });
  });

  test(`${provider} reports usage that does not add up as unknown, with the reason`, async () => {
    const wrong = await callWith({ kind: "usage", fault: "wrong_total" }, callOf(provider));
    assert.equal(wrong.kind, "answer");
    assert.equal(wrong.usage, null);
    assert.equal(wrong.usageCode, "usage_mismatch");
    const absent = await callWith({ kind: "usage", fault: "absent" }, callOf(provider));
    assert.equal(absent.kind, "answer");
    assert.equal(absent.usageCode, "usage_missing");
  });

  test(`${provider} is called once, with our call id, whatever happens`, async () => {
    for (const status of [429, 500, 503] as const) {
      const call = callOf(provider);
      await callWith({ kind: "status", status }, call);
      assert.equal(standIn.calls().filter(({ call_id }) => call_id === call.callId).length, 1);
    }
  });

  test(`${provider} out of time is a timeout, and a cancelled call is cancelled`, async () => {
    const late = await callWith({ kind: "hang" }, callOf(provider, { timeoutMs: 50 }));
    assert.deepEqual(comparable(late), { kind: "failure", outcome: "timeout", code: "timeout", usage: null });
    const leaving = new AbortController();
    const waiting = callWith({ kind: "hang" }, callOf(provider, { signal: leaving.signal }));
    setTimeout(() => leaving.abort(), 50);
    assert.deepEqual(comparable(await waiting), {
      kind: "failure",
      outcome: "cancelled",
      code: "cancelled",
      usage: null,
    });
    const gone = await callWith(null, callOf(provider, { signal: AbortSignal.abort() }));
    assert.equal(gone.kind === "failure" && gone.outcome, "cancelled");
  });

  test(`${provider} with a full prompt window says bad_request`, async () => {
    const messages = [{ role: "user", content: "word ".repeat(340_000) }] as const;
    const outcome = await callWith(null, callOf(provider, { messages }));
    assert.equal(outcome.kind === "failure" && outcome.outcome, "bad_request");
    assert.equal(outcome.kind === "failure" && outcome.status, 400);
  });
}

interface Failing {
  readonly name: string;
  readonly effect: FaultEffect;
  readonly outcome: string;
  readonly codes: { readonly openai: string; readonly anthropic: string };
  readonly more?: Record<string, unknown>;
}

const both = (code: string) => ({ openai: code, anthropic: code });
const failing: readonly Failing[] = [
  {
    name: "429 with Retry-After in seconds",
    effect: { kind: "status", status: 429, retryAfterSeconds: 7 },
    outcome: "rate_limited",
    codes: { openai: "rate_limit_exceeded", anthropic: "rate_limit_error" },
    more: { status: 429, retryAfterMs: 7000 },
  },
  {
    name: "429 for a quota that is used up keeps the provider's code",
    effect: { kind: "status", status: 429, code: "insufficient_quota" },
    outcome: "rate_limited",
    codes: both("insufficient_quota"),
    more: { status: 429 },
  },
  {
    name: "500",
    effect: { kind: "status", status: 500 },
    outcome: "server_error",
    codes: { openai: "server_error", anthropic: "api_error" },
    more: { status: 500 },
  },
  {
    name: "503",
    effect: { kind: "status", status: 503 },
    outcome: "overloaded",
    codes: { openai: "server_error", anthropic: "api_error" },
    more: { status: 503 },
  },
  {
    name: "529",
    effect: { kind: "status", status: 529 },
    outcome: "overloaded",
    codes: { openai: "server_error", anthropic: "overloaded_error" },
    more: { status: 529 },
  },
  {
    name: "504",
    effect: { kind: "status", status: 504 },
    outcome: "timeout",
    codes: { openai: "server_error", anthropic: "timeout_error" },
    more: { status: 504 },
  },
  {
    name: "401",
    effect: { kind: "status", status: 401 },
    outcome: "unauthorized",
    codes: { openai: "invalid_api_key", anthropic: "authentication_error" },
    more: { status: 401 },
  },
  {
    name: "403",
    effect: { kind: "status", status: 403 },
    outcome: "unauthorized",
    codes: { openai: "unsupported_country_region_territory", anthropic: "permission_error" },
    more: { status: 403 },
  },
  {
    name: "404",
    effect: { kind: "status", status: 404 },
    outcome: "not_found",
    codes: { openai: "model_not_found", anthropic: "not_found_error" },
    more: { status: 404 },
  },
  {
    name: "400",
    effect: { kind: "status", status: 400 },
    outcome: "bad_request",
    codes: both("invalid_request_error"),
    more: { status: 400 },
  },
  {
    name: "a connection reset after the headers",
    effect: { kind: "reset" },
    outcome: "connection",
    codes: both("response_cut"),
  },
  {
    name: "a body that ends halfway",
    effect: { kind: "cut_body" },
    outcome: "malformed",
    codes: both("body_not_json"),
  },
  {
    name: "a page of HTML",
    effect: { kind: "not_json_body" },
    outcome: "malformed",
    codes: { openai: "body_not_json", anthropic: "body_not_json" },
  },
];

for (const provider of names) {
  for (const { name, effect, outcome, codes, more } of failing) {
    test(`${provider}: ${name} is ${outcome}`, async () => {
      const seen = await callWith(effect, callOf(provider));
      assert.deepEqual(comparable(seen), { kind: "failure", outcome, code: codes[provider], usage: null, ...more });
    });
  }

  test(`${provider}: Retry-After as a date becomes milliseconds from now`, async () => {
    const seen = await callWith(
      { kind: "status", status: 429, retryAfterSeconds: 60, retryAfterAsDate: true },
      callOf(provider),
    );
    assert.equal(seen.kind, "failure");
    assert.ok((seen.retryAfterMs ?? 0) > 30_000 && (seen.retryAfterMs ?? 0) <= 60_000);
  });

  test(`${provider}: a refusal by the model is content_refused, and its tokens are counted`, async () => {
    const seen = await callWith({ kind: "refusal" }, callOf(provider));
    assert.equal(seen.kind, "failure");
    assert.equal(seen.outcome, "content_refused");
    assert.equal(seen.code, "refusal");
    assert.equal(seen.usage?.output_tokens, 0);
    assert.ok((seen.usage?.input_tokens ?? 0) > 0);
  });

  test(`${provider}: an empty answer is malformed, and its tokens are counted`, async () => {
    const seen = await callWith({ kind: "text", text: "" }, callOf(provider));
    assert.equal(seen.kind, "failure");
    assert.equal(seen.outcome, "malformed");
    assert.equal(seen.code, "answer_empty");
    assert.ok((seen.usage?.input_tokens ?? 0) > 0);
  });
}

test("a dead address is a connection failure with the network's own code", async () => {
  const nowhere = openProviders({ OPENAI_BASE_URL: "http://127.0.0.1:9/v1", ANTHROPIC_BASE_URL: "http://127.0.0.1:9" });
  for (const provider of names) {
    const seen = await nowhere.call(callOf(provider));
    assert.deepEqual(seen, { kind: "failure", outcome: "connection", code: "econnrefused", usage: null });
  }
  nowhere.close();
});

test("a provider without key and without base URL is unauthorized, and nothing leaves", async () => {
  const before = standIn.calls().length;
  const unset = openProviders({});
  for (const provider of names) {
    const seen = await unset.call(callOf(provider));
    assert.deepEqual(seen, { kind: "failure", outcome: "unauthorized", code: "api_key_missing", usage: null });
  }
  assert.equal(standIn.calls().length, before);
});

test("each model family is asked for JSON in the way it knows", async () => {
  const asked = async (provider: (typeof names)[number], model: string): Promise<string> => {
    const outcome = await callWith(null, callOf(provider, { model, jsonSchema: invoiceSchema }));
    return outcome.kind === "answer" ? `${outcome.finishReason} ${typeof JSON.parse(outcome.text)}` : outcome.code;
  };
  assert.equal(await asked("anthropic", "claude-3-5-sonnet-latest"), "tool_use object");
  assert.equal(await asked("anthropic", "claude-sonnet-4-5"), "end_turn object");
  assert.equal(await asked("openai", "gpt-4o-mini"), "stop object");
});

test("nothing is written to the console, whatever an SDK has to say about a model", async (context) => {
  const spoken = (["log", "info", "warn", "error"] as const).map((name) => context.mock.method(console, name));
  await callWith(null, callOf("anthropic", { model: "claude-sonnet-4-5" }));
  await callWith({ kind: "status", status: 500 }, callOf("openai"));
  assert.deepEqual(
    spoken.map(({ mock }) => mock.callCount()),
    [0, 0, 0, 0],
  );
});

test("a signal that outlives its calls keeps no listener of theirs", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    listeners += 1;
    add(...given);
  };
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...given);
  };
  for (const provider of names) await callWith(null, callOf(provider, { signal }));
  assert.equal(listeners, 0);
});

for (const provider of names) {
  test(`${provider}: of two keys the one in order goes on, and the call that met the other says so`, async () => {
    const keys = { OPENAI_API_KEY: "first, second", ANTHROPIC_API_KEY: "first,second" };
    const pooled = openProviders({ ...standIn.environment, ...keys });
    await standIn.script({ rules: [{ match: { key: "first" }, effect: { kind: "status", status: 401 } }] });
    const [met, ...others] = [
      await pooled.call(callOf(provider)),
      await pooled.call(callOf(provider)),
      await pooled.call(callOf(provider)),
    ];
    assert.ok(met?.kind === "failure" && met.outcome === "unauthorized" && met.otherKey === true);
    assert.deepEqual(
      others.map(({ kind }) => kind),
      ["answer", "answer"],
    );
    pooled.close();
  });
}
