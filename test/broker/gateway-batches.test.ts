/**
 * Batches over HTTP against the whole system: uploaded, followed, read,
 * cancelled, and sent again without anything being paid twice; also after a
 * gateway was killed in the middle of an upload.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { z } from "zod";
import { ensureFirstKey } from "../../services/cli/keys/first-key.ts";
import type { Emission } from "../../services/runtime/stage.ts";
import type { StageProcess } from "../support/stage-processes.ts";
import { WholeSystem } from "../support/whole-system.ts";

let system: WholeSystem;
let gateway: StageProcess;
let url = "";
let key = "";

async function startGateway(): Promise<void> {
  gateway = await system.startOne("gateway", { BREAKWATER_GATEWAY_PORT: "0" });
  url = z.object({ address: z.url() }).parse(gateway.told).address;
}

before(async () => {
  system = await WholeSystem.open(0);
  const { reader, producer } = system.stages;
  const publish = (emissions: readonly Emission[]) => producer.publish(emissions);
  key = (await ensureFirstKey({ reader, producer: () => Promise.resolve({ publish }) }))?.key ?? "";
  await startGateway();
  for (const stage of ["cost-aggregate", "output-validate", "model-invoke", "input-scan"] as const)
    await system.start(stage);
});
after(() => system.close());

const said = "The bridge was opened in 1894. It spans 244 metres. Steam engines once raised its two bascules.";
const linesOf = (count: number, about: string): string =>
  Array.from({ length: count }, (_, index) => {
    const messages = [{ role: "user", content: `${about} ${index}: what does this say? ${said}` }];
    return `${JSON.stringify({ id: `q-${index}`, input: { messages } })}\n`;
  }).join("");

const batch = z.object({ batch_id: z.uuid(), documents: z.int(), complete: z.boolean() });
const status = batch.extend({
  ended: z.boolean(),
  finished: z.int(),
  by_status: z.record(z.string(), z.int()),
  spent: z.object({ calls: z.int() }),
});
const line = z.object({ id: z.string(), status: z.string(), output: z.string().optional() });

const ask = (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...headers } });

async function upload(body: string, idempotencyKey: string): Promise<Response> {
  const type = { "content-type": "application/x-ndjson", "idempotency-key": idempotencyKey };
  return await ask("/v1/batches?harness=assistant", { method: "POST", body }, type);
}

async function statusOf(id: string): Promise<z.output<typeof status>> {
  return status.parse(await (await ask(`/v1/batches/${id}`)).json());
}

async function resultsOf(id: string, query = ""): Promise<z.output<typeof line>[]> {
  const text = await (await ask(`/v1/batches/${id}/results${query}`)).text();
  return text
    .split("\n")
    .filter((one) => one !== "")
    .map((one) => line.parse(JSON.parse(one)));
}

const hasEnded = (id: string) => system.until("the end of the batch", async () => (await statusOf(id)).ended);
const paid = (): number => system.standIn.calls().length;

const made = z.tuple([z.object({ calls: z.coerce.number(), runs: z.coerce.number() })]);

/** Those that left: a call that was cancelled after it was announced stands in the ledger too, and cost nothing. */
async function callsOf(id: string): Promise<z.output<typeof made>[0]> {
  const left = "batch_id = {id:String} AND ifNull(error_code, '') != 'not_sent'";
  const sql = `SELECT count() AS calls, uniqExact(run_id) AS runs FROM ledger WHERE ${left}`;
  return made.parse(await system.store.query(sql, { id }))[0];
}

let first = "";

test("200 lines become 200 runs, each paid once, and their results are read in one stream", async () => {
  const before = paid();
  const answer = await upload(linesOf(200, "bridges"), "bridges-1");
  const taken = batch.parse(await answer.json());
  first = taken.batch_id;
  assert.deepEqual([answer.status, taken.documents, taken.complete], [202, 200, true]);
  assert.equal(answer.headers.get("location"), `/v1/batches/${first}`);
  await hasEnded(first);
  const { by_status, spent } = await statusOf(first);
  assert.deepEqual([by_status, spent.calls, paid() - before], [{ ok: 200 }, 200, 200]);
  const results = await resultsOf(first);
  assert.equal(new Set(results.map(({ id }) => id)).size, 200);
  assert.ok(results.every(({ output }) => (output?.length ?? 0) > 20));
  assert.deepEqual(await resultsOf(first, "?status=cancelled"), []);
});

test("the same upload under the same key is the same batch: nothing is published or paid again", async () => {
  const before = { paid: paid(), requests: await system.count("harness-requests-batch") };
  const again = await upload(linesOf(200, "bridges"), "bridges-1");
  assert.deepEqual([again.status, again.headers.get("idempotent-replayed")], [202, "true"]);
  assert.equal(batch.parse(await again.json()).batch_id, first);
  assert.deepEqual({ paid: paid(), requests: await system.count("harness-requests-batch") }, before);
  assert.equal((await upload(linesOf(3, "towers"), "bridges-1")).status, 409);
});

test("an upload whose gateway is killed is completed by the retry, and each run is paid once", async () => {
  const before = { paid: paid(), requests: await system.count("harness-requests-batch") };
  const body = linesOf(5000, "rivers");
  const cut = upload(body, "rivers-1").catch(() => undefined);
  await system.until("some of its runs", async () => (await system.count("harness-requests-batch")) > before.requests);
  await gateway.kill();
  await cut;
  await startGateway();
  const again = batch.parse(await (await upload(body, "rivers-1")).json());
  assert.equal((await system.count("harness-requests-batch")) - before.requests, 5000);
  const order = await ask(`/v1/batches/${again.batch_id}/cancel`, { method: "POST" });
  assert.equal(order.status, 202);
  await hasEnded(again.batch_id);
  const { by_status, finished } = await statusOf(again.batch_id);
  assert.equal(finished, 5000);
  assert.ok((by_status["cancelled"] ?? 0) > 0, "what was not paid when it was cancelled is not paid");
  assert.ok(paid() - before.paid < 5000);
  await system.until(
    "all calls in the ledger",
    async () => (await callsOf(again.batch_id)).calls === paid() - before.paid,
  );
  const { calls, runs } = await callsOf(again.batch_id);
  assert.deepEqual([calls, runs], [paid() - before.paid, calls]);
});
