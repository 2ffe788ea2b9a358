/**
 * `status`: whether the system works, for a person and for a script: the same
 * as `GET /v1/status`. Exit status 1 when there is a problem, such as a stage
 * without a process or a breaker that is open.
 */
import { v7 } from "uuid";
import type { Store } from "../../ledger/clickhouse.ts";
import { createKafka } from "../../runtime/kafka/client.ts";
import type { Environment } from "../../runtime/config.ts";
import { statusReader, type StatusSources } from "../../status/read-status.ts";
import { openStageStandings } from "../../status/stage-standings.ts";
import type { Status } from "../../status/status-view.ts";
import { budgetsIn } from "../budgets/budgets.ts";
import { readLeases } from "../budgets/standing.ts";
import { reachable, silentLogger, withKafka, withLedger, type KafkaConnection } from "../connections.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { readOrders } from "../orders/order.ts";
import type { CommandAction } from "../program/command.ts";
import { describeWaiting } from "../reviews/show-reviews.ts";
import type { Screen } from "../screen.ts";
import { grouped, type Table } from "../table.ts";
import { breakerTable, readBreakers } from "./breakers.ts";

export const showStatus: CommandAction = async ({ screen, env }) => {
  const status = await withKafka(env, (kafka) => withLedgerIfAny(env, (ledger) => lookAt(kafka, ledger)));
  screen.document(status);
  show(screen, status);
  return status.healthy ? exitCodes.ok : exitCodes.notOk;
};

/** A cluster that is new needs many seconds for its first question about groups. */
const patienceMs = 60_000;

/** Null to `work` when none is known here: to have no ledger at hand is no problem of the stages. */
function withLedgerIfAny<T>(env: Environment, work: (ledger: Store | null) => Promise<T>): Promise<T> {
  try {
    reachable(env, "CLICKHOUSE_URL");
  } catch (error) {
    if (error instanceof CommandError) return work(null);
    throw error;
  }
  return withLedger(env, work);
}

async function lookAt({ settings, reader }: KafkaConnection, ledger: StatusSources["ledger"]): Promise<Status> {
  const nowMs = Date.now();
  const standings = openStageStandings(createKafka(settings, `breakwater-cli-${v7()}`, silentLogger), reader);
  const sources: StatusSources = {
    stages: standings.read,
    breakers: () => readBreakers(reader),
    commands: async () => (await readOrders(reader)).values(),
    budgets: async () => ({
      budgets: (await budgetsIn(reader)).values(),
      book: await readLeases(reader, nowMs),
    }),
    ledger,
  };
  try {
    return await statusReader(sources, patienceMs)(nowMs);
  } finally {
    await standings.close();
  }
}

function show(screen: Pick<Screen, "table" | "note">, status: Status): void {
  const { open_breakers: breakers, in_review: inReview, pauses, unknown, problems } = status;
  screen.table(stageTable(status));
  if (breakers !== null && breakers.length > 0) {
    screen.note("");
    screen.table(breakerTable(breakers, Date.now()));
  }
  for (const sentence of [
    ...callsIn(status),
    ...(inReview === null || inReview === 0 ? [] : [describeWaiting(inReview)]),
    ...(pauses ?? []).map(({ name }) => `${name} is paused.`),
    ...budgetsNearlyUsed(status),
    ...(unknown.length === 0 ? [] : [`Not known: ${unknown.join(", ")}.`]),
    ...problems,
  ])
    screen.note(sentence);
}

export function stageTable({ stages }: Pick<Status, "stages">): Table {
  return {
    columns: [
      { head: "stage" },
      { head: "processes", align: "right" },
      { head: "records behind", align: "right" },
      { head: "oldest waits", align: "right" },
    ],
    rows: stages.map(({ stage, processes, behind, oldest_wait_ms: waitMs }) => [
      stage,
      ...[processes, behind].map((count) => (count === null ? "?" : grouped(count))),
      waitMs === null ? "?" : behind === 0 ? "-" : secondsText(waitMs),
    ]),
  };
}

function callsIn({ calls }: Status): readonly string[] {
  if (calls === null || calls.in_flight === 0) return [];
  return [`${grouped(calls.in_flight)} calls are under way, the oldest for ${secondsText(calls.oldest_ms ?? 0)}.`];
}

const nearlyUsed = 0.8;

export function budgetsNearlyUsed({ budgets }: Pick<Status, "budgets">): readonly string[] {
  return (budgets ?? [])
    .filter(({ used_share: share }) => share === null || share >= nearlyUsed)
    .map(({ budget_id, unit, spent, limit }) => `Of budget ${budget_id}, ${spent} of ${limit} ${unit} are spent.`);
}

function secondsText(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${grouped(Math.round(ms / 60_000))} min`;
}
