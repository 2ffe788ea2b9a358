/** The server as its routes declare it: access first, then the request's shape, errors in the route's dialect. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { z } from "zod";
import { serverOf } from "../../test/support/gateway-parts.ts";
import { keyedRoute, openRoute, type GatewayRoute } from "./route.ts";

const access = ["key", "run", "review", "admin"] as const;
const routes: readonly GatewayRoute[] = [
  openRoute({
    method: "GET",
    url: "/open",
    dialect: "native",
    tag: "system",
    summary: "Open",
    accepts: {},
    answers: { 200: { description: "Fine", body: z.object({ ok: z.boolean() }) } },
    handle: () => Promise.resolve({ ok: true }),
  }),
  ...access.map((name) =>
    keyedRoute({
      method: "POST",
      url: `/${name}/:id`,
      access: name,
      dialect: name === "run" ? "anthropic" : "native",
      tag: "runs",
      summary: name,
      accepts: { params: z.object({ id: z.string() }), body: z.strictObject({ count: z.int() }) },
      answers: { 200: { description: "Fine" } },
      handle: ({ params, body, client }) => {
        if (body.count === 0) throw new Error("canary of the inside");
        return Promise.resolve({ id: params.id, next: body.count + 1, client: client.clientId });
      },
    }),
  ),
];

const { server } = serverOf(routes, { bodyLimitBytes: 1000 });
after(() => server.close());

const post = (url: string, key: string | null, body: unknown) =>
  server.inject({
    method: "POST",
    url,
    headers: { "content-type": "application/json", ...(key === null ? {} : { "x-api-key": key }) },
    payload: typeof body === "string" ? body : JSON.stringify(body),
  });

test("an open route answers whoever asks", async () => {
  const answer = await server.inject("/open");
  assert.deepEqual([answer.statusCode, answer.json()], [200, { ok: true }]);
});

test("what is parsed is what the work gets, its caller beside it", async () => {
  const answer = await post("/key/7", "acme", { count: 1 });
  assert.deepEqual(answer.json(), { id: "7", next: 2, client: "acme" });
});

test("no key and a wrong key get the same 401, on every route but open ones, before the body is looked at", async () => {
  for (const name of access) {
    const [none, wrong] = await Promise.all([post(`/${name}/1`, null, "{"), post(`/${name}/1`, "stolen", "{")]);
    assert.equal(none.statusCode, 401, name);
    assert.equal(wrong.body, none.body);
    assert.equal(none.headers["www-authenticate"], 'Bearer realm="breakwater"');
  }
});

test("a key opens what its scopes say", async () => {
  const opened = async (key: string): Promise<readonly string[]> => {
    const answers = await Promise.all(access.map((name) => post(`/${name}/1`, key, { count: 1 })));
    return access.filter((_, index) => answers[index]?.statusCode === 200);
  };
  assert.deepEqual(await opened("acme"), ["key", "run"]);
  assert.deepEqual(await opened("reviewer"), ["key", "run", "review"]);
  assert.deepEqual(await opened("admin"), ["key", "run", "review", "admin"]);
});

for (const { name, body, status, code } of [
  { name: "a field of the wrong kind", body: { count: "x" }, status: 400, code: "invalid_request" },
  { name: "a field that is not known", body: { count: 1, more: 1 }, status: 400, code: "invalid_request" },
  { name: "text that is no JSON", body: '{"count": canary', status: 400, code: "invalid_request" },
  { name: "a prototype to poison", body: '{"count": 1, "__proto__": {"a": 1}}', status: 400, code: "invalid_request" },
  { name: "a body that is too large", body: { count: 1, pad: "x".repeat(2000) }, status: 413, code: "body_too_large" },
  { name: "a failure inside", body: { count: 0 }, status: 500, code: "internal_error" },
]) {
  test(`${name} is ${status} ${code}, in the route's shape, with nothing of the inside`, async () => {
    const answer = await post("/key/1", "acme", body);
    assert.deepEqual([answer.statusCode, answer.json().error.code], [status, code]);
    assert.doesNotMatch(answer.body, /canary|stack|node_modules/);
    const other = await post("/run/1", "acme", body);
    assert.deepEqual([other.statusCode, other.json().type, other.json().error.type], [status, "error", code]);
  });
}

test("the field at fault is named", async () => {
  const answer = await post("/key/1", "acme", { count: "x" });
  assert.equal(answer.json().error.param, "count");
});
