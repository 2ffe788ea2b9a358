import assert from "node:assert/strict";
import { test } from "node:test";
import { readHttpQuery, type HttpQuery } from "./http-query.ts";

async function read(search: string, body: string | Uint8Array = "", contentType = "", method = "POST") {
  return readHttpQuery({ method, search: new URLSearchParams(search), contentType, body: Buffer.from(body) });
}

async function queryOf(...request: Parameters<typeof read>): Promise<HttpQuery> {
  const query = await read(...request);
  assert.ok("sql" in query, JSON.stringify(query));
  return query;
}

test("a statement in the body stands alone", async () => {
  const query = await queryOf("", "SELECT 1");
  assert.deepEqual(
    [query.sql, query.data, query.defaultFormat, query.readOnly],
    ["SELECT 1", null, "TabSeparated", false],
  );
});

test("a statement in the URL has the body as its data", async () => {
  const query = await queryOf("query=INSERT+INTO+t+FORMAT+CSV", "1,2\n");
  assert.deepEqual([query.sql, query.data?.toString()], ["INSERT INTO t FORMAT CSV", "1,2\n"]);
  assert.equal((await queryOf("query=SELECT+1")).data, null);
});

test("parameters, settings and what the HTTP layer keeps for itself are told apart", async () => {
  const search =
    "param_x=a%27b&param_=&max_threads=2&database=d&default_format=JSON&query_id=q&wait_end_of_query=1&user=u&enable_http_compression=1";
  const query = await queryOf(search, "SELECT 1");
  assert.deepEqual(
    [...query.params],
    [
      ["x", "a'b"],
      ["", ""],
    ],
  );
  assert.deepEqual(
    [...query.settings],
    [
      ["max_threads", "2"],
      ["enable_http_compression", "1"],
    ],
  );
  assert.deepEqual(
    [query.database, query.defaultFormat, query.queryId, query.compressResponse],
    ["d", "JSON", "q", true],
  );
});

test("GET and HEAD only read", async () => {
  assert.equal((await queryOf("query=SELECT+1", "", "", "GET")).readOnly, true);
  assert.equal((await queryOf("query=SELECT+1", "", "", "HEAD")).readOnly, true);
});

test("a form's fields are the request's", async () => {
  const form = [
    "--b",
    'Content-Disposition: form-data; name="query"',
    "",
    "SELECT {x:String}",
    "--b",
    'Content-Disposition: form-data; name="param_x"',
    "",
    "é\\n",
    "--b--",
    "",
  ];
  const query = await queryOf("", form.join("\r\n"), "multipart/form-data; boundary=b");
  assert.deepEqual([query.sql, query.data, query.params.get("x")], ["SELECT {x:String}", null, "é\\n"]);
});

const refused: readonly (readonly [string, Parameters<typeof read>, number])[] = [
  ["nothing to run", ["", "  \n"], 62],
  ["a session", ["session_id=s", "SELECT 1"], 48],
  ["a role", ["role=r", "SELECT 1"], 48],
  ["a binary body", ["query=INSERT+INTO+t+FORMAT+Native", Uint8Array.of(0xff, 0)], 48],
  ["a form that is none", ["", "no form", "multipart/form-data; boundary=b"], 36],
  [
    "an external table",
    [
      "",
      ["--b", 'Content-Disposition: form-data; name="t"; filename="t"', "", "1", "--b--", ""].join("\r\n"),
      "multipart/form-data; boundary=b",
    ],
    48,
  ],
];

for (const [what, request, code] of refused) {
  test(`${what} is refused with ClickHouse's number`, async () => {
    const refusal = await read(...request);
    assert.ok("code" in refusal);
    assert.equal(refusal.code, code);
  });
}
