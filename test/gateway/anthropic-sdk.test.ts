/** Anthropic's own SDK, unmodified, against the gateway: base URL and key are all that changes. */
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
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

function clientOf(baseURL: string, more: object = {}): Anthropic {
  return new Anthropic({ baseURL, apiKey: goodKey, ...more });
}
const client = clientOf(gateway.url);
const { messages } = client;
const question = {
  model: "assistant",
  max_tokens: 64,
  messages: [{ role: "user" as const, content: "Good morning?" }],
};

test("a message", async () => {
  gateway.expect(says("Good morning"));
  const asked = messages.create({ ...question, metadata: { user_id: "u-1" }, system: "Be brief" });
  const { data, response, request_id: requestId } = await asked.withResponse();
  assert.deepEqual(data.content, [{ type: "text", text: "Good morning", citations: null }]);
  assert.deepEqual([data.model, data.role, data.stop_reason], ["assistant", "assistant", "end_turn"]);
  assert.deepEqual([data.usage.input_tokens, data.usage.output_tokens], [12, 3]);
  assert.match(requestId ?? "", /^[0-9a-f-]{36}$/);
  assert.match(response.headers.get("breakwater-run-id") ?? "", /^[0-9a-f-]{36}$/);
  assert.deepEqual(gateway.handed[0]?.run, {
    client_id: "acme",
    harness: "assistant",
    input: { messages: [{ role: "system", content: "Be brief" }, ...question.messages] },
    options: { max_output_tokens: 64 },
  });
});

test("a key as a bearer's token opens too", async () => {
  gateway.expect(says("Good morning"));
  const bearer = new Anthropic({ baseURL: gateway.url, apiKey: null, authToken: goodKey });
  assert.equal((await bearer.messages.create(question)).role, "assistant");
});

test("a stream of events", async () => {
  gateway.expect(says("Good morning ".repeat(100)));
  let text = "";
  for await (const event of await messages.create({ ...question, stream: true }))
    if (event.type === "content_block_delta" && event.delta.type === "text_delta") text += event.delta.text;
  assert.equal(text, "Good morning ".repeat(100));
});

test("the stream helper, over keep-alives", async () => {
  const { promise, resolve } = Promise.withResolvers<Standing>();
  hasty.expect({ standing: promise });
  const stream = clientOf(hasty.url).messages.stream(question);
  setTimeout(() => resolve(result({ output: { plain: "Good 😀 morning" } })), 40);
  assert.equal(await stream.finalText(), "Good 😀 morning");
  const { usage, stop_reason: stopReason } = await stream.finalMessage();
  assert.deepEqual([usage.input_tokens, usage.output_tokens, stopReason], [12, 3, "end_turn"]);
});

const cityInput = z.object({ city: z.string() });

test("tools are run by the SDK's own runner, and their results go back", async () => {
  gateway.expect(calls("weather", { city: "Graz" }), says("It is warm"));
  const weather = betaZodTool({
    name: "weather",
    description: "The weather in a city",
    inputSchema: cityInput,
    run: ({ city }) => `21 degrees in ${city}`,
  });
  const final = await client.beta.messages.toolRunner({ ...question, tools: [weather] });
  assert.deepEqual(
    final.content.map((block) => (block.type === "text" ? block.text : block.type)),
    ["It is warm"],
  );
  const [first, second] = gateway.handed.map(({ run }) => run);
  assert.equal(first?.options?.tools?.[0]?.name, "weather");
  assert.deepEqual(second?.input["messages"], [
    ...question.messages,
    { role: "assistant", content: "", tool_calls: [{ id: "call_1", name: "weather", arguments: { city: "Graz" } }] },
    { role: "tool", content: "21 degrees in Graz", tool_call_id: "call_1" },
  ]);
});

test("calls of tools are streamed", async () => {
  gateway.expect(calls("weather", { city: "Graz ".repeat(100) }));
  const tools = [{ name: "weather", input_schema: { type: "object" as const } }];
  const { content, stop_reason: stopReason } = await messages.stream({ ...question, tools }).finalMessage();
  const [use] = content;
  assert.ok(use?.type === "tool_use");
  assert.deepEqual([stopReason, use.name, use.input], ["tool_use", "weather", { city: "Graz ".repeat(100) }]);
});

test("structured output, whole and streamed", async () => {
  const fate: Fate = { standing: result({ output: { plain: { city: "Graz" } } }) };
  const asked = { ...question, output_config: { format: zodOutputFormat(cityInput) } };
  gateway.expect(fate, fate);
  assert.deepEqual((await messages.parse(asked)).parsed_output, { city: "Graz" });
  assert.deepEqual((await messages.stream(asked).finalMessage()).parsed_output, { city: "Graz" });
  assert.deepEqual(gateway.handed[0]?.run.options?.output_schema?.["required"], ["city"]);
});

test("models are harnesses, a page at a time", async () => {
  for (const limit of [undefined, 1, 2]) {
    const names: string[] = [];
    for await (const { id } of client.models.list(limit === undefined ? {} : { limit })) names.push(id);
    assert.deepEqual(names, ["assistant", "plain", "summarise"]);
  }
  const one = await client.models.retrieve("plain");
  assert.deepEqual([one.type, one.display_name, one.max_tokens, one.lifecycle], ["model", "plain", 100, "active"]);
  await assert.rejects(client.models.retrieve("missing"), Anthropic.NotFoundError);
});

