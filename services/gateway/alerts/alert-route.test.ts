import assert from "node:assert/strict";
import { after, test } from "node:test";
import { z } from "zod";
import { alertRecord } from "../../../schemas/control/alert.ts";
import { exampleValue } from "../../../test/contract/examples.ts";
import { gatewayInMemory } from "../../../test/support/gateway-in-memory.ts";
import { AlertBook } from "../../runtime/alerts/alert-book.ts";

const book = new AlertBook();
for (const name of ["budget-threshold", "budget-refusing", "spend-anomaly"])
  book.apply({ value: Buffer.from(JSON.stringify(exampleValue("harness-alerts", name))) });
const { server } = gatewayInMemory({ alerts: book, nowMs: () => 1_795_167_000_000 + 60_000 });
after(() => server.close());

const ask = (query: string, key = "admin") =>
  server.inject({ url: `/v1/alerts${query}`, headers: { "x-api-key": key } });
const answered = z.object({ alerts: z.array(alertRecord) });

test("an admin sees them, as many and of the kind that is asked for", async () => {
  const kinds = async (query: string): Promise<readonly string[]> =>
    answered.parse((await ask(query)).json()).alerts.map(({ kind }) => kind);
  assert.equal((await kinds("")).length, 3);
  assert.deepEqual(await kinds("?kind=spend.anomaly"), ["spend.anomaly"]);
  assert.deepEqual(await kinds("?client=acme&since=1h"), ["budget.threshold"]);
  assert.deepEqual(await kinds("?since=2026-12-01"), []);
  assert.equal((await kinds("?limit=1")).length, 1);
});

test("nobody else does, and bad questions are refused", async () => {
  assert.equal((await ask("", "reviewer")).statusCode, 403);
  for (const query of ["?kind=other", "?limit=0", "?limit=501", "?since=soon", "?unknown=1"])
    assert.equal((await ask(query)).statusCode, 400, query);
});
