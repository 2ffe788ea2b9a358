import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { z } from "zod";
import { toxicAnswers } from "../answers/canned.ts";
import { readCalls } from "../call-log.ts";
import { openStandIn, type StandInServer } from "../server.ts";

let folder: string;
let server: StandInServer;

before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "stand-in-moderations-"));
  server = await openStandIn({ dataDir: folder });
});
after(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const headers = { authorization: "Bearer any", "content-type": "application/json", "x-client-request-id": "call-1" };

function moderate(body: unknown, prefix = "", given: Record<string, string> = headers): Promise<Response> {
  const text = JSON.stringify(body);
  return fetch(`${server.url}${prefix}/v1/moderations`, { method: "POST", headers: given, body: text });
}

async function script(rules: readonly unknown[]): Promise<void> {
  const answer = await fetch(`${server.url}/__faults`, { method: "PUT", body: JSON.stringify({ rules }) });
  assert.equal(answer.status, 200);
}

const moderation = z.object({
  model: z.string(),
  results: z.array(
    z.object({
      flagged: z.boolean(),
      categories: z.record(z.string(), z.boolean()),
      category_scores: z.record(z.string(), z.number()),
    }),
  ),
});

/** The flagged categories of each text. */
async function flagged(input: unknown): Promise<string[]> {
  const { results } = moderation.parse(await (await moderate({ input })).json());
  return results.map(({ flagged: is, categories }) => {
    const names = Object.keys(categories).filter((name) => categories[name]);
    assert.equal(is, names.length > 0);
    return names.join();
  });
}

test("each text is judged on its own, in the order given", async () => {
  assert.deepEqual(await flagged([toxicAnswers.hate, "Good morning.", toxicAnswers.self_harm]), [
    "hate",
    "",
    "self-harm",
  ]);
  assert.deepEqual(await flagged("Good morning."), [""]);
});

test("the model asked for answers, and the newest when none is named", async () => {
  const named = moderation.parse(await (await moderate({ input: "x", model: "omni-moderation-2024-09-26" })).json());
  assert.equal(named.model, "omni-moderation-2024-09-26");
  assert.equal(moderation.parse(await (await moderate({ input: "x" })).json()).model, "omni-moderation-latest");
});

test("the call is in the books, under the provider's name, and nothing is paid", async () => {
  await (await moderate({ input: "x" }, "/elsewhere")).body?.cancel();
  const last = readCalls(server.callsFile).at(-1);
  assert.deepEqual(
    { ...last, at: "" },
    {
      call_id: "call-1",
      provider: "elsewhere",
      model: "omni-moderation-latest",
      status: 200,
      answered: false,
      client_gone: false,
      usage: null,
      at: "",
    },
  );
});

test("a script says what is found, whatever the text says", async () => {
  await script([{ match: { textIncludes: "harbour" }, effect: { kind: "flags", categories: ["violence"] } }]);
  assert.deepEqual(await flagged(["The harbour.", "The sea."]), ["violence", "violence"]);
  await script([{ effect: { kind: "flags", categories: [] } }]);
  assert.deepEqual(await flagged(toxicAnswers.hate), [""]);
  await script([]);
});

test("it fails by script as chat does", async () => {
  await script([{ match: { model: "omni-moderation-latest", first: 1 }, effect: { kind: "status", status: 503 } }]);
  const failed = await moderate({ input: "x" });
  assert.equal(failed.status, 503);
  await failed.body?.cancel();
  assert.deepEqual(await flagged("x"), [""]);
  await script([{ effect: { kind: "not_json_body" } }]);
  assert.match(await (await moderate({ input: "x" })).text(), /<html>/);
  await script([]);
});

const refusals: readonly (readonly [name: string, status: number, body: unknown, headers?: Record<string, string>])[] =
  [
    ["no input", 400, {}],
    ["an empty list", 400, { input: [] }],
    ["a picture", 400, { input: [{ type: "image_url", image_url: { url: "https://x.example/y.png" } }] }],
    ["no key", 401, { input: "x" }, {}],
  ];
for (const [name, status, body, given] of refusals) {
  test(`refused: ${name}`, async () => {
    const answer = await moderate(body, "", given);
    assert.equal(answer.status, status);
    assert.match(await answer.text(), /"type":"invalid_request_error"/);
  });
}
