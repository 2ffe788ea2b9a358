/** A statement against the ledger's own sums: random months, exact to the last digit. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { ledgerRow } from "../../services/cost-aggregate/rows.ts";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import { costs } from "../../services/ledger/costs.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import { readStatement, statement } from "../../services/ledger/statements/read-statement.ts";
import { statementCsv } from "../../services/ledger/statements/statement-csv.ts";
import { statementPage } from "../../services/ledger/statements/statement-page.ts";
import { addKnownUsd, Decimal, toUsd } from "../../services/pricing/usd.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";
import { finishedCall, startedCall } from "../support/ledger-records.ts";

let house: TestClickHouse;
let store: Store;
before(async () => {
  house = await startTestClickHouse();
  store = connectStore({ url: house.url, user: "default", password: "", database: "statements" });
  await migrate(store);
});
after(async () => {
  await store.close();
  await house.stop();
});

const october = Date.UTC(2026, 9);
const november = Date.UTC(2026, 10);
const nowMs = Date.UTC(2027, 0);
const amount = fc
  .bigInt({ min: 0n, max: 10n ** 15n })
  .map((units) => toUsd(new Decimal(units.toString()).times("1e-12")));
const call = fc.record({
  at: fc.constantFrom(october - 1, october, october + 86_400_000, november - 1, november),
  feature: fc.constantFrom("digest", "=1+1", '<b>"&'),
  model: fc.constantFrom("gpt-4o", "gpt-4o-mini"),
  price: fc.constantFrom("p1", "p2"),
  cost: fc.option(amount),
  isFinished: fc.boolean(),
});

let clients = 0;
let calls = 0;

test("a statement's lines, versions and total are the ledger's sums, and a page and CSV hold them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 12 }), async (made) => {
      clients += 1;
      const client = `client-${clients}`;
      const rows = made.map(({ at, feature, model, price, cost, isFinished }) => {
        calls += 1;
        const fields = {
          client_id: client,
          feature,
          model,
          price_version: price,
          started_at_ms: at,
          deadline_at_ms: at + 1,
        };
        const record = isFinished
          ? finishedCall(calls, { ...fields, finished_at_ms: at + 1, cost_usd: cost })
          : startedCall(calls, fields);
        const reading = ledgerRow({ topic: "harness-calls", partition: 0, offset: 1n }, JSON.stringify(record));
        assert.equal(reading.kind, "row");
        return reading.entry.row;
      });
      await store.insert("calls", rows);
      await store.insert("calls", rows);
      const of = statement.parse(await readStatement(store, { client, month: "2026-10", nowMs }));
      const [all] = await costs(store, [], { client, fromMs: october, toMs: november });
      assert.equal(of.cost_usd, all?.costUsd ?? null);
      assert.equal(of.calls, all?.calls ?? 0);
      assert.equal(of.orphans.calls, all?.orphans ?? 0);
      for (const parts of [of.lines, of.price_versions]) {
        assert.equal(parts.map(({ cost_usd: usd }) => usd).reduce(addKnownUsd, null), of.cost_usd);
        assert.equal(
          parts.reduce((sum, { calls: count }) => sum + count, 0),
          of.calls,
        );
      }
      const cells: readonly Record<string, string>[] = parse(statementCsv(of), { columns: true });
      assert.equal(cells.at(-1)?.["cost_usd"], of.cost_usd ?? "");
      assert.equal(cells.filter(({ kind }) => kind === "line").length, of.lines.length);
      assert.ok(!cells.some(({ feature = "" }) => feature.startsWith("=")));
      assert.ok(!statementPage(of).includes("<b>"));
      assert.ok(statementPage(of).includes(`USD ${of.cost_usd_cents ?? "unknown"}`));
    }),
    { numRuns: 25 },
  );
});

test("a month that runs is not final, and another client's or nobody's is empty", async () => {
  const running = await readStatement(store, { client: "nobody", month: "2026-10", nowMs: october + 1 });
  assert.deepEqual([running.is_final, running.calls, running.cost_usd, running.lines], [false, 0, null, []]);
  assert.equal((await readStatement(store, { client: "nobody", month: "2026-10", nowMs })).is_final, true);
});
