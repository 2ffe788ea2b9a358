import assert from "node:assert/strict";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { openCallLog, readCalls } from "./call-log.ts";
import { faultScript } from "./fault-rules.ts";
import { openStandIn, type StandInServer } from "./server.ts";
import { startStandIn } from "./start-stand-in.ts";

let folder: string;
let server: StandInServer;

before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "stand-in-"));
  server = await openStandIn({ dataDir: folder });
});
after(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const openaiHeaders = { authorization: "Bearer any", "content-type": "application/json" };
const anthropicHeaders = { "x-api-key": "any", "content-type": "application/json" };
const question = { role: "user", content: "Please tell me about the harbour in the early morning." };

interface Post {
  readonly url?: string;
  readonly route: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
  readonly signal?: AbortSignal;
}

function post({ url = server.url, route, headers, body, signal }: Post): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(`${url}${route}`, { method: "POST", headers, body: text, ...(signal === undefined ? {} : { signal }) });
}

function chat(more: Record<string, unknown> = {}, headers: Record<string, string> = openaiHeaders, url = server.url) {
  return post({
    url,
    route: "/v1/chat/completions",
    headers,
    body: { model: "gpt-4o", messages: [question], ...more },
  });
}

function message(more: Record<string, unknown> = {}, headers: Record<string, string> = anthropicHeaders) {
  const body = { model: "claude-3-5-sonnet-latest", max_tokens: 50, messages: [question], ...more };
  return post({ route: "/v1/messages", headers, body });
}

async function script(given: unknown): Promise<number> {
  const answer = await fetch(`${server.url}/__faults`, { method: "PUT", body: JSON.stringify(given) });
  return answer.status;
}

interface Refused {
  readonly name: string;
  readonly send: () => Promise<Response>;
  readonly status: number;
  readonly body: RegExp;
}

const refusals: readonly Refused[] = [
  { name: "OpenAI without a key", send: () => chat({}, {}), status: 401, body: /"code":"invalid_api_key"/ },
  { name: "Anthropic without a key", send: () => message({}, {}), status: 401, body: /"type":"authentication_error"/ },
  {
    name: "OpenAI without a model",
    send: () => chat({ model: "" }),
    status: 400,
    body: /"type":"invalid_request_error"/,
  },
  { name: "OpenAI without messages", send: () => chat({ messages: [] }), status: 400, body: /'messages'/ },
  {
    name: "OpenAI with a nameless schema",
    send: () => chat({ response_format: { type: "json_schema", json_schema: {} } }),
    status: 400,
    body: /json_schema\.name/,
  },
  {
    name: "Anthropic without a limit",
    send: () => message({ max_tokens: undefined }),
    status: 400,
    body: /"type":"error".*max_tokens: Field required/,
  },
  {
    name: "Anthropic with a system message among the turns",
    send: () => message({ messages: [{ role: "system", content: "x" }] }),
    status: 400,
    body: /Unexpected role/,
  },
  {
    name: "a body that is not JSON",
    send: () => post({ route: "/v1/chat/completions", headers: openaiHeaders, body: "{" }),
    status: 400,
    body: /could not parse/,
  },
  {
    name: "a route that is not there",
    send: () => post({ route: "/v1/elsewhere", headers: openaiHeaders, body: {} }),
    status: 404,
    body: /no route/,
  },
];

for (const { name, send, status, body } of refusals) {
  test(`refused in the provider's own shape: ${name}`, async () => {
    const answer = await send();
    assert.equal(answer.status, status);
    assert.match(await answer.text(), body);
  });
}

test("a prompt is too long when no tokenizer could fit it", async () => {
  const ask = (characters: number) => chat({ messages: [{ role: "user", content: "wall ".repeat(characters / 5) }] });
  const taken = await ask(900_000);
  assert.equal(taken.status, 200);
  await taken.body?.cancel();
  const refused = await ask(1_100_000);
  assert.equal(refused.status, 400);
  assert.match(await refused.text(), /context_length_exceeded/);
});

