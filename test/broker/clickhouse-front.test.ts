/**
 * The embedded ClickHouse as its one client sees it: @clickhouse/client,
 * unchanged, over HTTP.
 */
import assert from "node:assert/strict";
import { createClient, ClickHouseError, ClickHouseLogLevel, type ClickHouseClient } from "@clickhouse/client";
import { after, before, test } from "node:test";
import { z } from "zod";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";

let house: TestClickHouse;
let client: ClickHouseClient;

before(async () => {
  house = await startTestClickHouse();
  client = createClient({ url: house.url, log: { level: ClickHouseLogLevel.OFF } });
  await client.command({ query: "CREATE DATABASE shop" });
});

after(async () => {
  await client.close();
  await house.stop();
});

const rowsOf = async (query: string, params: Record<string, unknown> = {}): Promise<unknown> => {
  const result = await client.query({ query, query_params: params, format: "JSONEachRow" });
  return result.json();
};

test("it answers a ping, and a SELECT as a ping", async () => {
  assert.deepEqual(await client.ping(), { success: true });
  assert.deepEqual(await client.ping({ select: true }), { success: true });
  const plain = await fetch(`${house.url}/ping`);
  assert.equal(await plain.text(), "Ok.\n");
});

test("tables are made, ten thousand rows inserted, and counted in the summary", async () => {
  await client.command({ query: "CREATE TABLE shop.items (id UInt64, name String) ENGINE = MergeTree ORDER BY id" });
  const values = Array.from({ length: 10_000 }, (_, id) => ({ id, name: `item ${id}` }));
  const { summary } = await client.insert({ table: "shop.items", values, format: "JSONEachRow" });
  assert.equal(summary?.written_rows, "10000");
  assert.deepEqual(await rowsOf("SELECT count() AS n, sum(id) AS total FROM shop.items"), [
    { n: 10_000, total: 49_995_000 },
  ]);
});

test("text of every kind comes back as it went in", async () => {
  await client.command({ query: "CREATE TABLE shop.texts (id UInt8, text String) ENGINE = MergeTree ORDER BY id" });
  const texts = [
    "a;b",
    "it's\n\n; DROP TABLE shop.texts;",
    "nul \u0000 and tab \t",
    "back\\slash \\n",
    "žluťoučký 🐎 \u2028",
    "{x:String}",
  ];
  const values = texts.map((text, id) => ({ id, text }));
  await client.insert({ table: "shop.texts", values, format: "JSONEachRow" });
  assert.deepEqual(await rowsOf("SELECT id, text FROM shop.texts ORDER BY id"), values);
});

test("other input formats and VALUES are taken, binary ones refused", async () => {
  await client.command({ query: "CREATE TABLE shop.pairs (a UInt8, b String) ENGINE = MergeTree ORDER BY a" });
  await client.insert({ table: "shop.pairs", values: [[1, "one"]], format: "JSONCompactEachRow" });
  await client.insert({ table: "shop.pairs", values: [{ b: "two" }], columns: ["b"], format: "JSONEachRow" });
  const meta = [
    { name: "a", type: "UInt8" },
    { name: "b", type: "String" },
  ];
  const fiveAsJson = { meta, data: [{ a: 5, b: "five" }] };
  await client.insert({ table: "shop.pairs", values: fiveAsJson, format: "JSON" });
  await client.command({ query: "INSERT INTO shop.pairs VALUES (3, 'three'), (4, 'fo;ur')" });
  assert.deepEqual(await rowsOf("SELECT a, b FROM shop.pairs ORDER BY a"), [
    { a: 0, b: "two" },
    { a: 1, b: "one" },
    { a: 3, b: "three" },
    { a: 4, b: "fo;ur" },
    { a: 5, b: "five" },
  ]);
  const query = encodeURIComponent("INSERT INTO shop.pairs FORMAT RowBinary");
  const binary = await fetch(`${house.url}/?query=${query}`, { method: "POST", body: Uint8Array.of(1, 0xff) });
  assert.equal(binary.status, 501);
  assert.match(await binary.text(), /^Code: 48\. DB::Exception: binary/);
});

