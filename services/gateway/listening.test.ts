/** What only a real socket shows: callers that leave, dawdle or send no HTTP, TLS, and stopping under load. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { fakeDesk, noRecords, nowMs, resultOf, serverOf, type FakeDesk } from "../../test/support/gateway-parts.ts";
import type { Hardening } from "./http/hardening.ts";
import { runRoutes } from "./native/run-routes.ts";
import { systemRoutes } from "./native/system-routes.ts";

const closers: (() => Promise<unknown>)[] = [];
after(() => Promise.all(closers.map((close) => close())));

async function listening(hardening: Partial<Hardening> = {}, fake: FakeDesk = fakeDesk()) {
  const ledger = { query: () => Promise.resolve([]) };
  const made = serverOf(
    [
      ...runRoutes({ ...noRecords, admission: fake, desk: fake.desk, ledger, waitMs: 600_000, nowMs: () => nowMs }),
      ...systemRoutes({
        metrics: { read: () => Promise.resolve("") },
        isStopping: () => made.open.isStopping,
        document: () => ({}),
      }),
    ],
    hardening,
  );
  const url = new URL(await made.server.listen({ port: 0, host: "127.0.0.1" }));
  closers.push(() => made.server.close());
  return { ...made, fake, url, port: Number(url.port) };
}

const run = JSON.stringify({ harness: "summarise", input: { text: "hello" } });
const headers = { "x-api-key": "acme", "content-type": "application/json" };

function post(url: URL, more: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> {
  return fetch(new URL("/v1/runs", url), {
    method: "POST",
    headers: { ...headers, ...more },
    body: run,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** What the server says to these bytes until it closes the connection. */
async function saidTo(port: number, ...lines: readonly string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(lines.join("\r\n"));
  return text(socket);
}

