/**
 * Secrets planted in everything that comes in, through all stages and through
 * the gateway: none of them stands in the audit, in the reason of a dead letter, in the
 * ledger, in the gateway's log or in an error. The content topics hold them: they
 * did go through.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { Message } from "../../schemas/parts/content.ts";
import { consumedTopics, deadLetterTopicOf } from "../../topics/catalog.ts";
import { gatewayInMemory } from "../support/gateway-in-memory.ts";
import { providedByStandIn } from "../support/provided-by-stand-in.ts";
import { sampleHarness } from "../support/sample-definition.ts";
import { deadLettersIn } from "./books.ts";
import { digest, facts, published } from "./harnesses.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { Pipeline } from "./pipeline.ts";
import { allStages } from "./stages.ts";

const { standIn, providers } = await providedByStandIn();

class Canaries {
  readonly #planted = new Map<string, string>();

  /** One secret a place. */
  in(place: string): string {
    const text = this.#planted.get(place) ?? `canary${randomBytes(12).toString("hex")}`;
    this.#planted.set(place, text);
    return text;
  }

  /** `<place it was planted in> in <where it was found>`. */
  found(where: Readonly<Record<string, string>>): readonly string[] {
    for (const [place, text] of Object.entries(where)) assert.ok(text.length > 20, `${place} is empty`);
    return [...this.#planted].flatMap(([what, secret]) =>
      Object.entries(where).flatMap(([place, text]) => (text.includes(secret) ? [`${what} in ${place}`] : [])),
    );
  }
}

const concierge = sampleHarness({
  name: "concierge",
  input: { schema: { type: "object", properties: { turns: { type: "array" } }, required: ["turns"] } },
  prompt: { system: "Help the guest.", user: "", messages: "turns" },
  output: { format: "text", maxTokens: 200 },
  models: digest.models,
  callers: { instructions: true, tools: true, outputSchema: true, sampling: true },
});

test("through the stages: not in the audit, the reasons of dead letters or the ledger", async () => {
  const canaries = new Canaries();
  const ledger = new MemoryLedger();
  const pipeline = new Pipeline(allStages({ providers, ledger, definitions: published([digest, facts, concierge]) }));
  const room = {
    name: "book_room",
    description: `Books a room ${canaries.in("a tool's description")}`,
    parameters: { type: "object", properties: { guest: { type: "string" } } },
  };
  const call = { id: "call_1", name: "book_room", arguments: { guest: canaries.in("a tool's arguments") } };
  const turns: Message[] = [
    { role: "system", content: `Be brief. ${canaries.in("instructions")}` },
    { role: "user", content: `Please book a room. ${canaries.in("a message")}` },
    { role: "assistant", content: "", tool_calls: [call] },
    { role: "tool", content: `Room 12. ${canaries.in("a tool's result")}`, tool_call_id: "call_1" },
  ];
  await standIn.script({
    rules: [
      { match: { textIncludes: "fails" }, effect: { kind: "text", text: `no JSON ${canaries.in("a failed answer")}` } },
    ],
  });
  const asked = { client_id: "acme" };
  pipeline.publish("1", { ...asked, harness: "concierge", input: { turns }, options: { tools: [room] } });
  const document = `This fails. ${canaries.in("an input that fails")}`;
  for (const harness of [digest.name, facts.name])
    pipeline.publish(harness, { ...asked, harness, input: { document } });
  pipeline.publish("2", {
    ...asked,
    harness: digest.name,
    input: { other: canaries.in("an input without a contract") },
  });
  pipeline.publish("3", { ...asked, harness: "unknown", input: { document: canaries.in("an input of no harness") } });
  pipeline.publish("4", { harness: 7, input: canaries.in("a record of another shape") });
  pipeline.publish("5", `{ no JSON ${canaries.in("a record that is no JSON")}`);
  await pipeline.run();
  pipeline.end();

  const letters = consumedTopics.flatMap((topic) => pipeline.log.records(deadLetterTopicOf(topic)));
  assert.ok(deadLettersIn(pipeline.log).length >= 3);
  const rows = [ledger.calls, ledger.runs, ledger.audit, ledger.reviews].flatMap((table) => [...table.values()]);
  const found = canaries.found({
    "the audit": JSON.stringify(pipeline.log.values("harness-audit")),
    "a dead letter's headers": JSON.stringify(letters.map(({ headers }) => headers)),
    "the ledger": JSON.stringify(rows),
  });
  assert.deepEqual(found, []);
  const went = canaries.found({ scanned: JSON.stringify(pipeline.log.values("harness-scanned")) });
  for (const place of ["instructions", "a message", "a tool's result", "an input that fails"])
    assert.ok(went.includes(`${place} in scanned`), place);
});

test("through the gateway: not in its log, nor in what it tells of an error", async () => {
  const canaries = new Canaries();
  const failing = { query: () => Promise.reject(new Error(`of a statement ${canaries.in("an error behind it")}`)) };
  const { server, log } = gatewayInMemory({ ledger: failing });
  const told: string[] = [];
  const headers = {
    "x-api-key": "admin",
    "content-type": "application/json",
    "idempotency-key": canaries.in("an idempotency key"),
    "user-agent": canaries.in("a user agent"),
    cookie: `session=${canaries.in("a cookie")}`,
    baggage: `k=${canaries.in("baggage")}`,
    referer: `https://x.test/${canaries.in("a referer")}`,
    "x-forwarded-for": canaries.in("a forwarded address"),
  };
  const send = async (url: string, payload: string | null, more: Readonly<Record<string, string>> = {}) => {
    const request = { url, headers: { ...headers, ...more } };
    const answer = await server.inject(payload === null ? request : { ...request, method: "POST", payload });
    assert.ok(answer.statusCode >= 400, `${url} ${answer.statusCode}`);
    told.push(answer.body, JSON.stringify(answer.headers));
  };
  const chat = { model: canaries.in("a model"), messages: [{ role: "user", content: canaries.in("a prompt") }] };
  await send("/v1/runs", `{"harness": "${canaries.in("a body that is no JSON")}`);
  await send("/v1/runs", JSON.stringify({ harness: 7, input: canaries.in("a body of another shape") }));
  await send("/v1/chat/completions", JSON.stringify({ ...chat, messages: canaries.in("messages that are none") }));
  await send("/v1/messages", JSON.stringify({ model: "x", system: canaries.in("a system prompt"), messages: 7 }));
  await send(`/v1/runs/${canaries.in("an address")}`, null);
  await send(`/v1/runs?cursor=${canaries.in("a query")}`, null);
  await send("/v1/costs", null);
  await send("/v1/costs", null, { "x-api-key": `bw_0123456789abcdef_${canaries.in("a wrong key")}` });
  await send("/v1/costs", null, { "x-api-key": "", authorization: `Basic ${canaries.in("another scheme")}` });
  await server.close();
  assert.deepEqual(canaries.found({ "an error": told.join("\n") }), []);
  assert.deepEqual(canaries.found({ "the log": log() }), []);
});
