/**
 * Who is in consumer groups now, by Kafka client id, as their coordinators know
 * it: a process that died is among them until its session has timed out, one
 * that left in order is not.
 */
import type { Kafka } from "kafkajs";
import { TransientError } from "../errors.ts";

/** By group; a group that nobody knows has none. Errors: TransientError broker_unavailable. */
export async function membersOf(
  kafka: Kafka,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { groups } = await admin.describeGroups([...groupIds]);
    return new Map(groups.map(({ groupId, members }) => [groupId, members.map(({ clientId }) => clientId)]));
  } catch (error) {
    throw new TransientError("broker_unavailable", "the groups' members cannot be asked for", error);
  } finally {
    await admin.disconnect();
  }
}

/** Errors: TransientError broker_unavailable. */
export async function liveClientIds(kafka: Kafka, groupId: string): Promise<ReadonlySet<string>> {
  return new Set((await membersOf(kafka, [groupId])).get(groupId));
}
