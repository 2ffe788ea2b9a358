/**
 * How many partitions each topic has, asked once per topic: counts are fixed
 * when a topic is created (ARCHITECTURE: partition p feeds partition p), so an
 * answer never grows old.
 */
import type { Kafka } from "kafkajs";
import { ClusterLink } from "./wire/cluster-link.ts";

const lookUpForMs = 30_000;

/** The count, at once when it is known. Errors: TransientError broker_unavailable. */
export type PartitionsOf = (topic: string) => number | Promise<number>;

export function partitionCounts(kafka: Kafka): PartitionsOf {
  const known = new Map<string, number>();
  const asked = new Map<string, Promise<number>>();
  const ask = async (topic: string): Promise<number> => {
    try {
      const count = await lookUp(kafka, topic);
      known.set(topic, count);
      return count;
    } finally {
      asked.delete(topic);
    }
  };
  return (topic) => {
    const count = known.get(topic);
    if (count !== undefined) return count;
    const pending = asked.get(topic) ?? ask(topic);
    asked.set(topic, pending);
    return pending;
  };
}

async function lookUp(kafka: Kafka, topic: string): Promise<number> {
  const link = new ClusterLink(kafka);
  try {
    const partitions = await link.patiently(lookUpForMs, () => link.partitions(topic));
    return partitions.length;
  } finally {
    await link.close();
  }
}
