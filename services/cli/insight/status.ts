/**
 * `status`: whether the system works, for a person and for a script: the living
 * processes of each stage, how far it is behind, the breakers that let nothing
 * through, and how many answers wait for a person, as far as the ledger can be
 * asked. Exit status 1 when a stage has no process or a breaker is open.
 */
import { v7 } from "uuid";
import type { BreakerRecord } from "../../../schemas/control/breaker.ts";
import { stageName, type StageName } from "../../../schemas/parts/codes.ts";
import { consumedTopics, topicSpec } from "../../../topics/catalog.ts";
import { createKafka } from "../../runtime/kafka/client.ts";
import { groupStandings, type GroupStanding } from "../../runtime/kafka/group-standing.ts";
import { consumerGroupOf } from "../../runtime/run-stage.ts";
import { countInReview } from "../../ledger/runs/count-in-review.ts";
import { silentLogger, withKafka, withLedger } from "../connections.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import type { CommandAction } from "../program/command.ts";
import type { Environment } from "../../runtime/config.ts";
import { describeWaiting } from "../reviews/show-reviews.ts";
import { grouped } from "../table.ts";
import { breakerTable, nameOf, readBreakers } from "./breakers.ts";

export const showStatus: CommandAction = async ({ screen, env }) => {
  const { standings, breakers } = await withKafka(env, async ({ settings, reader }) => {
    const kafka = createKafka(settings, `breakwater-cli-${v7()}`, silentLogger);
    return { standings: await groupStandings(kafka, reader, groups), breakers: await readBreakers(reader) };
  });
  const status = statusOf({ standings, breakers, inReview: await inReview(env), nowMs: Date.now() });
  screen.document(status);
  screen.table({
    columns: [{ head: "stage" }, { head: "processes", align: "right" }, { head: "records behind", align: "right" }],
    rows: status.stages.map(({ stage, processes, behind }) => [stage, grouped(processes), grouped(behind)]),
  });
  if (status.open_breakers.length > 0) {
    screen.note("");
    screen.table(breakerTable(status.open_breakers, Date.now()));
  }
  if ((status.in_review ?? 0) > 0) screen.note(describeWaiting(status.in_review ?? 0));
  for (const problem of status.problems) screen.note(problem);
  return status.healthy ? exitCodes.ok : exitCodes.notOk;
};

/** Null when there is no ledger to ask, which is no problem of the stages. */
async function inReview(env: Environment): Promise<number | null> {
  try {
    return await withLedger(env, (store) => countInReview(store));
  } catch (error) {
    if (error instanceof CommandError) return null;
    throw error;
  }
}

const groups = stageName.options.map((stage) => ({
  groupId: consumerGroupOf(stage),
  topics: consumedTopics.filter((topic) => topicSpec(topic).readBy.includes(stage)),
}));

export interface Status {
  readonly healthy: boolean;
  readonly stages: readonly { readonly stage: StageName; readonly processes: number; readonly behind: number }[];
  /** Those that let nothing through now; one whose probe is due is not among them. */
  readonly open_breakers: readonly BreakerRecord[];
  /** Answers that wait for a person; null when the ledger could not be asked. */
  readonly in_review: number | null;
  /** A sentence each. */
  readonly problems: readonly string[];
}

export interface Seen {
  readonly standings: readonly Pick<GroupStanding, "groupId" | "members" | "behind">[];
  readonly breakers: readonly BreakerRecord[];
  readonly inReview: number | null;
  readonly nowMs: number;
}

export function statusOf({ standings, breakers, inReview: waiting, nowMs }: Seen): Status {
  const stages = stageName.options.map((stage) => {
    const standing = standings.find(({ groupId }) => groupId === consumerGroupOf(stage));
    return { stage, processes: standing?.members.length ?? 0, behind: Number(standing?.behind ?? 0n) };
  });
  const open = breakers.filter(({ state, open_until_ms }) => state === "open" && open_until_ms > nowMs);
  const problems = [
    ...stages.filter(({ processes }) => processes === 0).map(({ stage }) => `No process of ${stage} is running.`),
    ...open.map((breaker) => `The breaker of ${nameOf(breaker)} is open.`),
  ];
  return { healthy: problems.length === 0, stages, open_breakers: open, in_review: waiting, problems };
}
