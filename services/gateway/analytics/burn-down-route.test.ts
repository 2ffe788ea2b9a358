/** Who sees which budgets burn down. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { nowMs, serverOf } from "../../../test/support/gateway-parts.ts";
import { sampleBudget } from "../../../test/support/lease-log.ts";
import { LeaseBook } from "../../budgets/lease-book.ts";
import { burnDownRoute } from "./burn-down-route.ts";

const budgets = [
  sampleBudget({ budget_id: "client=acme/month", window: "month" }),
  sampleBudget({ budget_id: "client=other/month", scope: { client_id: "other" }, window: "month" }),
  sampleBudget({ budget_id: "all/month", scope: {}, window: "month" }),
];
const { server } = serverOf([
  burnDownRoute({
    ledger: { query: () => Promise.resolve([]) },
    standings: { budgets: () => budgets, book: new LeaseBook() },
    nowMs: () => nowMs,
  }),
]);
after(() => server.close());

const get = (key: string, query = "") =>
  server.inject({ url: `/v1/analytics/burn-down?${query}`, headers: { "x-api-key": key } });

for (const { name, key, query, ids } of [
  { name: "a key sees the budgets of its own client", key: "acme", query: "", ids: ["client=acme/month"] },
  { name: "an admin's sees all", key: "admin", query: "", ids: budgets.map(({ budget_id }) => budget_id) },
  { name: "or one client's", key: "admin", query: "client=other", ids: ["client=other/month"] },
]) {
  test(name, async () => {
    const answer = await get(key, query);
    assert.equal(answer.statusCode, 200, answer.body);
    assert.deepEqual(
      answer.json().rows.map((row: { readonly budget_id: string }) => row.budget_id),
      ids,
    );
  });
}

test("another client's: 403", async () => {
  assert.equal((await get("acme", "client=other")).statusCode, 403);
});
