import assert from "node:assert/strict";
import { after, test } from "node:test";
import { nowMs, serverOf } from "../../../test/support/gateway-parts.ts";
import { statement } from "../../ledger/statements/read-statement.ts";
import { statementRoutes } from "./statement-routes.ts";

const asked: Readonly<Record<string, unknown>>[] = [];
const row = {
  feature: "<script>alert(1)</script>",
  harness: "summarise",
  provider: "openai",
  model: "gpt-4o",
  price_version: "p1",
  kind: "known",
  calls: "2",
  input_tokens: "10",
  output_tokens: "5",
  cost_usd: "1.005",
  low_usd: "1.005",
  high_usd: "1.005",
};
const charge = { ...row, day: "2026-10-02", client: "acme", harness_version: "0123456789abcdef" };
const ledger = {
  query: (sql: string, params: Readonly<Record<string, unknown>> = {}) => {
    if (sql.includes("repriced_calls")) return Promise.resolve([]);
    asked.push(params);
    return Promise.resolve([sql.includes("harness_version") ? charge : row]);
  },
};
const { server } = serverOf(statementRoutes({ ledger, nowMs: () => nowMs }));
after(() => server.close());
const get = (path: string, key: string) =>
  server.inject({ url: `/v1/statements/${path}`, headers: { "x-api-key": key } });

for (const { name, path, key, status } of [
  { name: "a key's own client's month", path: "2026-10", key: "acme", status: 200 },
  { name: "another client's", path: "2026-10?client=other", key: "acme", status: 403 },
  { name: "a client's that an admin names", path: "2026-10?client=acme", key: "admin", status: 200 },
  { name: "nobody's, for an admin", path: "2026-10", key: "admin", status: 400 },
  { name: "a month that is none", path: "2026-13", key: "acme", status: 400 },
  { name: "a month of no century of ours", path: "0000-01/csv", key: "acme", status: 400 },
  { name: "without a key", path: "2026-10/page", key: "none", status: 401 },
])
  test(`${name}: ${status}`, async () => {
    asked.length = 0;
    const answer = await get(path, key);
    assert.equal(answer.statusCode, status, answer.body);
    assert.deepEqual(
      asked.map((params) => params["client"]),
      status === 200 ? ["acme"] : [],
    );
    if (status === 200) assert.equal(statement.parse(answer.json()).cost_usd_cents, "1.00");
  });

test("the page runs nothing, loads nothing and escapes what callers named; the CSV is a file", async () => {
  const page = await get("2026-10/page", "acme");
  assert.match(String(page.headers["content-security-policy"]), /^default-src 'none'; style-src 'sha256-[^']+';/);
  assert.doesNotMatch(page.body, /<script/);
  assert.match(page.body, /&lt;script&gt;/);
  const csv = await get("2026-10/csv", "acme");
  assert.match(String(csv.headers["content-disposition"]), /statement-2026-10\.csv/);
  assert.match(csv.body, /total,acme,2026-10,,,,,2,,,1\.005,,\r\n$/);
});

for (const { name, path, key, status, client } of [
  { name: "a key's own client's charges", path: "2026-10/focus", key: "acme", status: 200, client: ["acme"] },
  { name: "another client's charges", path: "2026-10/focus?client=other", key: "acme", status: 403, client: [] },
  { name: "everybody's charges, for an admin", path: "2026-10/focus", key: "admin", status: 200, client: [undefined] },
  {
    name: "one client's, for an admin",
    path: "2026-10/focus?client=acme",
    key: "admin",
    status: 200,
    client: ["acme"],
  },
  { name: "charges of a month that is none", path: "2026-00/focus", key: "admin", status: 400, client: [] },
])
  test(`${name}: ${status}`, async () => {
    asked.length = 0;
    const answer = await get(path, key);
    assert.equal(answer.statusCode, status, answer.body);
    assert.deepEqual(
      asked.map((params) => params["client"]),
      client,
    );
    if (status !== 200) return;
    assert.match(String(answer.headers["content-disposition"]), /focus-2026-10\.csv/);
    assert.match(answer.body, /^BilledCost,BillingAccountId,.*\r\n1\.005,openai,,USD,2026-11-01T00:00:00Z,/);
  });
