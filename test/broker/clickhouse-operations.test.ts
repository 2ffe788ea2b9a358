/**
 * What the console's pages ask the ledger about batches, replays and harnesses,
 * on the real engine: rows that came twice, late or in another order change no
 * answer, and an answer is the one that the views give.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { z } from "zod";
import { ledgerRow } from "../../services/cost-aggregate/rows.ts";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import { batchProgress, seenBatches } from "../../services/ledger/operations/batch-progress.ts";
import { harnessSpends, spentBy } from "../../services/ledger/operations/harness-spend.ts";
import { knownReplays } from "../../services/ledger/operations/known-replays.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";
import { finishedCall, noon, resultOf, startedCall, uuid } from "../support/ledger-records.ts";

let house: TestClickHouse;
let store: Store;

before(async () => {
  house = await startTestClickHouse();
  store = connectStore({ url: house.url, user: "default", password: "", database: "operations" });
  await migrate(store);
});

after(async () => {
  await store.close();
  await house.stop();
});

async function insert(topic: string, record: object, offset: bigint): Promise<void> {
  const reading = ledgerRow({ topic, partition: 0, offset }, JSON.stringify(record));
  assert.equal(reading.kind, "row");
  await store.insert(reading.entry.table, [reading.entry.row]);
}

const inBatch = (batchId: string, name: string) => ({
  document: { batch_id: batchId, name, sha256: "0".repeat(64) },
});
const spent = (cost: string | null, unpriced = 0) => ({
  calls: 1,
  input_tokens: 100,
  output_tokens: 40,
  cost_usd: cost,
  unpriced_calls: unpriced,
});

test("the progress of batches is the same however often and in whatever order rows came", async () => {
  const ended = (run: number, fields: object) => resultOf(run, { ...inBatch("letters-1", `${run}.txt`), ...fields });
  await insert("harness-results", ended(1, { status: "expired" }), 11n);
  await insert("harness-results", ended(1, { status: "ok" }), 10n);
  await insert("harness-results", ended(1, { status: "ok" }), 10n);
  await insert("harness-results", ended(2, { status: "refused", spent: spent(null) }), 12n);
  await insert("harness-results", resultOf(3, { ...inBatch("letters-1", "x"), client_id: "other" }), 13n);
  await insert("harness-calls", finishedCall(1, inBatch("letters-1", "1.txt")), 2n);
  await insert("harness-calls", startedCall(1, inBatch("letters-1", "1.txt")), 1n);
  await insert("harness-calls", startedCall(2, inBatch("letters-1", "2.txt")), 3n);
  const [own, others, none] = await batchProgress(store, [
    { clientId: "acme", batchId: "letters-1" },
    { clientId: "other", batchId: "letters-1" },
    { clientId: "acme", batchId: "nothing" },
  ]);
  assert.deepEqual(own, {
    byStatus: { ok: 1, refused: 1 },
    inReview: 0,
    spent: { calls: 2, input_tokens: 100, output_tokens: 40, cost_usd: "0.0006375", unpriced_calls: 1 },
  });
  assert.deepEqual([others?.byStatus, others?.spent.calls, none?.byStatus], [{ ok: 1 }, 0, {}]);
  const view = z
    .array(z.object({ cost: z.string() }))
    .parse(await store.query("SELECT sum(cost_usd) AS cost FROM ledger WHERE batch_id = 'letters-1'"));
  assert.equal(own?.spent.cost_usd, view[0]?.cost);
});

test("batches are found by their runs, the newest first, one client's alone where that is asked", async () => {
  const later = { received_at_ms: noon + 60_000, finished_at_ms: noon + 61_000 };
  await insert("harness-results", resultOf(4, { ...inBatch("letters-2", "a"), ...later }), 20n);
  const ids = async (filter: object) =>
    (await seenBatches(store, { limit: 10, ...filter })).map(({ client_id, batch_id }) => `${client_id} ${batch_id}`);
  assert.deepEqual((await ids({})).slice(0, 1), ["acme letters-2"]);
  assert.deepEqual((await ids({})).toSorted(), ["acme letters-1", "acme letters-2", "other letters-1"]);
  assert.deepEqual(await ids({ client: "other" }), ["other letters-1"]);
  assert.deepEqual(await ids({ batch: "letters-2" }), ["acme letters-2"]);
  const [newest] = await seenBatches(store, { limit: 1 });
  assert.deepEqual([newest?.first_ms, newest?.last_ms], [noon + 60_000, noon + 61_000]);
});

test("a replay is known from its first call on, with its status when there is one", async () => {
  const replayOf = (offset: string, replay: number) => ({
    replay_of: { topic: "harness-requests", partition: 2, offset, replay },
  });
  await insert("harness-calls", startedCall(30, replayOf("7", 1)), 30n);
  await insert("harness-results", resultOf(30, { ...replayOf("7", 1), status: "degraded" }), 32n);
  await insert("harness-results", resultOf(30, { ...replayOf("7", 1), status: "ok" }), 31n);
  await insert("harness-calls", startedCall(31, replayOf("8", 2)), 33n);
  const known = await knownReplays(store, noon - 1000);
  assert.deepEqual(
    known.toSorted((left, right) => (left.replay_of < right.replay_of ? -1 : 1)),
    [
      { replay_of: "harness-requests/2/7#1", run_id: uuid(30), status: "ok" },
      { replay_of: "harness-requests/2/8#2", run_id: uuid(31), status: null },
    ],
  );
  assert.deepEqual(await knownReplays(store, noon + 86_400_000), []);
});

test("what a harness's runs cost lately is the sum of those that are priced", async () => {
  const harness = { name: "pricey", version: "aaaaaaaaaaaaaaaa" };
  await insert("harness-results", resultOf(40, { harness, spent: spent("0.25") }), 40n);
  await insert("harness-results", resultOf(41, { harness, spent: spent("0.5") }), 41n);
  await insert("harness-results", resultOf(41, { harness, spent: spent("9") }), 42n);
  await insert("harness-results", resultOf(42, { harness, spent: spent(null, 1) }), 43n);
  const other = { ...harness, version: "bbbbbbbbbbbbbbbb" };
  await insert("harness-results", resultOf(43, { harness: other, spent: spent(null, 1) }), 44n);
  const spends = await harnessSpends(store, noon - 1000);
  assert.deepEqual(
    spends.filter((spend) => spend.harness === "pricey"),
    [
      { harness: "pricey", version: harness.version, runs: 3, priced_runs: 2, cost_usd: "0.75" },
      { harness: "pricey", version: other.version, runs: 1, priced_runs: 0, cost_usd: null },
    ],
  );
  assert.deepEqual(spentBy(spends, "pricey"), { runs: 4, priced_runs: 2, cost_usd: "0.75" });
  assert.deepEqual(await harnessSpends(store, noon + 86_400_000), []);
});
