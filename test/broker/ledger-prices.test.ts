/**
 * On the real engine: surges are found in the hours that the ledger gives, and
 * `prices reprice` comes to what was worked out by hand, writes beside the books
 * and changes nothing in them.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { z } from "zod";
import type { CallRecord } from "../../schemas/records/call.ts";
import { lookAtSpend } from "../../services/alerts/anomaly/look-at-spend.ts";
import { ledgerRow } from "../../services/cost-aggregate/rows.ts";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import { run } from "../cli/command.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";
import { finishedCall, noon } from "../support/ledger-records.ts";
import { StageProcesses } from "../support/stage-processes.ts";

const home = mkdtempSync(path.join(tmpdir(), "breakwater-reprice-"));
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
let house: TestClickHouse;
let stages: StageProcesses;
let store: Store;

before(async () => {
  [house, stages] = await Promise.all([startTestClickHouse(), StageProcesses.open()]);
  store = connectStore({ url: house.url, user: "default", password: "", database: "breakwater" });
  await migrate(store);
});
after(async () => {
  await store.close();
  await Promise.all([house.stop(), stages.close()]);
  rmSync(home, { recursive: true, force: true });
});

async function insert(records: readonly CallRecord[]): Promise<void> {
  const rows = records.map((record, offset) => {
    const reading = ledgerRow({ topic: "harness-calls", partition: 0, offset: BigInt(offset) }, JSON.stringify(record));
    assert.equal(reading.kind, "row");
    return reading.entry.row;
  });
  await store.insert("calls", rows);
}

test("of a client that is steady and one that surges, the second is told of, once, and its harness", async () => {
  const records: CallRecord[] = [];
  for (let ago = 0; ago < 30 * 24; ago += 1) {
    for (const [index, client_id] of ["steady", "surging"].entries()) {
      const cost_usd = ago === 0 && client_id === "surging" ? "100" : "2.5";
      const harness = { name: client_id, version: "0123456789abcdef" };
      const started_at_ms = noon - ago * hourMs;
      records.push(finishedCall(1_000_000 + ago * 2 + index, { client_id, harness, started_at_ms, cost_usd }));
    }
  }
  await insert(records);
  await insert(records.slice(0, 500));
  const look = { atMs: noon + 60_000, leastExcessUsd: "5" };
  const found = await lookAtSpend(store, look);
  assert.deepEqual(
    found.map(({ of, hour_start_ms: start, spent_usd, usual_usd, bound_usd }) => [
      of,
      start,
      spent_usd,
      usual_usd,
      bound_usd,
    ]),
    [{ client_id: "surging" }, { harness: "surging" }].map((of) => [of, noon, "100", "2.5", "7.5"]),
  );
  const later = await lookAtSpend(store, { ...look, atMs: noon + hourMs + 60_000 });
  assert.deepEqual(
    later.map(({ alert_id: id }) => id),
    found.map(({ alert_id: id }) => id),
  );
  assert.deepEqual(await lookAtSpend(store, { ...look, atMs: noon + 3 * hourMs }), []);
  await store.command("TRUNCATE TABLE calls");
});

const answered = z.object({
  repricing_id: z.string().nullable(),
  lines: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
  total: z.record(z.string(), z.union([z.string(), z.number()])),
});

test("a month is repriced as by hand, the books stand, and the view shows both costs", async () => {
  const usage = {
    input_tokens: 90,
    cached_input_tokens: 10,
    cache_write_tokens: 0,
    output_tokens: 40,
    reasoning_tokens: 0,
  };
  const at = (day: number) => ({ started_at_ms: noon + day * dayMs });
  const stamped = "genai-prices@0.1.8#aaaaaaaaaaaa";
  await insert([
    finishedCall(1, { ...at(0), usage }),
    finishedCall(2, { ...at(0), usage }),
    finishedCall(3, { ...at(0), usage: null, usage_source: "unknown", cost_usd: null }),
    finishedCall(4, { ...at(1), usage, client_id: "other" }),
    finishedCall(5, { ...at(1), usage, model: "gpt-4o-mini", served_model: "gpt-4o-mini", cost_usd: "0.00003825" }),
    finishedCall(6, { ...at(40), usage }),
  ]);
  const env = { KAFKA_BROKERS: stages.broker.brokers, CLICKHOUSE_URL: house.url };
  const set = ["prices", "set", "--provider", "openai", "--model", "gpt-4o", "--from", "2026-11-01", "--input", "2"];
  const price = await run(home, [...set, "--cached-input", "1", "--output", "8"], env);
  assert.equal(price.code, 0, price.stderr);
  const words = ["prices", "reprice", "--from", "2026-11-22", "--to", "2026-12-01"];
  const told = async (...more: readonly string[]) => {
    const { code, stdout, stderr } = await run(home, [...words, ...more, "--json"], env);
    assert.equal(code, 0, stderr);
    return answered.parse(JSON.parse(stdout));
  };

  // gpt-4o at the contract: 90 x 2 + 10 x 1 + 40 x 8 = 510 millionths; stamped 637.5 each. The mini has no contract: list,
  // 90 x 0.15 + 10 x 0.075 + 40 x 0.6 = 38.25.
  const { lines, total, repricing_id: none } = await told();
  const line = (day: string, client: string, model: string) => ({ client, provider: "openai", model, day });
  assert.deepEqual(lines, [
    {
      ...line("2026-11-22", "acme", "gpt-4o"),
      calls: 3,
      unknown_calls: 1,
      old_usd: "0.001275",
      new_usd: "0.00102",
      difference_usd: "-0.000255",
    },
    {
      ...line("2026-11-23", "acme", "gpt-4o-mini"),
      calls: 1,
      unknown_calls: 0,
      old_usd: "0.00003825",
      new_usd: "0.00003825",
      difference_usd: "0",
    },
    {
      ...line("2026-11-23", "other", "gpt-4o"),
      calls: 1,
      unknown_calls: 0,
      old_usd: "0.0006375",
      new_usd: "0.00051",
      difference_usd: "-0.0001275",
    },
  ]);
  assert.deepEqual([none, total["difference_usd"]], [null, "-0.0003825"]);
  assert.deepEqual(await store.query("SELECT * FROM repricings"), [], "nothing is written unless it is asked for");

  const before = await store.query("SELECT * FROM ledger ORDER BY call_id");
  const written = await told("--client", "acme", "--write");
  const again = await told("--client", "acme", "--write");
  assert.notEqual(written.repricing_id, again.repricing_id);
  assert.deepEqual(await store.query("SELECT * FROM ledger ORDER BY call_id"), before, "the books stand");
  const shown = await store.query(
    "SELECT cost_usd, price_version, repriced_usd, repricing_id FROM repriced_calls ORDER BY call_id",
  );
  const row = (cost_usd: string, repriced_usd: string) => ({
    cost_usd,
    price_version: stamped,
    repriced_usd,
    repricing_id: again.repricing_id,
  });
  assert.deepEqual(shown, [row("0.0006375", "0.00051"), row("0.0006375", "0.00051"), row("0.00003825", "0.00003825")]);
  const csv = await run(home, [...words, "--client", "other", "--csv"], env);
  assert.equal(
    csv.stdout,
    "day,client,provider,model,calls,unknown_calls,old_usd,new_usd,difference_usd\r\n" +
      "2026-11-23,other,openai,gpt-4o,1,0,0.0006375,0.00051,-0.0001275\r\n",
  );
});
