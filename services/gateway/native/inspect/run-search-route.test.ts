import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { serverOf } from "../../../../test/support/gateway-parts.ts";
import { runSearchRoute } from "./run-search-route.ts";

const runId = "0198c5a0-0000-7000-8000-00000000000a";
const found = {
  run_id: runId,
  status: "ok",
  client_id: "acme",
  feature: null,
  harness: "summarise",
  harness_version: "0123456789abcdef",
  batch_id: null,
  document: null,
  answered_model: "gpt-4o",
  attempts: "1",
  calls: "1",
  cost_usd: "0.0006375",
  unpriced_calls: "0",
  duration_ms: "900",
  at: "2026-11-22T12:00:00.000Z",
  finished_at: "2026-11-22T12:00:00.000Z",
};
let asked: Record<string, unknown>[] = [];
const ledger = {
  query: (sql: string, params: Readonly<Record<string, unknown>> = {}) => {
    asked.push({ ...params });
    return Promise.resolve(sql.includes("runs_in_review") ? [] : [found]);
  },
};
const { server } = serverOf([runSearchRoute({ ledger })]);
after(() => server.close());
beforeEach(() => void (asked = []));

const runs = (query: string, key = "admin") =>
  server.inject({ url: `/v1/runs?${query}`, headers: { "x-api-key": key } });

for (const { name, key, query, client } of [
  { name: "a key finds its own client's runs", key: "acme", query: "status=ok", client: "acme" },
  { name: "also when it says whose", key: "acme", query: "client=acme", client: "acme" },
  { name: "an admin's finds all", key: "admin", query: "", client: undefined },
  { name: "or one client's", key: "admin", query: "client=acme&run=0198C5", client: "acme" },
]) {
  test(name, async () => {
    const answer = await runs(query, key);
    assert.equal(answer.statusCode, 200, answer.body);
    assert.ok(asked.length > 1);
    for (const params of asked) assert.equal(params["client"], client);
  });
}

test("a full page says where the next one begins, and that is taken as it is", async () => {
  const answer = await runs("limit=1");
  assert.deepEqual(answer.json(), {
    runs: [{ ...found, attempts: 1, calls: 1, unpriced_calls: 0, duration_ms: 900 }],
    next: `${Date.UTC(2026, 10, 22, 12)}.${runId}`,
  });
  asked = [];
  const last = await runs(`limit=2&cursor=${answer.json().next}`);
  assert.equal(last.json().next, null);
  assert.deepEqual([asked[0]?.["afterMs"], asked[0]?.["afterRun"]], [Date.UTC(2026, 10, 22, 12), runId]);
});

for (const [query, status, key] of [
  ["client=other", 403, "acme"],
  ["status=broken", 400],
  ["run=xyz", 400],
  ["run=%25", 400],
  ["limit=0", 400],
  ["limit=201", 400],
  ["limit=many", 400],
  ["cursor=1", 400],
  [`cursor=12345678901234.${runId}`, 400],
  ["min_cost_usd=-1", 400],
  ["min_cost_usd=1e400", 400],
  ["from=yesterday", 400],
  ["sql=1", 400],
] as const) {
  test(`${query} is ${status}, and nothing is read`, async () => {
    assert.equal((await runs(query, key)).statusCode, status);
    assert.deepEqual(asked, []);
  });
}