test("parameters are typed and never read as SQL", async () => {
  const text = "'; DROP TABLE shop.items -- \\ \t \n é";
  const found = await rowsOf(
    "SELECT {text:String} AS text, {n:UInt64} + 1 AS n, {list:Array(String)} AS list, {none:Nullable(String)} AS none",
    {
      text,
      n: 41,
      list: ["it's", "b,c"],
      none: null,
    },
  );
  assert.deepEqual(found, [{ text, n: 42, list: ["it's", "b,c"], none: null }]);
  assert.deepEqual(await rowsOf("SELECT count() AS n FROM {table:Identifier}.items", { table: "shop" }), [
    { n: 10_000 },
  ]);
  await assert.rejects(rowsOf("SELECT {n:UInt8}", { n: "many" }), { code: "457" });
});

test("parameters sent as a form are the same parameters", async () => {
  const long = "x".repeat(20_000);
  const result = await client.query({
    query: "SELECT length({long:String}) AS n, {s:String} AS s",
    query_params: { long, s: "it's" },
    format: "JSONEachRow",
    use_multipart_params: true,
  });
  assert.deepEqual(await result.json(), [{ n: 20_000, s: "it's" }]);
});

test("a request leaves no setting, parameter or database behind", async () => {
  const elsewhere = createClient({ url: house.url, database: "shop" });
  const query = "SELECT currentDatabase() AS db, getSetting('max_threads') AS threads, {x:UInt8} AS x";
  const result = await elsewhere.query({
    query,
    query_params: { x: 7 },
    format: "JSONEachRow",
    clickhouse_settings: { max_threads: 1 },
  });
  assert.deepEqual(await result.json(), [{ db: "shop", threads: 1, x: 7 }]);
  await elsewhere.close();
  assert.deepEqual(await rowsOf("SELECT currentDatabase() AS db, getSetting('max_threads') > 1 AS many"), [
    { db: "default", many: 1 },
  ]);
  await assert.rejects(rowsOf("SELECT {x:UInt8}"), { type: "UNKNOWN_QUERY_PARAMETER" });
});

test("errors carry ClickHouse's number, name, status and text", async () => {
  const error = await rowsOf("SELECT * FROM shop.nothing").catch((thrown: unknown) => thrown);
  assert.ok(error instanceof ClickHouseError);
  assert.equal(error.code, "60");
  assert.equal(error.type, "UNKNOWN_TABLE");
  const cases = [
    ["SELECT * FROM shop.nothing", 404, "60"],
    ["SELEKT 1", 400, "62"],
    ["SELECT nothing", 404, "47"],
    ["SELECT 1 SETTINGS no_such_setting = 1", 404, "115"],
    ["SELECT throwIf(1)", 500, "395"],
    ["", 400, "62"],
  ] as const;
  for (const [sql, status, code] of cases) {
    const response = await fetch(`${house.url}/`, { method: "POST", body: sql });
    assert.equal(response.status, status, sql);
    assert.equal(response.headers.get("x-clickhouse-exception-code"), code);
    assert.match(await response.text(), new RegExp(`^Code: ${code}\\. DB::Exception: .*\\(version [^)]+\\)\\n$`, "s"));
  }
  assert.deepEqual(await client.ping(), { success: true });
});

test("a row that does not fit refuses its whole insert and keeps none of it", async () => {
  await client.command({ query: "CREATE TABLE shop.strict (n UInt8) ENGINE = MergeTree ORDER BY n" });
  const values = [{ n: 1 }, { n: "no number" }, { n: 2 }];
  await assert.rejects(client.insert({ table: "shop.strict", values, format: "JSONEachRow" }), { code: "27" });
  assert.deepEqual(await rowsOf("SELECT count() AS n FROM shop.strict"), [{ n: 0 }]);
});

