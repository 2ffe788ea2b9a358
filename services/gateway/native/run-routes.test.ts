import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fakeDesk, noRecords, nowMs, resultOf, serverOf } from "../../../test/support/gateway-parts.ts";
import { StoreError } from "../../ledger/clickhouse.ts";
import { runDocument } from "./inspect/shown-run.ts";
import { runRoutes } from "./run-routes.ts";
import { runView } from "./run-view.ts";

const fake = fakeDesk();
let ledgerRows: (sql: string) => readonly unknown[] = () => [];
const ledger = { query: (sql: string) => Promise.resolve().then(() => ledgerRows(sql)) };
const { server, log } = serverOf(
  runRoutes({ ...noRecords, admission: fake, desk: fake.desk, ledger, waitMs: 60_000, nowMs: () => nowMs }),
);
after(() => server.close());

const run = { harness: "summarise", input: { text: "canary of the prompt" } };
const post = (body: object, headers: Record<string, string> = {}) =>
  server.inject({ method: "POST", url: "/v1/runs", headers: { "x-api-key": "acme", ...headers }, payload: body });
const ask = (method: "GET" | "DELETE", url: string, key = "acme") =>
  server.inject({ method, url, headers: { "x-api-key": key } });

test("a run is waited for and answered, with its id and the limits' headers", async () => {
  const answer = await post({ ...run, feature: "digest", deadline_ms: 5000 }, { "idempotency-key": "k-1" });
  assert.equal(answer.statusCode, 200, answer.body);
  const view = runView.parse(answer.json());
  assert.deepEqual([view.state, view.status, view.output], ["ended", "ok", "fine"]);
  assert.equal(answer.headers["breakwater-run-id"], view.run_id);
  assert.match(String(answer.headers["ratelimit"]), /requests/);
  const handed = fake.admitted.at(-1);
  assert.equal(handed?.idempotencyKey, "k-1");
  assert.deepEqual(handed?.run, { ...run, feature: "digest", client_id: "acme", deadline_at_ms: nowMs + 5000 });
});

test("whose run it is, the key says: a body cannot", async () => {
  const answer = await post({ ...run, client_id: "other" });
  assert.equal(answer.statusCode, 400);
});

test("a refused run is told in the limits' words, and nothing is waited for", async () => {
  fake.refuseWith({ status: 429, code: "rate_limited", message: "slow down", retryAfterMs: 1200 });
  const answer = await post(run);
  fake.refuseWith(null);
  assert.deepEqual([answer.statusCode, answer.json().error.code], [429, "rate_limited"]);
  assert.equal(answer.headers["retry-after"], "2");
  assert.match(String(answer.headers["ratelimit"]), /requests/);
});

for (const { prefer, applied } of [
  { prefer: "respond-async", applied: "respond-async" },
  { prefer: "wait=0", applied: "wait=0" },
]) {
  test(`Prefer: ${prefer} answers 202 and where to ask`, async () => {
    fake.end(null);
    const answer = await post(run, { prefer });
    fake.end((id) => ({ kind: "ended", result: resultOf(id) }));
    const view = runView.parse(answer.json());
    assert.deepEqual([answer.statusCode, view.state], [202, "running"]);
    assert.equal(answer.headers["location"], `/v1/runs/${view.run_id}`);
    assert.equal(answer.headers["preference-applied"], applied);
    assert.deepEqual(fake.released.at(-1), { left: false });
  });
}

test("a run that a person decides on answers 202 in_review", async () => {
  fake.end(() => ({ kind: "in_review" }));
  const answer = await post(run);
  fake.end((id) => ({ kind: "ended", result: resultOf(id) }));
  assert.deepEqual([answer.statusCode, answer.json().state], [202, "in_review"]);
});

test("a run is shown to its client, with what the ledger knows, and to nobody else", async () => {
  const runId: string = (await post(run)).json().run_id;
  const own = await ask("GET", `/v1/runs/${runId}`);
  assert.equal(own.statusCode, 200, own.body);
  assert.deepEqual(runDocument.parse(own.json()).timeline, { result: null, calls: [], decisions: [], reviews: [] });
  assert.equal((await ask("GET", `/v1/runs/${runId}`, "other")).statusCode, 404);
  assert.equal((await ask("GET", `/v1/runs/${runId.toUpperCase()}`)).statusCode, 200);
});

test("a ledger that is away keeps no result back", async () => {
  const runId: string = (await post(run)).json().run_id;
  ledgerRows = () => {
    throw new StoreError("unavailable", null, new Error("canary"));
  };
  const answer = await ask("GET", `/v1/runs/${runId}`);
  ledgerRows = () => [];
  assert.deepEqual([answer.statusCode, answer.json().output, answer.json().timeline], [200, "fine", null]);
});

test("a run is cancelled by its client only; one that has ended is shown instead", async () => {
  fake.end(null);
  const runId: string = (await post(run, { prefer: "respond-async" })).json().run_id;
  const cancelled = await ask("DELETE", `/v1/runs/${runId}`);
  assert.deepEqual([cancelled.statusCode, fake.cancelled], [202, [runId]]);
  assert.equal((await ask("DELETE", `/v1/runs/${runId}`, "other")).statusCode, 404);
  fake.end((id) => ({ kind: "ended", result: resultOf(id) }));
  const ended = await ask("DELETE", `/v1/runs/${runId}`);
  assert.deepEqual([ended.statusCode, ended.json().state, fake.cancelled.length], [200, "ended", 1]);
});

for (const { name, method, url, status, code } of [
  { name: "a run id that is none", method: "GET", url: "/v1/runs/42", status: 400, code: "invalid_request" },
  {
    name: "a run that nobody knows",
    method: "GET",
    url: "/v1/runs/0198c5a0-0000-7000-8000-999999999999",
    status: 404,
    code: "run_not_found",
  },
  { name: "a method that no route has", method: "PUT", url: "/v1/runs", status: 405, code: "method_not_allowed" },
  { name: "an address that no route has", method: "GET", url: "/v2/runs", status: 404, code: "not_found" },
] as const) {
  test(`${name} is ${status} ${code}`, async () => {
    const answer = await server.inject({ method, url, headers: { "x-api-key": "acme" } });
    assert.deepEqual([answer.statusCode, answer.json().error.code], [status, code]);
    assert.equal(answer.headers["allow"], status === 405 ? "POST" : undefined);
  });
}

test("neither prompts nor answers nor keys nor addresses are in the log", () => {
  assert.match(log(), /"route":"\/v1\/runs\/:id"/);
  assert.doesNotMatch(log(), /canary|fine|acme|k-1|\/v2/);
});
