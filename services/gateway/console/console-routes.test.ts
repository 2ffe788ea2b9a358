/** Logging in, what a session opens, and how the page is served, over the routes as they are registered. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { gatewayInMemory } from "../../../test/support/gateway-in-memory.ts";
import type { BuiltPage, PageFile } from "./built-page.ts";
import { pagePolicy } from "./page-routes.ts";

const file = (contentType: string, text: string): PageFile => ({
  contentType,
  plain: Buffer.from(text),
  gzip: Buffer.from(`gzip of ${text}`),
});
const page: BuiltPage = {
  document: file("text/html; charset=utf-8", "<!doctype html>"),
  assets: new Map([["main-1a2b.js", file("text/javascript; charset=utf-8", "run()")]]),
};
const { server, keys, log } = gatewayInMemory({ page });
const trusting = gatewayInMemory({ page }, { trustProxy: "loopback" });
after(() => Promise.all([server.close(), trusting.server.close()]));

const ours = { "sec-fetch-site": "same-origin" };
const logIn = (key: string, headers: Record<string, string> = ours, to = server, remoteAddress = "127.0.0.1") =>
  to.inject({ method: "POST", url: "/console/session", headers, payload: { key }, remoteAddress });

async function sessionOf(key: string): Promise<string> {
  const { headers } = await logIn(key);
  return String(headers["set-cookie"]).split(";")[0] ?? "";
}

test("an admin's key becomes a session that no script reads and no other site's request carries", async () => {
  const answer = await logIn("admin");
  assert.equal(answer.statusCode, 200, answer.body);
  const { expires_at_ms: endMs, ...who } = answer.json();
  assert.deepEqual(who, { client_id: "root", scopes: { admin: true, review: true } });
  assert.ok(Number.isInteger(endMs));
  assert.match(
    String(answer.headers["set-cookie"]),
    /^breakwater_session=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  assert.doesNotMatch(String(answer.headers["set-cookie"]), /admin/);
});

test("behind a trusted proxy that speaks TLS the cookie never travels without; an untrusted one says nothing", async () => {
  const tls = { ...ours, "x-forwarded-proto": "https" };
  assert.match(String((await logIn("admin", tls, trusting.server)).headers["set-cookie"]), /; Secure$/);
  assert.doesNotMatch(String((await logIn("admin", tls)).headers["set-cookie"]), /Secure/);
});

test("every key that does not open the console gets the same answer", async () => {
  const [wrong, plain] = await Promise.all([logIn("stolen"), logIn("acme")]);
  assert.equal(wrong.statusCode, 401);
  assert.deepEqual([plain.statusCode, plain.body], [wrong.statusCode, wrong.body]);
  assert.equal(wrong.headers["set-cookie"], undefined);
});

for (const { name, headers, status } of [
  { name: "another site's page", headers: { "sec-fetch-site": "cross-site" }, status: 403 },
  { name: "a page of a neighbour", headers: { "sec-fetch-site": "same-site" }, status: 403 },
  { name: "a program", headers: {}, status: 403 },
  {
    name: "our page without TLS",
    headers: { host: "gateway.test:8080", origin: "http://gateway.test:8080" },
    status: 200,
  },
  { name: "another page without TLS", headers: { origin: "http://evil.example" }, status: 403 },
  { name: "a page of no origin", headers: { origin: "null" }, status: 403 },
]) {
  test(`${name} ${status === 200 ? "can" : "cannot"} log somebody in, or change anything with a session`, async () => {
    assert.equal((await logIn("admin", headers)).statusCode, status);
    const cookie = await sessionOf("admin");
    const cancel = await server.inject({ method: "DELETE", url: "/v1/runs/none", headers: { ...headers, cookie } });
    assert.equal(cancel.statusCode === 403, status === 403, cancel.body);
  });
}

test("wrong keys are counted by address; a good one counts nothing", async () => {
  for (let tries = 0; tries < 40; tries += 1)
    assert.equal((await logIn("admin", ours, server, "10.0.0.1")).statusCode, 200);
  const answers = [];
  for (let tries = 0; tries < 31; tries += 1) answers.push(await logIn("stolen", ours, server, "10.0.0.2"));
  assert.deepEqual([...new Set(answers.map(({ statusCode }) => statusCode))], [401, 429]);
  assert.ok(Number(answers.at(-1)?.headers["retry-after"]) > 0);
  assert.equal((await logIn("admin", ours, server, "10.0.0.2")).statusCode, 429);
  assert.equal((await logIn("admin", ours, server, "10.0.0.3")).statusCode, 200);
});

test("a session opens what its key opens, and starts no runs", async () => {
  const ask = async (cookie: string, url: string): Promise<number> =>
    (await server.inject({ url, headers: { cookie } })).statusCode;
  const [admin, reviewer] = await Promise.all([sessionOf("admin"), sessionOf("reviewer")]);
  assert.equal(await ask(admin, "/v1/costs"), 200);
  assert.equal(await ask(admin, "/v1/dead-letters"), 200);
  assert.equal(await ask(reviewer, "/v1/dead-letters"), 403);
  assert.equal(await ask(`${admin}x`, "/v1/costs"), 401);
  const run = { method: "POST", url: "/v1/runs", payload: { harness: "summarise", input: {} } } as const;
  assert.equal((await server.inject({ ...run, headers: { ...ours, cookie: admin } })).statusCode, 403);
});

test("a key beside a session is what counts", async () => {
  const headers = { cookie: await sessionOf("admin"), "x-api-key": "stolen" };
  assert.equal((await server.inject({ url: "/v1/costs", headers })).statusCode, 401);
});

test("a session says who it is until it is logged out or its key is revoked", async () => {
  const cookie = await sessionOf("reviewer");
  const who = () => server.inject({ url: "/console/session", headers: { cookie } });
  assert.deepEqual((await who()).json().scopes, { admin: false, review: true });
  const out = await server.inject({ method: "DELETE", url: "/console/session", headers: { cookie, ...ours } });
  assert.deepEqual([out.statusCode, String(out.headers["set-cookie"]).split(";")[1]], [204, " Max-Age=0"]);
  keys.delete("reviewer");
  assert.equal((await who()).statusCode, 401);
});

test("the page stands at every address of the console, may run only its own, and is asked for anew each time", async () => {
  for (const url of ["/console", "/console/", "/console/runs/0198c5a0"]) {
    const { statusCode, body, headers } = await server.inject(url);
    assert.deepEqual([statusCode, body], [200, "<!doctype html>"]);
    assert.equal(headers["content-security-policy"], pagePolicy);
    assert.equal(headers["cache-control"], "no-cache");
  }
  assert.doesNotMatch(pagePolicy, /unsafe|\*|data:|https?:/);
});

for (const { accepts, body, coding } of [
  { accepts: "gzip, br", body: "gzip of run()", coding: "gzip" },
  { accepts: "br;q=1, gzip;q=0.5", body: "gzip of run()", coding: "gzip" },
  { accepts: "gzip;q=0", body: "run()", coding: undefined },
  { accepts: "identity", body: "run()", coding: undefined },
]) {
  test(`a file goes out for "${accepts}" as ${coding ?? "it is"}, to be kept for ever`, async () => {
    const answer = await server.inject({
      url: "/console/assets/main-1a2b.js",
      headers: { "accept-encoding": accepts },
    });
    assert.deepEqual([answer.body, answer.headers["content-encoding"]], [body, coding]);
    assert.match(String(answer.headers["content-type"]), /^text\/javascript/);
    assert.match(String(answer.headers["cache-control"]), /immutable/);
    assert.equal(answer.headers["x-content-type-options"], "nosniff");
  });
}

test("a file that is not there is none, even by a path that climbs", async () => {
  for (const name of ["main-0000.js", "..%2f..%2fpackage.json", "%00"])
    assert.equal((await server.inject(`/console/assets/${name}`)).statusCode, 404, name);
});

test("a console that was not built says how to build it", async () => {
  const bare = gatewayInMemory({ page: null });
  const answer = await bare.server.inject("/console/");
  assert.equal(answer.statusCode, 404);
  assert.match(answer.json().error.message, /build\.ts/);
  await bare.server.close();
});

test("no key and no session was ever logged", () => {
  assert.doesNotMatch(log(), /stolen|breakwater_session/);
});