for (const codec of ["gzip", "zstd", "br"] as const) {
  test(`requests and answers are compressed with ${codec} when asked`, async () => {
    const table = `shop.packed_${codec}`;
    const log = { level: ClickHouseLogLevel.OFF };
    const packed = createClient({ url: house.url, log, compression: { request: { codec }, response: { codec } } });
    await packed.command({ query: `CREATE TABLE ${table} (s String) ENGINE = MergeTree ORDER BY s` });
    const values = Array.from({ length: 1000 }, (_, n) => ({ s: `row ${n}` }));
    await packed.insert({ table, values, format: "JSONEachRow" });
    const result = await packed.query({ query: `SELECT s FROM ${table}`, format: "JSONEachRow" });
    assert.equal(result.response_headers["content-encoding"], codec);
    assert.equal((await result.json()).length, 1000);
    await assert.rejects(packed.query({ query: "SELECT * FROM shop.nothing" }), { code: "60" });
    await packed.close();
  });
}

test("the headers tell query id, format and summary", async () => {
  const post = (sql: string, search = "") => fetch(`${house.url}/${search}`, { method: "POST", body: sql });
  const named = await post("SELECT 1 AS one", "?query_id=mine&default_format=JSONCompact");
  assert.equal(named.headers.get("x-clickhouse-query-id"), "mine");
  assert.equal(named.headers.get("x-clickhouse-format"), "JSONCompact");
  assert.match(named.headers.get("content-type") ?? "", /^application\/json/);
  const body = z.object({ data: z.array(z.array(z.int())), rows: z.int() }).parse(await named.json());
  assert.deepEqual([body.data, body.rows], [[[1]], 1]);
  const summary = z.record(z.string(), z.string()).parse(JSON.parse(named.headers.get("x-clickhouse-summary") ?? ""));
  assert.equal(summary["result_rows"], "1");
  const clause = await post("SELECT 1 AS one FORMAT CSV");
  assert.equal(clause.headers.get("x-clickhouse-format"), "CSV");
  assert.match(clause.headers.get("x-clickhouse-query-id") ?? "", /^[0-9a-f-]{36}$/);
  assert.equal(await (await post("SELECT 1, 'a\tb'")).text(), "1\ta\\tb\n");
});

test("GET reads and does not write; a web page and a session are refused", async () => {
  const get = (sql: string, init: RequestInit = {}) => fetch(`${house.url}/?query=${encodeURIComponent(sql)}`, init);
  assert.equal(await (await get("SELECT 2")).text(), "2\n");
  assert.match(await (await get("DROP TABLE shop.items")).text(), /^Code: 164\./);
  const fromPage = await get("SELECT 2", { method: "POST", headers: { Origin: "https://example.com" } });
  assert.equal(fromPage.status, 403);
  const session = await fetch(`${house.url}/?session_id=a`, { method: "POST", body: "SELECT 1" });
  assert.equal(session.status, 501);
  const named = await get("SELECT 3", { headers: { Authorization: `Basic ${btoa("any:one")}` } });
  assert.equal(await named.text(), "3\n");
});

test("readers see whole inserts only, while one is running", async () => {
  await client.command({ query: "CREATE TABLE shop.busy (batch UInt32, n UInt32) ENGINE = MergeTree ORDER BY batch" });
  let acknowledged = 0;
  let reads = 0;
  const write = async (): Promise<void> => {
    for (let batch = 0; batch < 40; batch += 1) {
      const values = Array.from({ length: 500 }, (_, n) => ({ batch, n }));
      await client.insert({ table: "shop.busy", values, format: "JSONEachRow" });
      acknowledged += 1;
    }
  };
  const read = async (): Promise<void> => {
    while (acknowledged < 40) {
      const least = acknowledged;
      const marker = Math.floor(Math.random() * 1e9);
      const found = await rowsOf("SELECT count() AS n, {marker:UInt32} AS marker FROM shop.busy", { marker });
      const [row] = z.array(z.object({ n: z.int(), marker: z.int() })).parse(found);
      assert.ok(row !== undefined && row.n % 500 === 0 && row.n >= least * 500, JSON.stringify(row));
      assert.equal(row.marker, marker);
      reads += 1;
    }
  };
  await Promise.all([write(), read(), read(), read()]);
  assert.ok(reads >= 3);
});
