/**
 * `status`: whether the system works, for a person and for a script: the living
 * processes of each stage, how far it is behind, and the breakers that let
 * nothing through. Exit status 1 when a stage has no process or a breaker is
 * open.
 */
import { v7 } from "uuid";
import type { BreakerRecord } from "../../../schemas/control/breaker.ts";
import { stageName, type StageName } from "../../../schemas/parts/codes.ts";
import { consumedTopics, topicSpec } from "../../../topics/catalog.ts";
import { createKafka } from "../../runtime/kafka/client.ts";
import { groupStandings, type GroupStanding } from "../../runtime/kafka/group-standing.ts";
import { consumerGroupOf } from "../../runtime/run-stage.ts";
import { silentLogger, withKafka } from "../connections.ts";
import { exitCodes } from "../exit-codes.ts";
import type { CommandAction } from "../program/command.ts";
import { grouped } from "../table.ts";
import { breakerTable, nameOf, readBreakers } from "./breakers.ts";

export const showStatus: CommandAction = async ({ screen, env }) => {
  const { standings, breakers } = await withKafka(env, async ({ settings, reader }) => {
    const kafka = createKafka(settings, `breakwater-cli-${v7()}`, silentLogger);
    return { standings: await groupStandings(kafka, reader, groups), breakers: await readBreakers(reader) };
  });
  const status = statusOf(standings, breakers, Date.now());
  screen.document(status);
  screen.table({
    columns: [{ head: "stage" }, { head: "processes", align: "right" }, { head: "records behind", align: "right" }],
    rows: status.stages.map(({ stage, processes, behind }) => [stage, grouped(processes), grouped(behind)]),
  });
  if (status.open_breakers.length > 0) {
    screen.note("");
    screen.table(breakerTable(status.open_breakers, Date.now()));
  }
  for (const problem of status.problems) screen.note(problem);
  return status.healthy ? exitCodes.ok : exitCodes.notOk;
};

const groups = stageName.options.map((stage) => ({
  groupId: consumerGroupOf(stage),
  topics: consumedTopics.filter((topic) => topicSpec(topic).readBy.includes(stage)),
}));

export interface Status {
  readonly healthy: boolean;
  readonly stages: readonly { readonly stage: StageName; readonly processes: number; readonly behind: number }[];
  /** Those that let nothing through now; one whose probe is due is not among them. */
  readonly open_breakers: readonly BreakerRecord[];
  /** A sentence each. */
  readonly problems: readonly string[];
}

export function statusOf(
  standings: readonly Pick<GroupStanding, "groupId" | "members" | "behind">[],
  breakers: readonly BreakerRecord[],
  nowMs: number,
): Status {
  const stages = stageName.options.map((stage) => {
    const standing = standings.find(({ groupId }) => groupId === consumerGroupOf(stage));
    return { stage, processes: standing?.members.length ?? 0, behind: Number(standing?.behind ?? 0n) };
  });
  const open = breakers.filter(({ state, open_until_ms }) => state === "open" && open_until_ms > nowMs);
  const problems = [
    ...stages.filter(({ processes }) => processes === 0).map(({ stage }) => `No process of ${stage} is running.`),
    ...open.map((breaker) => `The breaker of ${nameOf(breaker)} is open.`),
  ];
  return { healthy: problems.length === 0, stages, open_breakers: open, problems };
}
