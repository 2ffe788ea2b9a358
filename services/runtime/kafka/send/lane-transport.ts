/**
 * Writes batches to the leaders of their partitions, one Produce request per
 * leader, all at once, and answers for each lane. Does not repeat anything.
 */
import type { Kafka } from "kafkajs";
import { createErrorFromCode } from "kafkajs/src/protocol/error.js";
import type { LaneAnswer, LaneTransport } from "./batch-sender.ts";
import type { LaneBatch } from "./send-queue.ts";
import { ClusterLink, mayPass } from "../wire/cluster-link.ts";
import { produceRequest, type ProducedPartition } from "../wire/produce-request.ts";
import { encodeRecordBatch } from "../wire/record-batch-encode.ts";

export function openLaneTransport(kafka: Kafka): LaneTransport {
  const link = new ClusterLink(kafka);
  return {
    send: (lanes) => send(link, lanes),
    reset: () => link.reset(),
    close: () => link.close(),
  };
}

async function send(link: ClusterLink, lanes: readonly LaneBatch[]): Promise<readonly LaneAnswer[]> {
  const answers = new Map<LaneBatch, LaneAnswer>();
  const doubt = (of: readonly LaneBatch[]) => (error: unknown) => {
    if (!mayPass(error)) throw error;
    for (const lane of of) answers.set(lane, { kind: "unconfirmed", cause: error });
  };
  await byLeader(link, lanes)
    .then(async (groups) => {
      await Promise.all([...groups].map(([nodeId, group]) => sendTo(link, nodeId, group, answers).catch(doubt(group))));
    })
    .catch(doubt(lanes));
  return lanes.map((lane) => answers.get(lane) ?? { kind: "unconfirmed", cause: "the partition has no leader" });
}

async function byLeader(
  link: ClusterLink,
  lanes: readonly LaneBatch[],
): Promise<ReadonlyMap<number, readonly LaneBatch[]>> {
  const groups = new Map<number, LaneBatch[]>();
  const leadersOf = new Map<string, ReadonlyMap<number, number>>();
  await link.knowing([...new Set(lanes.map(({ topic }) => topic))]);
  for (const lane of lanes) {
    const leaders = leadersOf.get(lane.topic) ?? (await link.leaders(lane.topic));
    leadersOf.set(lane.topic, leaders);
    const leader = leaders.get(lane.partition);
    if (leader === undefined) continue;
    const group = groups.get(leader);
    if (group === undefined) groups.set(leader, [lane]);
    else group.push(lane);
  }
  return groups;
}

async function sendTo(
  link: ClusterLink,
  nodeId: number,
  lanes: readonly LaneBatch[],
  answers: Map<LaneBatch, LaneAnswer>,
): Promise<void> {
  const timestampMs = Date.now();
  const batches = lanes.map(({ topic, partition, records }) => ({
    topic,
    partition,
    batch: encodeRecordBatch(
      records.map(({ record }) => record),
      timestampMs,
    ),
  }));
  const broker = await link.broker(nodeId);
  const produced = await broker.connectionPool.send(produceRequest(batches));
  const byPartition = new Map(produced.map((one) => [`${one.topic}/${one.partition}`, one]));
  for (const lane of lanes) answers.set(lane, answerOf(byPartition.get(`${lane.topic}/${lane.partition}`)));
}

function answerOf(produced: ProducedPartition | undefined): LaneAnswer {
  if (produced === undefined) return { kind: "unconfirmed", cause: "the answer lacks the partition" };
  if (produced.errorCode === 0) return { kind: "written", baseOffset: produced.baseOffset };
  const error = createErrorFromCode(produced.errorCode);
  return error.retriable ? { kind: "unconfirmed", cause: error } : { kind: "refused", code: produced.errorCode };
}