for (const { name, more, left } of [
  { name: "a caller that leaves before its answer cancels what is not paid yet", more: {}, left: true },
  { name: "one that named its run by an Idempotency-Key comes back", more: { "idempotency-key": "k" }, left: false },
  { name: "and so does one that prefers not to wait", more: { prefer: "respond-async, wait=500" }, left: false },
]) {
  test(name, async () => {
    const { url, fake, open } = await listening();
    fake.end(null);
    const leaving = new AbortController();
    const answer = post(url, more, leaving.signal);
    await fake.waiting();
    leaving.abort();
    await assert.rejects(answer);
    while (fake.released.length === 0 || open.count > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(fake.released, [{ left }]);
  });
}

test("stopping fails no request: what waits is answered 202 at last, and readiness says no meanwhile", async () => {
  const { url, fake, server, open } = await listening();
  fake.end(null);
  const waiting = post(url);
  await fake.waiting();
  fake.end((id) => ({ kind: "ended", result: resultOf(id) }));
  const stopped = open.stop(server, { delayMs: 300, drainMs: 300 });
  const [ready, quick] = await Promise.all([fetch(new URL("/readyz", url)), post(url)]);
  assert.deepEqual([ready.status, quick.status], [503, 200]);
  assert.equal(quick.headers.get("connection"), "close");
  const late = await waiting;
  assert.equal(late.status, 202);
  assert.match(late.headers.get("location") ?? "", /^\/v1\/runs\//);
  await stopped;
  await assert.rejects(post(url));
});

test("under load, a stopping server answers every request, and tells each caller to go elsewhere", async () => {
  const { url, server, open } = await listening();
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const statuses: number[] = [];
  const ask = async (): Promise<void> => {
    const sent = httpRequest(new URL("/v1/runs", url), { method: "POST", headers, agent });
    sent.end(run);
    const [answer]: IncomingMessage[] = await once(sent, "response");
    assert.ok(answer !== undefined);
    await text(answer);
    statuses.push(answer.statusCode ?? 0);
    // As a load balancer would: what says that it closes gets nothing new.
    if (answer.headers.connection !== "close") await ask();
  };
  const load = Promise.all(Array.from({ length: 20 }, ask));
  while (statuses.length < 50) await new Promise((resolve) => setImmediate(resolve));
  // Each caller asks again long before this is over: the server's loop turns for all of them.
  const stopped = open.stop(server, { delayMs: 2000, drainMs: 5000 });
  await load;
  await stopped;
  agent.destroy();
  assert.deepEqual([...new Set(statuses)], [200]);
});

test("headers that never end are answered 408 and the connection is closed", async () => {
  const { port } = await listening({ headersTimeoutMs: 200, requestTimeoutMs: 400 });
  const said = await saidTo(port, "POST /v1/runs HTTP/1.1", "host: x", "x-slow: 1");
  assert.match(said, /^HTTP\/1\.1 408 [\s\S]*request_timeout/);
});

test("a body that never ends is answered 408 and the connection is closed", async () => {
  const { port } = await listening({ headersTimeoutMs: 200, requestTimeoutMs: 400 });
  const head = ["POST /v1/runs HTTP/1.1", "host: x", "x-api-key: acme", "content-type: application/json"];
  const said = await saidTo(port, ...head, "content-length: 100", "", '{"harness":');
  assert.match(said, /^HTTP\/1\.1 408 [\s\S]*request_timeout/);
});

for (const { name, lines, status } of [
  { name: "what is no HTTP", lines: ["GARBAGE", "", ""], status: 400 },
  { name: "headers of 20 kB", lines: ["GET /healthz HTTP/1.1", `x: ${"y".repeat(20_000)}`, "", ""], status: 431 },
]) {
  test(`${name} is answered ${status} in the shape of every error`, async () => {
    const { port } = await listening();
    const said = await saidTo(port, ...lines);
    assert.match(said, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.equal(typeof JSON.parse(said.slice(said.indexOf("\r\n\r\n"))).error.code, "string");
  });
}

test("a client's own limit of bytes holds whether a body says its length or not", async () => {
  const { url } = await listening();
  const large = JSON.stringify({ harness: "summarise", input: { text: "x".repeat(200) } });
  const chunked = new ReadableStream({
    start: (sink) => {
      sink.enqueue(new TextEncoder().encode(large));
      sink.close();
    },
  });
  for (const body of [large, chunked]) {
    const init = { method: "POST", headers: { ...headers, "x-api-key": "small" }, body, duplex: "half" as const };
    const answer = await fetch(new URL("/v1/runs", url), init);
    assert.deepEqual([answer.status, JSON.parse(await answer.text()).error.code], [413, "body_too_large"]);
  }
  assert.equal((await post(url, { "x-api-key": "small" })).status, 200);
});

test("pages of other origins are let in when they are named, and never else", async () => {
  const origin = "https://app.example.com";
  const preflight = async (url: URL): Promise<Response> =>
    fetch(new URL("/v1/runs", url), {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "x-api-key" },
    });
  const closed = await listening();
  assert.equal((await preflight(closed.url)).headers.get("access-control-allow-origin"), null);
  const opened = await listening({ corsOrigins: [origin] });
  const answer = await preflight(opened.url);
  assert.deepEqual([answer.status, answer.headers.get("access-control-allow-origin")], [204, origin]);
});

test("TLS with a certificate from files", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "breakwater-tls-"));
  const [key, cert] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", [...made, ...names, "-keyout", key, "-out", cert], { stdio: "ignore" });
  const tls = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  const { port } = await listening({ tls });
  const sent = httpsRequest({ host: "127.0.0.1", port, path: "/healthz", ca: tls.cert, agent: false });
  sent.end();
  const [answer]: IncomingMessage[] = await once(sent, "response");
  assert.ok(answer !== undefined);
  assert.deepEqual([answer.statusCode, await text(answer)], [200, '{"status":"ok"}']);
  assert.match(answer.headers["strict-transport-security"] ?? "", /max-age/);
});
