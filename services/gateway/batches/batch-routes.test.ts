/** The routes of batches over HTTP: what they take, whose batches they tell, and how they fail. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fixedHarnesses } from "../../../test/support/chat-gateway.ts";
import { batchOf, fakeDesk, nowMs, resultOf, serverOf } from "../../../test/support/gateway-parts.ts";
import { StoreError } from "../../ledger/clickhouse.ts";
import type { LogRecord } from "../../runtime/kafka/log-reader.ts";
import { batchRoutes } from "./batch-routes.ts";
import { batchList, batchStatus } from "./view/batch-view.ts";

const fake = fakeDesk();
const batch = batchOf();
const { batch_id: id } = batch.taken;
const cancelled: string[] = [];
const asked: { sql: string; params: Readonly<Record<string, unknown>> }[] = [];
let isAway = false;

const runOf = (no: number): string => `0198c5a0-0000-7000-8000-${String(no).padStart(12, "0")}`;
const places = [1, 2, 3].map((no) => ({
  run_id: runOf(no),
  status: no === 3 ? "refused" : "ok",
  document: `q-${no}`,
  partition: 0,
  offset: String(no),
  finished_ms: String(no),
}));

/** Two of the command line's: one client's, and another's. */
const seenThere = ["acme", "other"].map((client_id, at) => ({
  client_id,
  batch_id: `summarise-${client_id}`,
  harness: "summarise",
  harness_version: "0123456789abcdef",
  feature: null,
  first_ms: String(nowMs - 90_000 + at),
  last_ms: String(nowMs),
}));
const seen = ({ client, batch: asked }: Readonly<Record<string, unknown>>) =>
  seenThere.filter(
    ({ client_id, batch_id }) => client_id === (client ?? client_id) && batch_id === (asked ?? batch_id),
  );

/** Answers each of the ledger's questions about a batch by what it selects. */
const ledger = {
  query: (sql: string, params: Readonly<Record<string, unknown>> = {}) => {
    if (isAway) return Promise.reject(new StoreError("unavailable", null, new Error("canary")));
    asked.push({ sql, params });
    const of = { client: "acme", batch: id };
    if (sql.includes("first_ms")) return Promise.resolve(seen(params));
    if (sql.includes("count() AS runs"))
      return Promise.resolve([
        { ...of, status: "ok", runs: "1" },
        { ...of, status: "expired", runs: "1" },
      ]);
    if (sql.includes("waiting")) return Promise.resolve([{ ...of, waiting: "1" }]);
    if (sql.includes("unpriced"))
      return Promise.resolve([{ ...of, calls: "2", unpriced: "0", cost: "0.002", input: "20", output: "4" }]);
    return Promise.resolve(places.filter(({ status }) => (params["status"] ?? status) === status));
  },
};

/** The third result is not kept any more; the second's place holds another client's. */
const reader = {
  recordAt: ({ offset }: { readonly offset: bigint }): Promise<LogRecord | null> => {
    if (offset === 3n) return Promise.resolve(null);
    const result = resultOf(runOf(Number(offset)), offset === 2n ? { client_id: "other" } : {});
    const value = Buffer.from(JSON.stringify(result));
    return Promise.resolve({
      topic: "harness-results",
      partition: 0,
      offset,
      timestampMs: 0,
      key: null,
      value,
      headers: {},
    });
  },
};

const { server } = serverOf(
  batchRoutes({
    admission: fake,
    harnesses: fixedHarnesses,
    ledger,
    reader,
    batches: {
      find: (asks) => (asks === id ? batch : null),
      latest: (clientId, most) => (clientId === "other" ? [] : [batch].slice(0, most)),
      cancel: ({ batch_id }) => Promise.resolve(void cancelled.push(batch_id)),
    },
    nowMs: () => nowMs + 60_000,
  }),
  { clientBodyBytes: 1000 },
);
after(() => server.close());

const line = JSON.stringify({ input: { text: "Where is my parcel?" } });
const upload = (payload: string | Buffer, more: { query?: string; type?: string; key?: string } = {}) =>
  server.inject({
    method: "POST",
    url: `/v1/batches?${more.query ?? "harness=summarise"}`,
    headers: { "x-api-key": more.key ?? "acme", "content-type": more.type ?? "application/x-ndjson" },
    payload,
  });
