/**
 * One record at its place, by one request over a connection that stands: for
 * who knows where it is and wants nothing beside it. The broker sends the batch
 * that holds it and no more.
 */
import { createErrorFromCode } from "kafkajs/src/protocol/error.js";
import type { Link } from "../wire/cluster-link.ts";
import { fetchRequest } from "../wire/fetch-request.ts";
import type { DecodedRecord } from "../wire/record-batch-decode.ts";

export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

const offsetOutOfRange = 1;
const leaderNotAvailable = 5;

/** Null when there is none, or none any more. Errors: kafkajs' own; those that may pass are for the caller to repeat. */
export async function recordAt(link: Link, { topic, partition, offset }: RecordPlace): Promise<DecodedRecord | null> {
  if (!(await link.partitions(topic)).includes(partition)) return null;
  const leader = (await link.leaders(topic)).get(partition);
  if (leader === undefined) throw createErrorFromCode(leaderNotAvailable);
  const broker = await link.broker(leader);
  const position = { partition, offset };
  const [fetched] = await broker.connectionPool.send(
    fetchRequest(topic, [position], { maxWaitMs: 0, batchAlone: true }),
  );
  if (fetched === undefined || fetched.errorCode === offsetOutOfRange) return null;
  if (fetched.errorCode !== 0) throw createErrorFromCode(fetched.errorCode);
  return fetched.records.find((record) => record.offset === offset) ?? null;
}
