/** A statement against the ledger's own sums: random months, exact to the last digit. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { ledgerRow } from "../../services/cost-aggregate/rows.ts";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import { costs } from "../../services/ledger/costs.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import { recordRepricing } from "../../services/ledger/repricing/record-repricing.ts";
import { focusCsv } from "../../services/ledger/statements/focus-csv.ts";
import { readFocus } from "../../services/ledger/statements/read-focus.ts";
import { readStatement, statement } from "../../services/ledger/statements/read-statement.ts";
import { statementCsv } from "../../services/ledger/statements/statement-csv.ts";
import { statementPage } from "../../services/ledger/statements/statement-page.ts";
import { addKnownUsd, Decimal, toUsd } from "../../services/pricing/usd.ts";
import { run } from "../cli/command.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";
import { finishedCall, startedCall, uuid } from "../support/ledger-records.ts";

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
      const charges: readonly Record<string, string>[] = parse(
        focusCsv(await readFocus(store, { client, month: "2026-10" })),
        { columns: true },
      );
      assert.equal(charges.map((charge) => charge["BilledCost"] ?? null).reduce(addKnownUsd, null), of.cost_usd);
      assert.equal(
        charges.reduce((sum, charge) => sum + Number(charge["x_Calls"]), 0),
        all?.callsWithCost ?? 0,
      );
      assert.ok(!statementPage(of).includes("<b>"));
      assert.ok(statementPage(of).includes(`USD ${of.cost_usd_cents ?? "unknown"}`));
    }),
    { numRuns: 25 },
  );
});

test("everybody's charges of a month are the ledger's sum over all clients", async () => {
  const [all] = await costs(store, [], { fromMs: october, toMs: november });
  const charges = await readFocus(store, { month: "2026-10" });
  assert.equal(charges.map(({ cost_usd: usd }) => usd).reduce(addKnownUsd, null), all?.costUsd);
  assert.ok(new Set(charges.map(({ client }) => client)).size > 1);
});

test("the command writes the same charges, and says on stderr how many calls are none", async () => {
  const env = { CLICKHOUSE_URL: house.url, CLICKHOUSE_DATABASE: "statements" };
  const { code, stdout, stderr } = await run(house.dataDir, ["costs", "export", "--focus", "--month", "2026-10"], env);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, focusCsv(await readFocus(store, { month: "2026-10" })));
  const [all] = await costs(store, [], { fromMs: october, toMs: november });
  const outside = (all?.calls ?? 0) - (all?.callsWithCost ?? 0);
  assert.ok(outside > 0 && stderr.includes(`${outside} calls are no charge`), stderr);
  const bare = await run(house.dataDir, ["costs", "export", "--month", "2026-10"], env);
  assert.deepEqual([bare.code, bare.stdout], [2, ""]);
});

test("a month that was priced again says so beside, newest first, and its sum stands", async () => {
  const client = "repriced";
  const ids = [900_001, 900_002, 900_003];
  const records = ids.map((id, index) =>
    finishedCall(id, {
      client_id: client,
      started_at_ms: index === 2 ? november : october,
      deadline_at_ms: november + 1,
      cost_usd: "0.5",
    }),
  );
  const rows = records.map((record) => {
    const reading = ledgerRow({ topic: "harness-calls", partition: 0, offset: 1n }, JSON.stringify(record));
    assert.equal(reading.kind, "row");
    return reading.entry.row;
  });
  await store.insert("calls", rows);
  const before = await readStatement(store, { client, month: "2026-10", nowMs });
  assert.deepEqual(before.repricings, []);
  const repriced = (callIds: readonly number[], costUsd: string | null) =>
    callIds.map((id) => ({
      callId: uuid(id),
      costUsd,
      priceVersion: "p9",
      stampedUsd: "0.5",
      stampedVersion: "p1",
    }));
  await recordRepricing(store, { id: uuid(1), atMs: november }, repriced(ids, "0.400000000001"));
  await recordRepricing(store, { id: uuid(2), atMs: november + 1000 }, repriced(ids.slice(1, 2), null));
  const { repricings, ...rest } = await readStatement(store, { client, month: "2026-10", nowMs });
  assert.deepEqual({ ...rest, repricings: [] }, before);
  assert.deepEqual(
    repricings.map(({ repricing_id: id, ...of }) => [id, of]),
    [
      [
        uuid(2),
        { repriced_at: "2026-11-01T00:00:01.000Z", calls: 1, cost_usd: null, repriced_usd: null, unknown_calls: 1 },
      ],
      [
        uuid(1),
        {
          repriced_at: "2026-11-01T00:00:00.000Z",
          calls: 1,
          cost_usd: "0.5",
          repriced_usd: "0.400000000001",
          unknown_calls: 0,
        },
      ],
    ],
  );
  const page = statementPage({ ...rest, repricings });
  assert.match(page, /Priced again[^]*1, of which 1 unknown[^]*0\.400000000001/);
  assert.doesNotMatch(statementPage(before), /Priced again/);
  assert.match(
    statementCsv({ ...rest, repricings }),
    /repricing,repriced,2026-10,,,,2026-11-01T00:00:00\.000Z,1,,,0\.4/,
  );
});

test("a month that runs is not final, and another client's or nobody's is empty", async () => {
  const running = await readStatement(store, { client: "nobody", month: "2026-10", nowMs: october + 1 });
  assert.deepEqual([running.is_final, running.calls, running.cost_usd, running.lines], [false, 0, null, []]);
  assert.equal((await readStatement(store, { client: "nobody", month: "2026-10", nowMs })).is_final, true);
});
