/** The status over HTTP: for an admin alone, as its schema says, 200 whatever is down. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gatewayInMemory } from "../../../test/support/gateway-in-memory.ts";
import { LeaseBook } from "../../budgets/lease-book.ts";
import { TransientError } from "../../runtime/errors.ts";
import { statusReader } from "../../status/read-status.ts";
import { consumers, statusView } from "../../status/status-view.ts";

test("an admin sees how the system stands, and nobody else", async (t) => {
  const { server } = gatewayInMemory();
  t.after(() => server.close());
  const shown = await server.inject({ url: "/v1/status", headers: { "x-api-key": "admin" } });
  const { healthy, stages } = statusView.parse(shown.json());
  assert.deepEqual([shown.statusCode, healthy, stages.length], [200, true, consumers.length]);
  for (const [key, wanted] of [
    ["acme", 403],
    ["reviewer", 403],
    ["stolen", 401],
  ] as const) {
    const { statusCode } = await server.inject({ url: "/v1/status", headers: { "x-api-key": key } });
    assert.equal(statusCode, wanted);
  }
});

test("when Kafka and the ledger are away the answer is 200 and says so", async (t) => {
  const away = () => Promise.reject(new TransientError("broker_unavailable", "away"));
  const budgets = () => Promise.resolve({ budgets: [], book: new LeaseBook() });
  const status = statusReader({ stages: away, breakers: away, commands: away, budgets, ledger: { query: away } });
  const { server } = gatewayInMemory({ status });
  t.after(() => server.close());
  const shown = await server.inject({ url: "/v1/status", headers: { "x-api-key": "admin" } });
  const { healthy, unknown } = statusView.parse(shown.json());
  assert.deepEqual([shown.statusCode, healthy], [200, false]);
  assert.deepEqual(unknown, ["stages", "breakers", "pauses", "ledger"]);
});
