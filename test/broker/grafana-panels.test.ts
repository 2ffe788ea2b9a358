/** The SQL of every panel and variable runs on the real engine, over the stable views, and gives rows where there are some. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ledgerRow } from "../../services/cost-aggregate/rows.ts";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import { exampleValue } from "../contract/examples.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";
import { panelQueries, readDashboards } from "../support/grafana.ts";
import { decisionOf, finishedCall, noon, resultOf } from "../support/ledger-records.ts";

let house: TestClickHouse;
let store: Store;

before(async () => {
  house = await startTestClickHouse();
  store = connectStore({ url: house.url, user: "default", password: "", database: "panels" });
  await migrate(store);
  const records = [
    ["harness-calls", finishedCall(1)],
    ["harness-results", resultOf(1)],
    ["harness-audit", decisionOf(1)],
    ["harness-reviews", exampleValue("harness-reviews", "held")],
  ] as const;
  for (const [topic, record] of records) {
    const reading = ledgerRow({ topic, partition: 0, offset: 0n }, JSON.stringify(record));
    assert.equal(reading.kind, "row");
    await store.insert(reading.entry.table, [reading.entry.row]);
  }
});

after(async () => {
  await store.close();
  await house.stop();
});

/** As the data source fills in its macros, for the day before and after noon, and Grafana its variables. */
function filledIn(sql: string): string {
  const [from, to] = [noon - 86_400_000, noon + 86_400_000].map((ms) => Math.floor(ms / 1000));
  return sql
    .replaceAll(/\$__timeFilter\((\w+)\)/g, `$1 >= toDateTime(${from}) AND $1 <= toDateTime(${to})`)
    .replaceAll(/\$__dateFilter\((\w+)\)/g, `$1 >= toDate(toDateTime(${from})) AND $1 <= toDate(toDateTime(${to}))`)
    .replaceAll("${client:sqlstring}", "'acme','other'");
}

const dashboards = readDashboards();
for (const { where, text } of panelQueries(dashboards, "rawSql"))
  test(`${where} runs`, async () => {
    const sql = filledIn(text);
    assert.doesNotMatch(sql, /\$/, "a macro or variable that this test does not know");
    const rows = await store.query(sql);
    assert.ok(rows.length > 0 || /refused|rule IS NOT NULL/.test(sql), "no rows");
  });

test("the variables' queries run", async () => {
  for (const { templating } of dashboards)
    for (const { query } of templating.list) assert.deepEqual(await store.query(query), [{ client_id: "acme" }]);
});
