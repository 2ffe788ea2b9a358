import assert from "node:assert/strict";
import { after, test } from "node:test";
import { nowMs, serverOf } from "../../../test/support/gateway-parts.ts";
import { StoreError } from "../../ledger/clickhouse.ts";
import { costRoutes } from "./cost-routes.ts";

const asked: Record<string, unknown>[] = [];
let isAway = false;
const ledger = {
  query: (_sql: string, params: Readonly<Record<string, unknown>> = {}) => {
    if (isAway) return Promise.reject(new StoreError("unavailable", null, new Error("canary")));
    asked.push({ ...params });
    return Promise.resolve([]);
  },
};
const { server } = serverOf(costRoutes({ ledger, nowMs: () => nowMs }));
after(() => server.close());

const costs = (query: string, key: string) =>
  server.inject({ url: `/v1/costs?${query}`, headers: { "x-api-key": key } });

for (const { name, key, query, client } of [
  { name: "a key sees its own client's costs", key: "acme", query: "by=model,day", client: "acme" },
  { name: "also when it says whose", key: "acme", query: "client=acme", client: "acme" },
  { name: "an admin's sees all", key: "admin", query: "by=client", client: undefined },
  { name: "or one client's", key: "admin", query: "client=acme&from=2026-11-01&feature=digest", client: "acme" },
]) {
  test(name, async () => {
    const answer = await costs(query, key);
    assert.equal(answer.statusCode, 200, answer.body);
    assert.deepEqual([asked.at(-1)?.["client"], asked.at(-2)?.["client"]], [client, client]);
  });
}

for (const { name, key, query, status, code } of [
  { name: "another client's costs", key: "acme", query: "client=other", status: 403, code: "forbidden" },
  { name: "a dimension that is none", key: "acme", query: "by=weather", status: 400, code: "invalid_request" },
  {
    name: "a time without its zone",
    key: "acme",
    query: "from=2026-11-01T12:00",
    status: 400,
    code: "invalid_request",
  },
  { name: "a word that is not known", key: "acme", query: "sql=1", status: 400, code: "invalid_request" },
]) {
  test(`${name}: ${status} ${code}`, async () => {
    const before = asked.length;
    const answer = await costs(query, key);
    assert.deepEqual([answer.statusCode, answer.json().error.code, asked.length], [status, code, before]);
  });
}

test("a ledger that is away is 503 and worth another try", async () => {
  isAway = true;
  const answer = await costs("", "acme");
  isAway = false;
  assert.deepEqual([answer.statusCode, answer.json().error.code], [503, "ledger_unavailable"]);
  assert.equal(answer.headers["retry-after"], "1");
  assert.doesNotMatch(answer.body, /canary/);
});
