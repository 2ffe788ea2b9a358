/**
 * Gathers what the auditor judges, each from its own source: the topics through
 * the log reader, the ledger through its views, the calls from the provider's
 * file, the groups' positions from the broker.
 */
import { z } from "zod";
import { callRecord } from "../../schemas/records/call.ts";
import { reviewRecord } from "../../schemas/records/review.ts";
import { runResult } from "../../schemas/records/run-result.ts";
import type { StageName } from "../../schemas/parts/codes.ts";
import { stageNames } from "../../services/cli/up/stage-process.ts";
import type { Store } from "../../services/ledger/clickhouse.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { consumerGroupOf } from "../../services/runtime/run-stage.ts";
import { catalog, consumedTopics, deadLetterTopicOf } from "../../topics/catalog.ts";
import type { Evidence, LedgerCall, Position } from "./auditor.ts";
import { silentLogger } from "./silent-logger.ts";
import type { StageProcesses } from "./stage-processes.ts";
import type { TestStandIn } from "./stand-in.ts";

export interface Sources {
  readonly stages: StageProcesses;
  readonly store: Store;
  readonly standIn: TestStandIn;
}

/** A moment at which nothing was under way: what came after it is the evidence of what was done after it. */
export interface Mark {
  readonly ends: ReadonlyMap<string, ReadonlyMap<number, bigint>>;
  readonly served: number;
}

export async function markNow({ stages, standIn }: Pick<Sources, "stages" | "standIn">): Promise<Mark> {
  const topics = [...catalog.map(({ name }) => name), ...consumedTopics.map(deadLetterTopicOf)];
  const ends = new Map<string, ReadonlyMap<number, bigint>>();
  for (const topic of topics) {
    const logs = await stages.reader.offsets(topic);
    ends.set(topic, new Map([...logs].map(([partition, { high }]) => [partition, high])));
  }
  return { ends, served: standIn.calls().length };
}

/** `runIds`: all that were asked for, since the mark if there is one. */
export async function gatherEvidence(sources: Sources, runIds: ReadonlySet<string>, since?: Mark): Promise<Evidence> {
  const { stages, store, standIn } = sources;
  const values = (topic: string) => stages.records(topic, since?.ends.get(topic));
  const results = (await values("harness-results")).map(({ partition, offset, value }) => ({
    partition,
    offset,
    result: runResult.parse(JSON.parse(String(value))),
  }));
  const reviews = (await values("harness-reviews")).map(({ partition, offset, value }) => ({
    partition,
    offset,
    record: reviewRecord.parse(JSON.parse(String(value))),
  }));
  const isAsked = (runId: string): boolean => since === undefined || runIds.has(runId);
  const journal = (await values("harness-calls")).map(({ value }) => callRecord.parse(JSON.parse(String(value))));
  return {
    runIds,
    results,
    reviews,
    journal,
    books: standIn.calls().slice(since?.served ?? 0),
    ledger: (await ledgerCalls(store)).filter(({ run_id: runId }) => isAsked(runId)),
    ledgerLater: (await ledgerCallsLater(store)).filter(({ run_id: runId }) => isAsked(runId)),
    ledgerRuns: ledgerRuns
      .parse(await store.query("SELECT * FROM run_results"))
      .filter(({ run_id: runId }) => isAsked(runId)),
    deadLetters: await deadLetterCounts(stages, since),
    positions: await positionsOf(stages, stageNames),
  };
}

const ledgerRuns = z.array(
  z.object({
    run_id: z.string(),
    status: z.string(),
    result_partition: z.coerce.number(),
    result_offset: z.string(),
  }),
);
const ledgerCallRows = z.array(
  z.object({
    call_id: z.string(),
    run_id: z.string(),
    state: z.string(),
    outcome: z.string().nullable(),
    usage_source: z.string().nullable(),
    bound_low_usd: z.string().nullable(),
    bound_high_usd: z.string().nullable(),
    cost_usd: z.string().nullable(),
    orphan_low_usd: z.string().nullable(),
    orphan_high_usd: z.string().nullable(),
  }),
);
const callColumns =
  "call_id, run_id, state, outcome, usage_source, cost_usd, bound_low_usd, bound_high_usd, orphan_low_usd, orphan_high_usd";

type LedgerCallRow = LedgerCall & { readonly run_id: string };

export async function ledgerCalls(store: Store): Promise<readonly LedgerCallRow[]> {
  return ledgerCallRows.parse(await store.query(`SELECT ${callColumns} FROM ledger`));
}

/** The view as it is defined in the database, with its clock a day ahead: nobody waits for deadlines. */
async function ledgerCallsLater(store: Store): Promise<readonly LedgerCallRow[]> {
  const found = await store.query(
    "SELECT as_select FROM system.tables WHERE database = {database:String} AND name = 'ledger'",
    { database: store.database },
  );
  const [{ as_select: view }] = z.tuple([z.object({ as_select: z.string() })]).parse(found);
  const clock = "now64(3, 'UTC')";
  if (!view.includes(clock)) throw new Error(`the view ledger asks for the time in another way now: ${view}`);
  const later = view.replaceAll(clock, `(${clock} + toIntervalDay(1))`);
  return ledgerCallRows.parse(await store.query(`SELECT ${callColumns} FROM (${later})`));
}

async function deadLetterCounts(
  { reader }: StageProcesses,
  since: Mark | undefined,
): Promise<Readonly<Record<string, bigint>>> {
  const counts: Record<string, bigint> = {};
  for (const topic of consumedTopics.map(deadLetterTopicOf)) {
    const before = [...(since?.ends.get(topic)?.values() ?? [])].reduce((total, high) => total + high, 0n);
    counts[topic] = [...(await reader.offsets(topic)).values()].reduce((total, { high }) => total + high, -before);
  }
  return counts;
}

/** Where the stages' groups stand on what they read, beside the logs' ends. */
export async function positionsOf(
  { broker, reader }: StageProcesses,
  stages: readonly StageName[],
): Promise<readonly Position[]> {
  const admin = createKafka(broker.settings, "test-positions", silentLogger).admin();
  await admin.connect();
  try {
    const positions: Position[] = [];
    for (const stage of stages) {
      const group = consumerGroupOf(stage);
      const read = catalog.filter(({ role, readBy }) => role === "flow" && readBy.some((name) => name === stage));
      const topics = read.map(({ name }) => name);
      for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group, topics })) {
        const ends = await reader.offsets(topic);
        for (const { partition, offset } of partitions) {
          positions.push({ group, topic, partition, committed: BigInt(offset), end: ends.get(partition)?.high ?? -1n });
        }
      }
    }
    return positions;
  } finally {
    await admin.disconnect();
  }
}
