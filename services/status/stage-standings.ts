/**
 * How the stages, alerts and audit-seal stand by Kafka: processes in each consumer group,
 * records that are not done, and since when the oldest of them waits. One
 * connection for the progress stays open.
 */
import { consumedTopics, topicSpec } from "../../topics/catalog.ts";
import { openGroupProgress } from "../runtime/consumer/progress/group-progress.ts";
import { membersOf } from "../runtime/kafka/group-members.ts";
import type { LogReader } from "../runtime/kafka/log-reader.ts";
import type { ServiceRuntime } from "../runtime/process/run-service.ts";
import { isForbidden } from "../runtime/kafka/wire/cluster-link.ts";
import { consumerGroupOf } from "../runtime/run-stage.ts";
import type { StageStanding } from "./status-of.ts";
import { consumers } from "./status-view.ts";

export interface StageStandings {
  /** Errors: TransientError broker_unavailable, also when a topic does not exist. */
  readonly read: () => Promise<readonly StageStanding[]>;
  readonly close: () => Promise<void>;
}

/** The chain is no work of audit-seal's: it looks there for where it left off. */
const asked = consumers.flatMap((stage) =>
  consumedTopics
    .filter((topic) => topicSpec(topic).readBy.includes(stage) && !(stage === "audit-seal" && isChain(topic)))
    .map((topic) => ({ stage, topic, groupId: consumerGroupOf(stage) })),
);

function isChain(topic: (typeof consumedTopics)[number]): boolean {
  return topic === "harness-audit-chain";
}

export function openStageStandings(
  kafka: ServiceRuntime["kafka"],
  reader: Pick<LogReader, "offsets" | "recordAt">,
): StageStandings {
  const progress = openGroupProgress(kafka, reader, asked);
  return {
    read: async () => {
      // One after the other: a cluster that has just begun answers the first question when its coordinators are there.
      const members = await membersOf(kafka, consumers.map(consumerGroupOf));
      const standings = await progress.read();
      const oldest = await Promise.all(standings.map(({ next }) => oldestOf(reader, next)));
      return consumers.map((stage) => {
        const own = standings.flatMap((standing, index) =>
          asked[index]?.stage === stage ? [{ ...standing, oldestAtMs: oldest[index] ?? null }] : [],
        );
        const times = own.flatMap(({ oldestAtMs }) => oldestAtMs ?? []);
        return {
          stage,
          processes: members.get(consumerGroupOf(stage))?.length ?? 0,
          behind: own.reduce((sum, { waiting }) => sum + waiting, 0),
          oldestAtMs: times.length === 0 ? null : Math.min(...times),
        };
      });
    },
    close: () => progress.close(),
  };
}

/** A record that retention took meanwhile tells nothing, nor does one that an operator's user may not read. */
async function oldestOf(
  reader: Pick<LogReader, "recordAt">,
  places: readonly Parameters<LogReader["recordAt"]>[0][],
): Promise<number | null> {
  const records = await Promise.all(places.map((place) => reader.recordAt(place).catch(nullIfForbidden)));
  const times = records.flatMap((record) => record?.timestampMs ?? []);
  return times.length === 0 ? null : Math.min(...times);
}

function nullIfForbidden(error: unknown): null {
  if (isForbidden(error)) return null;
  throw error;
}