const get = (url: string, key = "acme") => server.inject({ url, headers: { "x-api-key": key } });

for (const type of ["application/x-ndjson", "application/jsonl", "application/x-ndjson; charset=utf-8"]) {
  test(`an upload as ${type} is taken, and its place is told`, async () => {
    const answer = await upload(`${line}\n${line}\n`, { type, query: "harness=summarise&deadline_ms=60000&feature=f" });
    assert.equal(answer.statusCode, 202, answer.body);
    assert.equal(answer.headers.location, `/v1/batches/${answer.json().batch_id}`);
    const { documents, duplicates, harness, version, feature, complete } = answer.json();
    assert.deepEqual(
      { documents, duplicates, harness, version, feature, complete },
      { documents: 1, duplicates: 1, harness: "summarise", version: "0123456789abcdef", feature: "f", complete: true },
    );
  });
}

test("an upload may be larger than the client's requests are", async () => {
  const lines = Array.from({ length: 5000 }, (_, no) => `{"input":{"n":${no}}}\n`).join("");
  assert.ok(lines.length > 50_000);
  assert.equal((await upload(lines, { key: "small" })).statusCode, 202);
});

for (const { name, payload = line, more, status, code } of [
  { name: "a bad line", payload: `${line}\n{`, status: 400, code: "invalid_line" },
  { name: "an empty body", payload: "", status: 400, code: "empty_batch" },
  { name: "no harness", more: { query: "" }, status: 400, code: "invalid_request" },
  { name: "a harness that there is not", more: { query: "harness=nothing" }, status: 404, code: "harness_unknown" },
  {
    name: "a deadline without end",
    more: { query: "harness=summarise&deadline_ms=1e12" },
    status: 400,
    code: "invalid_request",
  },
  { name: "JSON", more: { type: "application/json" }, status: 415, code: "unsupported_media_type" },
  {
    name: "a body above 64 MiB",
    payload: Buffer.alloc(64 * 1024 * 1024 + 1, "\n"),
    status: 413,
    code: "body_too_large",
  },
  { name: "no good key", more: { key: "stolen" }, status: 401, code: "unauthorized" },
]) {
  test(`${name}: ${status} ${code}, and admission is not asked`, async () => {
    const before = fake.admitted.length;
    const answer = await upload(payload, more);
    assert.deepEqual([answer.statusCode, answer.json().error.code], [status, code], answer.body);
    assert.equal(fake.admitted.length, before);
  });
}

test("lines are the upload's alone: no other route takes them", async () => {
  const answer = await server.inject({
    method: "POST",
    url: `/v1/batches/${id}/cancel`,
    headers: { "x-api-key": "acme", "content-type": "application/x-ndjson" },
    payload: line,
  });
  assert.equal(answer.statusCode, 415);
});

test("a batch is told with how far it is", async () => {
  const status = batchStatus.parse((await get(`/v1/batches/${id}`)).json());
  const { finished, failed, by_status, in_review, spent, ended, documents, usd_per_document, rest } = status;
  assert.deepEqual(
    { finished, failed, by_status, in_review, spent, ended, documents, usd_per_document, rest },
    {
      finished: 2,
      failed: 1,
      by_status: { ok: 1, expired: 1 },
      usd_per_document: "0.001",
      rest: { documents: 1, usd: "0.001", ms: 30_000 },
      in_review: 1,
      spent: { calls: 2, input_tokens: 20, output_tokens: 4, cost_usd: "0.002", unpriced_calls: 0 },
      ended: false,
      documents: 3,
    },
  );
  const named = asked.map(({ params }) => [params["clients"], params["batches"]]);
  assert.ok(named.length > 0 && named.every((one) => JSON.stringify(one) === JSON.stringify([["acme"], [id]])));
});

