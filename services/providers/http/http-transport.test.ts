import assert from "node:assert/strict";
import http from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { openProviders } from "../call-provider.ts";
import { openTransport, type Transport, TransportError, transportFacts } from "./http-transport.ts";

/** What the server does with a request, by its path. */
const behaviours: Readonly<Record<string, (response: http.ServerResponse) => void>> = {
  "/whole": (response) => void response.writeHead(201, { "x-a": ["1", "2"] }).end('{"a":1}'),
  "/empty": (response) => void response.writeHead(204).end(),
  "/moved": (response) => void response.writeHead(302, { location: "/whole" }).end(),
  "/large": (response) => void response.end(Buffer.alloc(4096, 0x61)),
  "/in-pieces": (response) => {
    const bytes = Buffer.from("größer");
    response.write(bytes.subarray(0, 3), () => void setTimeout(() => response.end(bytes.subarray(3)), 20));
  },
  "/cut": (response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => response.socket?.destroy());
  },
  "/slammed": (response) => response.socket?.destroy(),
  "/stalls": (response) => void response.writeHead(200, { "content-type": "application/json" }).write("{"),
  "/v1/chat/completions": (response) => void response.writeHead(200, { "content-type": "application/json" }).write("{"),
};

let requests: { readonly path: string; readonly body: string; readonly port: number | undefined }[] = [];
const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const path = request.url ?? "";
    requests.push({ path, body: Buffer.concat(chunks).toString(), port: request.socket.remotePort });
    behaviours[path]?.(response);
  });
});
let url = "";
let transport: Transport;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  transport = openTransport({ maxBodyBytes: 1024, idleSocketMs: 20_000 });
});
after(() => {
  transport.close();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
});

async function failureOf(path: string): Promise<unknown> {
  return transport.fetch(`${url}${path}`).then(
    () => assert.fail("it was answered"),
    (error: unknown) => (error instanceof TransportError ? error.code : error),
  );
}

test("status, headers that are there twice, and the body come back whole", async () => {
  const response = await transport.fetch(`${url}/whole`, { method: "POST", body: "sent", headers: { "x-b": "3" } });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("x-a"), "1, 2");
  assert.deepEqual(await response.json(), { a: 1 });
  assert.equal(await response.text(), '{"a":1}');
  assert.deepEqual(
    requests.map(({ path, body }) => [path, body]),
    [["/whole", "sent"]],
  );
});

test("a character that two pieces share is put together", async () => {
  assert.equal(await (await transport.fetch(`${url}/in-pieces`)).text(), "größer");
});

test("an answer without a body is an answer", async () => {
  assert.equal((await transport.fetch(`${url}/empty`)).status, 204);
});

test("a redirect is not followed: the call goes where it was sent", async () => {
  assert.equal((await transport.fetch(`${url}/moved`)).status, 302);
  assert.deepEqual(
    requests.map(({ path }) => path),
    ["/moved"],
  );
});

test("connections are used again", async () => {
  for (let time = 0; time < 5; time += 1) await (await transport.fetch(`${url}/whole`)).text();
  assert.equal(new Set(requests.map(({ port }) => port)).size, 1);
});

test("a request whose connection is slammed shut fails, and is not sent again", async () => {
  await (await transport.fetch(`${url}/whole`)).text();
  assert.equal(await failureOf("/slammed"), "ECONNRESET");
  assert.equal(requests.filter(({ path }) => path === "/slammed").length, 1);
});

test("a body that is cut off, too large, or of a Request is refused", async () => {
  assert.equal(await failureOf("/cut"), "response_cut");
  assert.equal(await failureOf("/large"), "response_too_large");
  await assert.rejects(transport.fetch(new Request(url)), TypeError);
});

test("aborting ends the wait for the headers, and for the body", async () => {
  for (const path of ["/never", "/stalls"]) {
    const leaving = new AbortController();
    const waiting = transport.fetch(`${url}${path}`, { signal: leaving.signal });
    while (!requests.some((request) => request.path === path)) await new Promise((resolve) => setTimeout(resolve, 5));
    leaving.abort();
    await assert.rejects(waiting, { name: "AbortError" });
  }
  await assert.rejects(transport.fetch(`${url}/whole`, { signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("a call's time limit covers its body: headers alone do not stop the clock", async () => {
  const providers = openProviders({ OPENAI_BASE_URL: `${url}/v1` });
  const outcome = await providers.call({
    provider: "openai",
    model: "gpt-4o",
    messages: [{ role: "user", content: "hello" }],
    maxOutputTokens: 10,
    callId: "call-1",
    stream: false,
    limits: { connectMs: 1000, firstByteMs: 10_000, idleMs: 10_000 },
    timeoutMs: 200,
    signal: new AbortController().signal,
  });
  assert.deepEqual(outcome, { kind: "failure", outcome: "timeout", code: "timeout", usage: null });
  providers.close();
});

test("what a network error says becomes a fact, and what is no network error stays unknown", () => {
  assert.deepEqual(transportFacts(new TransportError("ENOTFOUND")), { kind: "connection", errno: "ENOTFOUND" });
  assert.deepEqual(transportFacts(new TransportError("response_too_large")), {
    kind: "malformed",
    code: "response_too_large",
  });
  assert.deepEqual(transportFacts(new Error("other")), { kind: "connection", errno: undefined });
});
