/** OpenAI's own SDK, unmodified, against the gateway: base URL and key are all that changes. */
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import type { Refusal } from "../../services/gateway/admission/admission.ts";
import type { Standing } from "../../services/gateway/runs/run-desk.ts";
import { calls, goodKey, openChatGateway, result, says, type Fate } from "../support/chat-gateway.ts";

const gateway = await openChatGateway();
const hasty = await openChatGateway(5);
after(() => Promise.all([gateway.close(), hasty.close()]));
beforeEach(() => {
  gateway.reset();
  hasty.reset();
});

const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: goodKey });
const question = { model: "assistant", messages: [{ role: "user" as const, content: "Good morning?" }] };
const completions = client.chat.completions;

test("a chat", async () => {
  gateway.expect(says("Good morning"));
  const asked = completions.create({ ...question, user: "u-1" });
  const { data, response, request_id: requestId } = await asked.withResponse();
  assert.equal(data.choices[0]?.message.content, "Good morning");
  assert.equal(data.choices[0].finish_reason, "stop");
  assert.deepEqual(
    [data.model, data.system_fingerprint, data.object],
    ["assistant", "0123456789abcdef", "chat.completion"],
  );
  assert.deepEqual(data.usage, { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 });
  assert.match(requestId ?? "", /^[0-9a-f-]{36}$/);
  assert.match(response.headers.get("breakwater-run-id") ?? "", /^[0-9a-f-]{36}$/);
  assert.equal(response.headers.get("breakwater-status"), "ok");
  assert.equal(response.headers.get("ratelimit"), '"requests";r=9;t=60');
  assert.deepEqual(gateway.handed, [
    {
      run: { client_id: "acme", harness: "assistant", input: { messages: question.messages } },
      idempotencyKey: undefined,
    },
  ]);
  assert.deepEqual(gateway.left, [false]);
});

test("headers say what the run is for, and a version can be named", async () => {
  gateway.expect(says("Good morning"));
  const headers = {
    "idempotency-key": "k-1",
    "breakwater-feature": "search",
    "breakwater-subject": "p-1",
    "breakwater-deadline-ms": "5000",
  };
  const begunAtMs = Date.now();
  await completions.create({ ...question, model: "assistant@0123456789abcdef" }, { headers });
  const [asked] = gateway.handed;
  assert.ok(asked !== undefined);
  assert.equal(asked.idempotencyKey, "k-1");
  const { deadline_at_ms: deadlineAtMs = 0, ...run } = asked.run;
  assert.deepEqual(run, {
    client_id: "acme",
    harness: "assistant",
    harness_version: "0123456789abcdef",
    feature: "search",
    subject_id: "p-1",
    input: { messages: question.messages },
  });
  assert.ok(deadlineAtMs >= begunAtMs + 5000);
});

test("a stream, with its usage", async () => {
  gateway.expect(says("Good morning ".repeat(100)));
  const stream = await completions.create({ ...question, stream: true, stream_options: { include_usage: true } });
  let text = "";
  let total = 0;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    total = chunk.usage?.total_tokens ?? total;
  }
  assert.deepEqual([text, total], ["Good morning ".repeat(100), 15]);
});

test("the stream helper, over keep-alives", async () => {
  const { promise, resolve } = Promise.withResolvers<Standing>();
  hasty.expect({ standing: promise });
  const stream = clientOf(hasty.url).chat.completions.stream(question);
  setTimeout(() => resolve(result({ output: { plain: "Good 😀 morning" } })), 40);
  const whole = await stream.finalChatCompletion();
  assert.equal(whole.choices[0]?.message.content, "Good 😀 morning");
});

function clientOf(url: string, more: object = {}): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: goodKey, ...more });
}

const weather = {
  type: "function" as const,
  function: {
    name: "weather",
    description: "The weather in a city",
    parameters: { type: "object", properties: { city: { type: "string" } } },
    function: ({ city }: { city: string }) => `21 degrees in ${city}`,
    parse: (text: string) => z.object({ city: z.string() }).parse(JSON.parse(text)),
  },
};

test("tools are run by the SDK's own runner, and their results go back", async () => {
  gateway.expect(calls("weather", { city: "Graz" }), says("It is warm"));
  const answer = await completions.runTools({ ...question, tools: [weather] }).finalContent();
  assert.equal(answer, "It is warm");
  const [first, second] = gateway.handed.map(({ run }) => run);
  assert.deepEqual(first?.options, {
    tools: [{ name: "weather", description: weather.function.description, parameters: weather.function.parameters }],
    tool_choice: "auto",
  });
  assert.deepEqual(second?.input["messages"], [
    ...question.messages,
    { role: "assistant", content: "", tool_calls: [{ id: "call_1", name: "weather", arguments: { city: "Graz" } }] },
    { role: "tool", content: "21 degrees in Graz", tool_call_id: "call_1" },
  ]);
});

