/**
 * What is read of single rows: a run, a page of runs, a batch's documents. What
 * is expected comes from the tables, each call and run as it was last written.
 */
import { z } from "zod";
import type { Store } from "../../services/ledger/clickhouse.ts";
import { costs } from "../../services/ledger/costs.ts";
import { searchRuns } from "../../services/ledger/runs/search-runs.ts";
import { runTimeline } from "../../services/ledger/timeline.ts";
import type { Ask } from "./ask-all.ts";
import type { Generated } from "./generated-rows.ts";

const bar = 1000;
const samples = z.array(z.object({ run: z.string(), batch: z.string(), client: z.string() })).length(1);
type Sample = z.infer<typeof samples>[number];
const one = z.array(z.object({ told: z.array(z.string()) })).length(1);

/** Of a run that was generated as part of a batch. */
export async function drillDowns(store: Store, { fromS }: Generated): Promise<readonly Ask[]> {
  const [sample] = samples.parse(
    await store.query(
      `SELECT run_id AS run, assumeNotNull(c.batch_id) AS batch, client_id AS client FROM calls AS c
       WHERE started_at > toDateTime(${fromS + 86_400}) AND c.batch_id IS NOT NULL LIMIT 1`,
    ),
  );
  if (sample === undefined) throw new Error("no run of a batch");
  const told = async (sql: string): Promise<unknown> => one.parse(await store.query(sql, sample))[0]?.told;
  return [timeline(store, sample, told), batch(store, sample, told), newest(store, sample, told)];
}

type Told = (sql: string) => Promise<unknown>;

function timeline(store: Store, { run }: Sample, told: Told): Ask {
  return {
    what: "one run's timeline",
    bar,
    answer: async () => {
      const { calls, decisions } = await runTimeline(store, run);
      return [...calls.map(({ call_id: id, cost_usd: cost }) => `${id} ${cost}`), `${decisions.length}`].toSorted();
    },
    expected: () =>
      told(`SELECT arraySort(arrayConcat(
          (SELECT groupArray(concat(id, ' ', ifNull(toString(cost), 'null'))) FROM (
            SELECT toString(call_id) AS id, tupleElement(argMax(tuple(cost_usd), version), 1) AS cost FROM calls
            WHERE run_id = {run:UUID} GROUP BY call_id)),
          [toString((SELECT uniqExact(event_id) FROM audit WHERE run_id = {run:UUID}))])) AS told`),
  };
}

function batch(store: Store, sample: Sample, told: Told): Ask {
  return {
    what: "costs of a batch by document",
    bar,
    answer: async () => {
      const lines = await costs(store, ["document"], { batch: sample.batch });
      return lines.map(({ by, calls, costUsd }) => `${by.join()} ${calls} ${costUsd}`).toSorted();
    },
    expected: () =>
      told(`SELECT arraySort(groupArray(line)) AS told FROM (
          SELECT concat(doc, ' ', toString(count()), ' ', ifNull(toString(sum(cost)), 'null')) AS line FROM (
            SELECT any(document) AS doc, tupleElement(argMax(tuple(cost_usd), version), 1) AS cost FROM calls
            WHERE batch_id = {batch:String} GROUP BY call_id)
          GROUP BY doc)`),
  };
}

function newest(store: Store, { client }: Sample, told: Told): Ask {
  return {
    what: "the newest 50 runs of a client",
    bar,
    answer: async () => {
      const runs = await searchRuns(store, { client }, { limit: 50 });
      return runs.map(({ run_id: id, status }) => `${id} ${status}`).toSorted();
    },
    expected: () =>
      told(`SELECT arraySort(groupArray(concat(id, ' ', status))) AS told FROM (
          SELECT toString(run_id) AS id, kept.1 AS status, kept.2 AS payer, kept.3 AS ended FROM (
            SELECT run_id, argMax((status, client_id, finished_at), version) AS kept FROM runs GROUP BY run_id)
          WHERE payer = {client:String} ORDER BY ended DESC, id DESC LIMIT 50)`),
  };
}