test("a call is on disk, with its id and tokens, before its answer is here", async () => {
  const answer = await chat({}, { ...openaiHeaders, "x-client-request-id": "call-1" });
  assert.equal(answer.status, 200);
  const last = readCalls(server.callsFile).at(-1);
  assert.deepEqual(
    { ...last, at: "" },
    {
      call_id: "call-1",
      provider: "openai",
      model: "gpt-4o",
      status: 200,
      answered: true,
      client_gone: false,
      usage: {
        input_tokens: 14,
        cached_input_tokens: 0,
        cache_write_tokens: 0,
        output_tokens: 14,
        reasoning_tokens: 0,
      },
      at: "",
    },
  );
  await answer.body?.cancel();
});

test("a refused call is on record and unpaid", async () => {
  assert.equal(await script({ rules: [{ effect: { kind: "status", status: 429, retryAfterSeconds: 2 } }] }), 200);
  const answer = await message();
  assert.equal(answer.headers.get("retry-after"), "2");
  await answer.body?.cancel();
  const last = readCalls(server.callsFile).at(-1);
  assert.deepEqual([last?.status, last?.answered, last?.usage], [429, false, null]);
  await script({ rules: [] });
});

test("a client that leaves while its answer is made has still bought it", async () => {
  await script({ rules: [{ effect: { kind: "latency", ms: 1000 } }] });
  const leaving = new AbortController();
  const headers = { ...openaiHeaders, "x-client-request-id": "call-left" };
  const body = { model: "gpt-4o", messages: [question] };
  const sent = post({ route: "/v1/chat/completions", headers, body, signal: leaving.signal });
  const refused = assert.rejects(sent);
  while ((await matchedBy(server)) === 0) await sleep(5);
  leaving.abort();
  await refused;
  await script({ rules: [] });
  const find = () => readCalls(server.callsFile).find(({ call_id }) => call_id === "call-left");
  while (find() === undefined) await sleep(20);
  assert.deepEqual([find()?.answered, find()?.client_gone], [true, true]);
});

test("a script with a slip is refused and the one before stays", async () => {
  assert.equal(await script({ rules: [{ effect: { kind: "no such" } }] }), 400);
  const shown: unknown = await (await fetch(`${server.url}/__faults`)).json();
  assert.deepEqual(shown, { latencyMs: 0, rules: [] });
});

const stats = z.object({
  calls: z.number(),
  answered: z.number(),
  models: z.array(z.object({ model: z.string(), input_tokens: z.number() })),
});

test("the counts agree with the record, by model and in sum", async () => {
  await (await message()).body?.cancel();
  const seen = stats.parse(await (await fetch(`${server.url}/__stats`)).json());
  const lines = (await (await fetch(`${server.url}/__calls`)).text()).trim().split("\n");
  const calls = readCalls(server.callsFile);
  assert.equal(lines.length, calls.length);
  assert.equal(seen.calls, calls.length);
  assert.equal(seen.answered, calls.filter(({ answered }) => answered).length);
  const paid = calls.reduce((sum, { usage }) => sum + (usage?.input_tokens ?? 0), 0);
  assert.equal(
    seen.models.reduce((sum, { input_tokens }) => sum + input_tokens, 0),
    paid,
  );
});

test("the models are listed", async () => {
  const answer = await fetch(`${server.url}/v1/models`);
  assert.match(await answer.text(), /"gpt-4o"/);
});

test("killed in the middle of many calls, it has every call on record that it answered, and counts on", async () => {
  const dataDir = path.join(folder, "killed");
  const first = await startStandIn({ dataDir });
  const answered: string[] = [];
  // Each caller goes on until the stand-in is gone, so the kill always falls among calls in progress.
  const caller = async (name: number): Promise<void> => {
    for (let nth = 0; nth < 1000; nth += 1) {
      const id = `call-${name}-${nth}`;
      const answer = await chat({}, { ...openaiHeaders, "x-client-request-id": id }, first.url);
      await answer.json();
      answered.push(id);
      if (answered.length === 50) process.kill(first.pid, "SIGKILL");
    }
  };
  const settled = await Promise.allSettled(Array.from({ length: 40 }, (_, name) => caller(name)));
  assert.ok(
    settled.every(({ status }) => status === "rejected"),
    "a caller was done before the kill",
  );
  const recorded = new Set(readCalls(path.join(dataDir, "calls.jsonl")).map(({ call_id }) => call_id));
  assert.deepEqual(
    answered.filter((id) => !recorded.has(id)),
    [],
  );
  assert.ok(answered.length >= 50);
  const second = await startStandIn({ dataDir });
  const seen = stats.parse(await (await fetch(`${second.url}/__stats`)).json());
  assert.equal(seen.calls, recorded.size);
  await second.stop();
});