async function errorOf(promise: Promise<unknown>): Promise<InstanceType<typeof Anthropic.APIError>> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Anthropic.APIError) return error;
    throw error;
  }
  throw new Error("there was no error");
}

const reason = { code: "injection", message: "reads like an attack", path: "/messages/0/content" };
const refusals: readonly (readonly [name: string, fate: Fate, class_: unknown, code: string])[] = [
  ["refused", { standing: result({ status: "refused", reasons: [reason] }) }, Anthropic.BadRequestError, "injection"],
  ["rejected", { standing: result({ status: "rejected" }) }, Anthropic.PermissionDeniedError, "rejected"],
  ["cancelled", { standing: result({ status: "cancelled" }) }, Anthropic.ConflictError, "cancelled"],
  ["held for review", { standing: { kind: "in_review" } }, Anthropic.ConflictError, "held_for_review"],
  [
    "failed validation",
    { standing: result({ status: "failed_validation" }) },
    Anthropic.UnprocessableEntityError,
    "failed_validation",
  ],
  ["over budget", { standing: result({ status: "over_budget" }) }, Anthropic.RateLimitError, "over_budget"],
  ["degraded", { standing: result({ status: "degraded" }) }, Anthropic.InternalServerError, "degraded"],
  ["expired", { standing: result({ status: "expired" }) }, Anthropic.InternalServerError, "expired"],
  ["still running", { standing: { kind: "running" } }, Anthropic.InternalServerError, "still_running"],
];
for (const [name, fate, class_, code] of refusals) {
  test(`a run that is ${name} is the SDK's error of that class, and never asked for again, streamed or not`, async () => {
    assert.ok(typeof class_ === "function");
    for (const stream of [false, true]) {
      gateway.handed.length = 0;
      gateway.expect(fate);
      const error = await errorOf(messages.create({ ...question, stream }));
      assert.ok(error instanceof class_, `${error.constructor.name} is no ${class_.name}`);
      assert.equal(error.errorCode, code);
      assert.equal(gateway.handed.length, 1);
      assert.match(error.headers?.get("breakwater-run-id") ?? "", /^[0-9a-f-]{36}$/);
    }
  });
}

test("before anything is asked for: key, harness, rights, body", async () => {
  const stranger = clientOf(gateway.url, { apiKey: "stolen" });
  const asked: readonly (readonly [ask: () => Promise<unknown>, type: string, code: string])[] = [
    [() => stranger.messages.create(question), "authentication_error", "unauthorized"],
    [() => messages.create({ ...question, model: "missing" }), "not_found_error", "model_not_found"],
    [() => messages.create({ ...question, model: "secret" }), "permission_error", "harness_not_permitted"],
    [() => messages.create({ ...question, model: "summarise" }), "invalid_request_error", "harness_not_chat"],
    [() => messages.create({ ...question, model: "plain", system: "x" }), "invalid_request_error", "not_permitted"],
    [
      () => messages.create({ ...question, thinking: { type: "adaptive" } }),
      "invalid_request_error",
      "invalid_request",
    ],
  ];
  for (const [ask, type, code] of asked) {
    const error = await errorOf(ask());
    assert.deepEqual([error.type, error.errorCode], [type, code]);
    assert.match(error.requestID ?? "", /^[0-9a-f-]{36}$/);
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
    assert.equal((await messages.create(question)).role, "assistant");
    assert.equal(gateway.handed.length, 2);
  });
}

test("an error within a stream is thrown by it", async () => {
  const { promise, resolve } = Promise.withResolvers<Standing>();
  hasty.expect({ standing: promise });
  const stream = await clientOf(hasty.url).messages.create({ ...question, stream: true });
  resolve(result({ status: "failed_validation", reasons: [reason] }));
  const error = await errorOf(
    (async () => {
      for await (const _ of stream) assert.fail("nothing of the answer may be seen");
    })(),
  );
  assert.equal(error.errorCode, "failed_validation");
  assert.match(error.message, /reads like an attack/);
});

const forever = new Promise<Standing>(() => undefined);

test("a client whose time is up has left, and its key brings it back", async () => {
  const impatient = clientOf(gateway.url, { timeout: 100, maxRetries: 0 });
  for (const [headers, left] of [
    [{}, true],
    [{ "Idempotency-Key": "k-1" }, false],
  ] as const) {
    gateway.left.length = 0;
    gateway.expect({ standing: forever });
    await assert.rejects(impatient.messages.create(question, { headers }), Anthropic.APIConnectionTimeoutError);
    while (gateway.left.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(gateway.left, [left]);
  }
  assert.deepEqual(
    gateway.handed.map(({ idempotencyKey }) => idempotencyKey),
    [undefined, "k-1"],
  );
});

test("a stream that is left while it waits ends its run", async () => {
  hasty.expect({ standing: forever });
  const stream = clientOf(hasty.url).messages.stream(question);
  const ended = assert.rejects(stream.done(), Anthropic.APIUserAbortError);
  await stream.withResponse();
  stream.abort();
  await ended;
  while (hasty.left.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(hasty.left, [true]);
});
