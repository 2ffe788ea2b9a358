/**
 * Where consumer groups stand: who is in each now, and how many records of its
 * topics it has not committed as done. A process that died counts until its
 * session has timed out.
 */
import type { Admin, Kafka } from "kafkajs";
import { TransientError } from "../errors.ts";
import type { LogReader } from "./log-reader.ts";

export interface Group {
  readonly groupId: string;
  readonly topics: readonly string[];
}

export interface GroupStanding extends Group {
  /** Kafka client ids. */
  readonly members: readonly string[];
  /** Records after the committed offsets, over all topics. */
  readonly behind: bigint;
}

/** In the order of `groups`. Errors: TransientError broker_unavailable, also when a topic does not exist. */
export async function groupStandings(
  kafka: Kafka,
  reader: Pick<LogReader, "offsets">,
  groups: readonly Group[],
): Promise<GroupStanding[]> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const described = await admin.describeGroups(groups.map(({ groupId }) => groupId));
    return await Promise.all(
      groups.map(async (group) => {
        const members = described.groups.find(({ groupId }) => groupId === group.groupId)?.members ?? [];
        const clientIds = members.map(({ clientId }) => clientId).toSorted();
        return { ...group, members: clientIds, behind: await behindOf(admin, reader, group) };
      }),
    );
  } catch (error) {
    throw new TransientError("broker_unavailable", "the groups cannot be asked for", error);
  } finally {
    await admin.disconnect();
  }
}

async function behindOf(admin: Admin, reader: Pick<LogReader, "offsets">, { groupId, topics }: Group): Promise<bigint> {
  const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
  let behind = 0n;
  for (const { topic, partitions } of committed) {
    for (const [partition, { low, high }] of await reader.offsets(topic)) {
      const offset = BigInt(partitions.find((found) => found.partition === partition)?.offset ?? -1);
      behind += high - (offset > low ? offset : low);
    }
  }
  return behind;
}
