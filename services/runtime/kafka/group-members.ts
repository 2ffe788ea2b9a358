/**
 * Who is in a consumer group now, by Kafka client id, as its coordinator knows
 * it: a process that died is among them until its session has timed out, one
 * that left in order is not.
 */
import type { Kafka } from "kafkajs";
import { TransientError } from "../errors.ts";

/** Errors: TransientError broker_unavailable. */
export async function liveClientIds(kafka: Kafka, groupId: string): Promise<ReadonlySet<string>> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { groups } = await admin.describeGroups([groupId]);
    return new Set(groups.flatMap(({ members }) => members.map(({ clientId }) => clientId)));
  } catch (error) {
    throw new TransientError("broker_unavailable", "the group's members cannot be asked for", error);
  } finally {
    await admin.disconnect();
  }
}