test("results come as lines; one that is not kept, or not its client's, is named without an answer", async () => {
  const answer = await get(`/v1/batches/${id}/results`);
  assert.match(String(answer.headers["content-type"]), /^application\/x-ndjson/);
  const lines = answer.body
    .trimEnd()
    .split("\n")
    .map((one) => JSON.parse(one));
  assert.deepEqual(
    lines.map(({ id: name, status, output, gone }) => ({ name, status, output, gone })),
    [
      { name: "q-1", status: "ok", output: "fine", gone: undefined },
      { name: "q-2", status: "ok", output: undefined, gone: true },
      { name: "q-3", status: "refused", output: undefined, gone: true },
    ],
  );
});

test("results can be of one status, and of none there is an empty answer", async () => {
  assert.equal((await get(`/v1/batches/${id}/results?status=refused`)).body.split("\n").length, 2);
  const none = await get(`/v1/batches/${id}/results?status=cancelled`);
  assert.deepEqual([none.statusCode, none.body], [200, ""]);
  assert.equal((await get(`/v1/batches/${id}/results?status=sunny`)).statusCode, 400);
});

test("another client's key finds no batch, by any route; an admin's does", async () => {
  const before = cancelled.length;
  for (const path of ["", "/results"]) assert.equal((await get(`/v1/batches/${id}${path}`, "other")).statusCode, 404);
  const cancel = (key: string) =>
    server.inject({ method: "POST", url: `/v1/batches/${id}/cancel`, headers: { "x-api-key": key } });
  assert.equal((await cancel("other")).statusCode, 404);
  assert.equal(cancelled.length, before);
  assert.deepEqual(await listed("?limit=5", "other"), ["summarise-other"]);
  assert.equal((await get("/v1/batches/summarise-acme", "other")).statusCode, 404);
  assert.equal((await get(`/v1/batches/${id}`, "admin")).statusCode, 200);
  assert.equal((await cancel("acme")).statusCode, 202);
  assert.deepEqual(cancelled.slice(before), [id]);
});

const listed = async (query: string, key = "acme") =>
  batchList.parse((await get(`/v1/batches${query}`, key)).json()).batches.map(({ batch_id: batchId }) => batchId);

test("a client's batches are listed, those of the command line too; for an admin everybody's, or one client's", async () => {
  assert.deepEqual(await listed("?limit=5"), [id, "summarise-acme"]);
  assert.deepEqual(await listed("?limit=1"), [id]);
  assert.deepEqual(await listed("", "admin"), [id, "summarise-other", "summarise-acme"]);
  assert.deepEqual(await listed("?client=other", "admin"), ["summarise-other"]);
  assert.equal((await get("/v1/batches?client=acme", "other")).statusCode, 403);
  assert.equal((await get("/v1/batches?limit=0")).statusCode, 400);
  const { batches } = batchList.parse((await get("/v1/batches")).json());
  assert.deepEqual(
    batches.map(({ progress }) => progress?.finished),
    [2, 0],
  );
});

test("a batch of the command line is known by its runs alone, and can be cancelled as well", async () => {
  const status = batchStatus.parse((await get("/v1/batches/summarise-acme", "admin")).json());
  const { source, documents, ended, rest, complete } = status;
  assert.deepEqual([source, documents, ended, rest, complete], ["cli", null, null, null, null]);
  const url = "/v1/batches/summarise-acme/cancel";
  assert.equal((await server.inject({ method: "POST", url, headers: { "x-api-key": "acme" } })).statusCode, 202);
  assert.equal(cancelled.at(-1), "summarise-acme");
});

test("while the ledger is away, batches of HTTP are listed without their progress", async () => {
  isAway = true;
  const { batches } = batchList.parse((await get("/v1/batches")).json());
  isAway = false;
  assert.deepEqual(
    batches.map(({ batch_id, progress }) => [batch_id, progress]),
    [[id, null]],
  );
});

test("a ledger that is away is 503, before anything of an answer", async () => {
  isAway = true;
  const answers = [await get(`/v1/batches/${id}`), await get(`/v1/batches/${id}/results`)];
  isAway = false;
  for (const { statusCode, body } of answers) {
    assert.equal(statusCode, 503);
    assert.doesNotMatch(body, /canary/);
  }
});