test("calls of tools are streamed", async () => {
  gateway.expect(calls("weather", { city: "Graz ".repeat(100) }));
  const { function: offered } = weather;
  const tools = [{ type: "function" as const, function: { name: offered.name, parameters: offered.parameters } }];
  const stream = completions.stream({ ...question, tools });
  const [choice] = (await stream.finalChatCompletion()).choices;
  const [call] = choice?.message.tool_calls ?? [];
  assert.ok(call?.type === "function");
  assert.deepEqual([choice?.finish_reason, call.function.name], ["tool_calls", "weather"]);
  assert.deepEqual(JSON.parse(call.function.arguments), { city: "Graz ".repeat(100) });
});

const city = z.object({ city: z.string(), degrees: z.number() });

test("structured output, whole and streamed", async () => {
  const fate: Fate = { standing: result({ output: { plain: { city: "Graz", degrees: 21 } } }) };
  const asked = { ...question, response_format: zodResponseFormat(city, "city") };
  gateway.expect(fate, fate);
  const parsed = await completions.parse(asked);
  assert.deepEqual(parsed.choices[0]?.message.parsed, { city: "Graz", degrees: 21 });
  const streamed = await completions.stream(asked).finalChatCompletion();
  assert.deepEqual(streamed.choices[0]?.message.parsed, { city: "Graz", degrees: 21 });
  assert.deepEqual(gateway.handed[0]?.run.options?.output_schema?.["required"], ["city", "degrees"]);
});

test("models are harnesses", async () => {
  const names: string[] = [];
  for await (const { id } of client.models.list()) names.push(id);
  assert.deepEqual(names, ["assistant", "plain", "summarise"]);
  assert.equal((await client.models.retrieve("assistant@0123456789abcdef")).id, "assistant@0123456789abcdef");
  await assert.rejects(client.models.retrieve("missing"), OpenAI.NotFoundError);
});

async function errorOf(promise: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error;
    throw error;
  }
  throw new Error("there was no error");
}

const reason = { code: "injection", message: "reads like an attack", path: "/messages/0/content" };
const refusals: readonly (readonly [name: string, fate: Fate, class_: unknown, code: string])[] = [
  ["refused", { standing: result({ status: "refused", reasons: [reason] }) }, OpenAI.BadRequestError, "injection"],
  ["rejected", { standing: result({ status: "rejected" }) }, OpenAI.PermissionDeniedError, "rejected"],
  ["cancelled", { standing: result({ status: "cancelled" }) }, OpenAI.ConflictError, "cancelled"],
  ["held for review", { standing: { kind: "in_review" } }, OpenAI.ConflictError, "held_for_review"],
  [
    "failed validation",
    { standing: result({ status: "failed_validation" }) },
    OpenAI.UnprocessableEntityError,
    "failed_validation",
  ],
  ["over budget", { standing: result({ status: "over_budget" }) }, OpenAI.RateLimitError, "over_budget"],
  ["degraded", { standing: result({ status: "degraded" }) }, OpenAI.InternalServerError, "degraded"],
  ["expired", { standing: result({ status: "expired" }) }, OpenAI.InternalServerError, "expired"],
  ["still running", { standing: { kind: "running" } }, OpenAI.InternalServerError, "still_running"],
];
for (const [name, fate, class_, code] of refusals) {
  test(`a run that is ${name} is the SDK's error of that class, and never asked for again, streamed or not`, async () => {
    for (const stream of [false, true]) {
      gateway.handed.length = 0;
      gateway.expect(fate);
      const error = await errorOf(completions.create({ ...question, stream }));
      assert.equal(error.constructor, class_);
      assert.equal(error.code, code);
      assert.equal(gateway.handed.length, 1);
      assert.match(error.headers?.get("breakwater-run-id") ?? "", /^[0-9a-f-]{36}$/);
    }
  });
}

test("a run that goes on, or is held, says where to find it", async () => {
  for (const kind of ["running", "in_review"] as const) {
    gateway.expect({ standing: { kind } });
    const { headers } = await errorOf(completions.create(question));
    assert.equal(headers?.get("location"), `/v1/runs/${headers?.get("breakwater-run-id")}`);
  }
});

