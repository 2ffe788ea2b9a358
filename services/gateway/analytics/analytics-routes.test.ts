/** Analytics over HTTP: who sees what, what a query may say, JSON and CSV, and the documented answers. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { nowMs, serverOf } from "../../../test/support/gateway-parts.ts";
import { answerView } from "../../ledger/answers/answer.ts";
import { questions } from "../../ledger/questions/questions.ts";
import { openApiDocument } from "../openapi/document.ts";
import { analyticsRoutes } from "./analytics-routes.ts";

const asked: Readonly<Record<string, unknown>>[] = [];
const spendOf = (feature: string) => ({
  by_feature: feature,
  calls: "2",
  failed_calls: "0",
  in_flight: "0",
  orphans: "0",
  calls_with_cost: "2",
  input_tokens: "100",
  output_tokens: "10",
  cost_usd: "0.1",
  bound_low_usd: "0.1",
  bound_high_usd: "0.1",
  unbounded_calls: "0",
});
let rows: readonly unknown[] = [];
const ledger = {
  query: (_sql: string, params: Readonly<Record<string, unknown>> = {}) => {
    asked.push(params);
    return Promise.resolve(rows);
  },
};
const routes = analyticsRoutes({ ledger, nowMs: () => nowMs });
const { server } = serverOf(routes);
after(() => server.close());

const get = (path: string, key = "acme") =>
  server.inject({ url: `/v1/analytics/${path}`, headers: { "x-api-key": key } });

for (const { name, key, query, client } of [
  { name: "a key sees its own client's", key: "acme", query: "", client: "acme" },
  { name: "also when it says whose", key: "acme", query: "client=acme", client: "acme" },
  { name: "an admin's sees all", key: "admin", query: "", client: undefined },
  { name: "or one client's", key: "admin", query: "client=acme", client: "acme" },
]) {
  test(`${name}, in every question`, async () => {
    rows = [];
    for (const question of questions) {
      asked.length = 0;
      const answer = await get(`${question.name}?${query}`, key);
      assert.equal(answer.statusCode, 200, answer.body);
      assert.doesNotThrow(() => answerView(question).parse(answer.json()));
      assert.deepEqual(new Set(asked.map((params) => params["client"])), new Set([client]), question.name);
    }
  });
}

for (const { name, query, status } of [
  { name: "another client's", query: "client=other", status: 403 },
  { name: "a dimension that is none", query: "by=weather", status: 400 },
  { name: "five dimensions", query: "by=day,client,feature,harness,model", status: 400 },
  { name: "a time without its zone", query: "since=2026-11-01T12:00", status: 400 },
  { name: "a time before all ledgers", query: "since=0020-02-29", status: 400 },
  { name: "a time that the ledger has no number for", query: "until=2107-01-01T00:00:00Z", status: 400 },
  { name: "a duration of nothing", query: "since=0d", status: 400 },
  { name: "an end before the beginning", query: "since=2026-11-02&until=2026-11-01", status: 400 },
  { name: "a word that is not known", query: "sql=1", status: 400 },
  { name: "no rows at all", query: "limit=0", status: 400 },
]) {
  test(`${name}: ${status}, and the ledger is not asked`, async () => {
    asked.length = 0;
    const answer = await get(`spend?${query}`);
    assert.deepEqual([answer.statusCode, asked.length], [status, 0], answer.body);
  });
}

test("runs have no one model: it cannot be asked for where they are counted", async () => {
  assert.equal((await get("outcomes?model=gpt-4o")).statusCode, 400);
  assert.equal((await get("spend?model=gpt-4o")).statusCode, 200);
});

test("the period is in whole hours, and said", async () => {
  const answer = await get("spend?since=2026-11-01T10:20:00Z&until=2026-11-02T00:00:01%2B01:00");
  const { since, until } = answer.json();
  assert.deepEqual([since, until], ["2026-11-01T10:00:00.000Z", "2026-11-02T00:00:00.000Z"]);
});

test("rows beyond the limit are counted and stay in the total", async () => {
  rows = [spendOf("a"), spendOf("b"), spendOf("c")];
  const answer = (await get("spend?by=feature&limit=1")).json();
  assert.deepEqual([answer.rows.length, answer.more_rows], [1, 2]);
  assert.deepEqual([answer.total.calls, answer.total.cost_usd], [6, "0.3"]);
});

test("the same as CSV, as a file of its own", async () => {
  rows = [spendOf("=cmd()"), { ...spendOf("b"), cost_usd: null }];
  const answer = await get("spend.csv?by=feature&since=2026-11-01&until=2026-12-01");
  assert.equal(answer.headers["content-type"], "text/csv; charset=utf-8");
  assert.equal(answer.headers["content-disposition"], 'attachment; filename="spend-2026-11-01-2026-12-01.csv"');
  const [head, first, second, end] = answer.body.split("\r\n");
  assert.match(head ?? "", /^feature,calls,.*,cost_usd,/);
  assert.match(first ?? "", /^'=cmd\(\),2,0,100,10,0\.1,/);
  assert.match(second ?? "", /^b,2,0,100,10,,/);
  assert.equal(end, "");
});

test("every question is documented, with its rows", () => {
  const document = JSON.stringify(openApiDocument(routes));
  for (const { name, figures } of questions) {
    assert.ok(document.includes(`"/v1/analytics/${name}":`), name);
    assert.ok(document.includes(`"/v1/analytics/${name}.csv":`), name);
    for (const figure of figures) assert.ok(document.includes(`"${figure.name}":`), figure.name);
  }
});
