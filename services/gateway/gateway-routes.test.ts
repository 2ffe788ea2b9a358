/**
 * The laws of all routes together: each is declared, only open ones answer
 * without a key, and each that can spend passes admission once and does nothing
 * when that refuses.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fixedHarnesses } from "../../test/support/chat-gateway.ts";
import { emptyParts } from "../../test/support/gateway-in-memory.ts";
import { fakeDesk, knownKeys, serverOf } from "../../test/support/gateway-parts.ts";
import { gatewayRoutes } from "./gateway-routes.ts";
import { openApiDocument } from "./openapi/document.ts";
import { pagePrefix } from "./openapi/page.ts";
import { objectOf } from "./openapi/schema-json.ts";
import type { GatewayRoute } from "./route.ts";

const fake = fakeDesk();
const routes = gatewayRoutes(emptyParts(new Map(Object.entries(knownKeys)), fake));
const { server } = serverOf(routes);
after(() => server.close());

const harness = fixedHarnesses.names()[0] ?? "";
const messages = [{ role: "user", content: "Where is my parcel?" }];
/** A good body for each route that can spend: a new one fails the test below until it has its own here. */
const bodies: Readonly<Record<string, object | string>> = {
  "/v1/batches": JSON.stringify({ input: { text: "Where is my parcel?" } }),
  "/v1/chat/completions": { model: harness, messages },
  "/v1/messages": { model: harness, messages, max_tokens: 100 },
  "/v1/runs": { harness, input: { text: "Where is my parcel?" } },
};

const ask = ({ method, url, uploadTypes }: GatewayRoute, headers: Record<string, string>) =>
  server.inject({
    method,
    url: url.replace(":id", "0198c5a0-0000-7000-8000-999999999999"),
    headers: { ...headers, ...(uploadTypes === undefined ? {} : { "content-type": uploadTypes[0] }) },
    ...(uploadTypes === undefined ? {} : { query: { harness } }),
    ...(bodies[url] === undefined ? {} : { payload: bodies[url] }),
  });

test("every route is registered, with its method", async () => {
  await server.ready();
  for (const { method, url } of routes) assert.ok(server.hasRoute({ method, url }), `${method} ${url}`);
});

test("no route but open ones answers without a key, and all say the same", async () => {
  const open = routes.filter(({ access }) => access === "open").map(({ url }) => url);
  assert.deepEqual(open.toSorted(), [
    "/console",
    "/console/*",
    "/console/assets/:file",
    "/console/session",
    "/healthz",
    "/openapi.json",
    "/readyz",
  ]);
  for (const route of routes.filter(({ access }) => access !== "open")) {
    for (const headers of [{}, { authorization: "Bearer bw_stolen" }, { "x-api-key": "" }]) {
      const answer = await ask(route, headers);
      assert.equal(answer.statusCode, 401, `${route.method} ${route.url}`);
      assert.equal(answer.body.includes("revoked") || answer.body.includes("expired"), false);
    }
  }
});

test("admin's routes answer an admin's key only", async () => {
  const admins = routes.filter(({ access }) => access === "admin");
  assert.ok(admins.length > 0);
  for (const route of admins) {
    assert.equal((await ask(route, { "x-api-key": "acme" })).statusCode, 403, route.url);
    assert.ok(![401, 403, 500].includes((await ask(route, { "x-api-key": "admin" })).statusCode), route.url);
  }
});

test("every route that can spend is known here", () => {
  const spending = routes.filter(({ access }) => access === "run").map(({ url }) => url);
  assert.deepEqual(spending.toSorted(), Object.keys(bodies).toSorted());
});

test("whoever takes content in a body can spend, or is an operator, but for who logs in", () => {
  const taking = routes.filter(({ accepts }) => accepts.body !== undefined);
  assert.deepEqual(
    taking.filter(({ access }) => access === "key" || access === "open").map(({ url }) => url),
    ["/console/session"],
  );
});

for (const route of routes.filter(({ access }) => access === "run")) {
  test(`${route.url} passes admission once, and does no more when it is refused`, async () => {
    const before = fake.admitted.length;
    const released = fake.released.length;
    fake.refuseWith({ status: 429, code: "rate_limited", message: "slow down", retryAfterMs: 3000 });
    const refused = await ask(route, { "x-api-key": "acme" });
    fake.refuseWith(null);
    assert.deepEqual([refused.statusCode, refused.headers["retry-after"]], [429, "3"], refused.body);
    assert.equal(refused.headers["breakwater-run-id"], undefined);
    assert.equal(fake.admitted.length, before + 1);
    const taken = await ask(route, { "x-api-key": "acme" });
    assert.equal(taken.statusCode, route.uploadTypes === undefined ? 200 : 202, taken.body);
    assert.equal(fake.admitted.length, before + 2);
    assert.equal(fake.admitted.at(-1)?.run.client_id, "acme");
    // What was admitted has given its place back; what was refused never had one.
    assert.equal(fake.released.length, released + 1);
  });
}

test("the document describes every route, what it takes and how it fails", () => {
  const { openapi, paths } = openApiDocument(routes);
  assert.equal(openapi, "3.1.0");
  for (const { method, url, access, accepts } of routes.filter(({ tag }) => tag !== "page")) {
    const place = objectOf(objectOf(paths)[url.replaceAll(/:([a-z]+)/g, "{$1}")]);
    const { security, responses, requestBody } = objectOf(place[method.toLowerCase()]);
    assert.deepEqual(Array.isArray(security) && security.length > 0, access !== "open", url);
    assert.equal(requestBody !== undefined, accepts.body !== undefined, url);
    assert.ok("default" in objectOf(responses), url);
    if (access !== "open") assert.ok("401" in objectOf(responses), url);
  }
  assert.doesNotMatch(JSON.stringify(paths), /\$ref|\$defs/);
});

test("the document and its page are served, the page under a policy that lets it run its own scripts only", async () => {
  const served = await server.inject("/openapi.json");
  assert.deepEqual(served.json(), JSON.parse(JSON.stringify(openApiDocument(routes))));
  const page = await server.inject(`${pagePrefix}/`);
  assert.equal(page.statusCode, 200);
  assert.match(String(page.headers["content-security-policy"]), /script-src 'self';/);
  assert.doesNotMatch(page.body, /<script>|https?:\/\//);
  const parts = [...page.body.matchAll(/(?:src|href)="\.([^"]+)"/g)].map(([, part = ""]) => part);
  assert.ok(parts.length > 2);
  for (const part of parts) assert.equal((await server.inject(`${pagePrefix}${part}`)).statusCode, 200, part);
  assert.deepEqual((await server.inject(`${pagePrefix}/json`)).json(), served.json());
});