test("before anything is asked for: key, harness, rights, body", async () => {
  const stranger = clientOf(gateway.url, { apiKey: "stolen" });
  const asked: readonly (readonly [
    ask: () => Promise<unknown>,
    class_: unknown,
    code: string,
    param: string | null,
  ])[] = [
    [() => stranger.chat.completions.create(question), OpenAI.AuthenticationError, "unauthorized", null],
    [() => stranger.models.list(), OpenAI.AuthenticationError, "unauthorized", null],
    [() => completions.create({ ...question, model: "missing" }), OpenAI.NotFoundError, "model_not_found", "model"],
    [
      () => completions.create({ ...question, model: "secret" }),
      OpenAI.PermissionDeniedError,
      "harness_not_permitted",
      "model",
    ],
    [
      () => completions.create({ ...question, model: "summarise" }),
      OpenAI.BadRequestError,
      "harness_not_chat",
      "model",
    ],
    [
      () => completions.create({ ...question, model: "plain", temperature: 0 }),
      OpenAI.BadRequestError,
      "not_permitted",
      "temperature",
    ],
    [() => completions.create({ ...question, n: 2 }), OpenAI.BadRequestError, "invalid_request", "n"],
    [() => completions.create({ ...question, messages: [] }), OpenAI.BadRequestError, "invalid_request", "messages"],
  ];
  for (const [ask, class_, code, param] of asked) {
    const error = await errorOf(ask());
    assert.equal(error.constructor, class_, code);
    assert.deepEqual([error.code, error.param], [code, param]);
  }
  assert.deepEqual(gateway.handed, []);
});

for (const [status, code] of [
  [429, "rate_limited"],
  [503, "overloaded"],
] as const) {
  test(`the SDK asks again after ${status} of the gateway itself, as nothing was taken in`, async () => {
    const refusal: Refusal = { status, code, message: "later", retryAfterMs: 1 };
    gateway.expect({ refusal }, says("Good morning"));
    const answer = await completions.create(question);
    assert.equal(answer.choices[0]?.message.content, "Good morning");
    assert.equal(gateway.handed.length, 2);
  });
}

test("an error within a stream is thrown by it", async () => {
  const { promise, resolve } = Promise.withResolvers<Standing>();
  hasty.expect({ standing: promise });
  const stream = await clientOf(hasty.url).chat.completions.create({ ...question, stream: true });
  resolve(result({ status: "failed_validation", reasons: [reason] }));
  const error = await errorOf(
    (async () => {
      for await (const _ of stream) assert.fail("nothing of the answer may be seen");
    })(),
  );
  assert.equal(error.code, "failed_validation");
  assert.match(error.message, /reads like an attack/);
});

test("a failure that nobody foresaw is an error too, logged, and tells nothing of the inside", async () => {
  const { promise, reject } = Promise.withResolvers<Standing>();
  hasty.expect({ standing: promise });
  const stream = await clientOf(hasty.url).chat.completions.create({ ...question, stream: true });
  reject(new Error("canary of the inside"));
  const error = await errorOf(stream[Symbol.asyncIterator]().next());
  assert.equal(error.code, "internal_error");
  assert.doesNotMatch(error.message, /canary/);
  assert.match(hasty.log(), /"run_id":.*"msg":"a stream failed"/);
  assert.doesNotMatch(hasty.log(), /canary/);
});

const forever = new Promise<Standing>(() => undefined);
const gone = async (wanted: readonly boolean[]): Promise<void> => {
  while (gateway.left.length < wanted.length) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(gateway.left, wanted);
};

test("a client whose time is up has left, and asks again only if it is told to", async () => {
  gateway.expect({ standing: forever });
  const impatient = clientOf(gateway.url, { timeout: 100, maxRetries: 0 });
  await assert.rejects(impatient.chat.completions.create(question), OpenAI.APIConnectionTimeoutError);
  await gone([true]);
});

test("a client that leaves ends its run, unless it has a key to come back with", async () => {
  for (const [options, left] of [
    [{}, true],
    [{ headers: { "Idempotency-Key": "k-2" } }, false],
  ] as const) {
    gateway.left.length = 0;
    gateway.expect({ standing: forever });
    const leaving = new AbortController();
    const admitted = gateway.admitted();
    const asked = completions.create(question, { ...options, signal: leaving.signal });
    const ended = assert.rejects(asked, OpenAI.APIUserAbortError);
    await admitted;
    leaving.abort();
    await ended;
    await gone([left]);
  }
});

test("a stream that is left while it waits ends its run", async () => {
  hasty.expect({ standing: forever });
  const stream = await clientOf(hasty.url).chat.completions.create({ ...question, stream: true });
  stream.controller.abort();
  while (hasty.left.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(hasty.left, [true]);
});