test("a line that a crash cut off is dropped, and the next starts on its own", async () => {
  const dataDir = path.join(folder, "cut");
  const log = await openCallLog(dataDir);
  const call = {
    call_id: "a",
    provider: "openai",
    model: "m",
    status: 500,
    answered: false,
    client_gone: false,
    usage: null,
    at: new Date().toISOString(),
  } as const;
  await log.append(call);
  await log.close();
  await appendFile(log.file, '{"call_id":"b","prov');
  assert.equal(readCalls(log.file).length, 1);
  const again = await openCallLog(dataDir);
  assert.equal(again.stats().calls, 1);
  await again.append({ ...call, call_id: "c" });
  await again.close();
  assert.deepEqual(
    readCalls(log.file).map(({ call_id }) => call_id),
    ["a", "c"],
  );
});

test("a held call is in flight and not on record until another script is given", async () => {
  await script({ rules: [{ effect: { kind: "held" } }] });
  const held = chat({}, { ...openaiHeaders, "x-client-request-id": "call-held" });
  const inFlight = async () =>
    z.object({ in_flight: z.number() }).parse(await (await fetch(`${server.url}/__stats`)).json()).in_flight;
  while ((await inFlight()) === 0) await sleep(5);
  const isOnRecord = () => readCalls(server.callsFile).some(({ call_id }) => call_id === "call-held");
  assert.equal(isOnRecord(), false);
  await script({ rules: [] });
  assert.equal((await held).status, 200);
  assert.deepEqual([await inFlight(), isOnRecord()], [0, true]);
});

test("stopping answers what waits, without its delay", async () => {
  const script = faultScript.parse({ rules: [{ effect: { kind: "latency", ms: 3_600_000 } }] });
  const other = await openStandIn({ dataDir: path.join(folder, "stopped"), script });
  const waiting = chat({}, openaiHeaders, other.url);
  while ((await matchedBy(other)) === 0) await sleep(5);
  await other.stop();
  assert.equal((await waiting).status, 200);
});

async function matchedBy(other: StandInServer): Promise<number> {
  const shown = z.object({ rules: z.array(z.object({ matched: z.number() })) });
  return shown.parse(await (await fetch(`${other.url}/__faults`)).json()).rules[0]?.matched ?? 0;
}

test("as a process it takes its latency and its faults from the command line", async () => {
  const faultsFile = path.join(folder, "faults.json");
  await writeFile(faultsFile, JSON.stringify({ rules: [{ effect: { kind: "status", status: 500 } }] }));
  const child = await startStandIn({ dataDir: path.join(folder, "process"), latencyMs: 7, faultsFile });
  const shown = z.object({ latencyMs: z.number() }).parse(await (await fetch(`${child.url}/__faults`)).json());
  assert.equal(shown.latencyMs, 7);
  assert.equal((await chat({}, openaiHeaders, child.url)).status, 500);
  const again = await startStandIn({ dataDir: path.join(folder, "process-2") });
  assert.notEqual(again.url, child.url);
  await again.stop();
  const port = Number(new URL(child.url).port);
  await child.stop();
  const same = await startStandIn({ dataDir: path.join(folder, "process"), port });
  assert.equal(same.url, child.url);
  await same.stop();
});

test("a stand-in that cannot start says so", async () => {
  const port = Number(new URL(server.url).port);
  await assert.rejects(startStandIn({ dataDir: path.join(folder, "taken"), port }), /ended with status/);
});
