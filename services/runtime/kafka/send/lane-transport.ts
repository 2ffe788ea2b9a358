/**
 * Writes batches to the leaders of their partitions, one Produce request per
 * leader, all at once, and answers for each lane. Does not repeat anything.
 */
import type { Kafka } from "kafkajs";
import { createErrorFromCode } from "kafkajs/src/protocol/error.js";
import type { LaneAnswer, LaneTransport } from "./batch-sender.ts";
import type { LaneBatch } from "./send-queue.ts";
import { ClusterLink, mayPass, type Link } from "../wire/cluster-link.ts";
import { produceRequest, type ProducedPartition } from "../wire/produce-request.ts";
import { encodeRecordBatch } from "../wire/record-batch-encode.ts";

type Answers = Map<LaneBatch, LaneAnswer>;

export function openLaneTransport(kafka: Kafka): LaneTransport {
  return laneTransport(new ClusterLink(kafka));
}

export function laneTransport(link: Link): LaneTransport {
  return {
    send: (lanes) => send(link, lanes),
    reset: () => link.reset(),
    close: () => link.close(),
  };
}

async function send(link: Link, lanes: readonly LaneBatch[]): Promise<readonly LaneAnswer[]> {
  const answers: Answers = new Map();
  const groups = await byLeader(link, lanes, answers);
  const sending = [...groups].map(([nodeId, group]) =>
    sendTo(link, nodeId, group, answers).catch(doubt(group, answers)),
  );
  await Promise.all(sending);
  return lanes.map((lane) => answers.get(lane) ?? { kind: "unconfirmed", cause: "the partition has no leader" });
}

/** Trouble that may pass leaves only these lanes unconfirmed. */
function doubt(lanes: readonly LaneBatch[], answers: Answers): (error: unknown) => void {
  return (error) => {
    if (!mayPass(error)) throw error;
    for (const lane of lanes) answers.set(lane, { kind: "unconfirmed", cause: error });
  };
}

async function byLeader(
  link: Link,
  lanes: readonly LaneBatch[],
  answers: Answers,
): Promise<ReadonlyMap<number, readonly LaneBatch[]>> {
  const groups = new Map<number, LaneBatch[]>();
  for (const [topic, ofTopic] of Map.groupBy(lanes, (lane) => lane.topic)) {
    const leaders = await link.leaders(topic).catch(doubt(ofTopic, answers));
    for (const lane of ofTopic) {
      const leader = leaders?.get(lane.partition);
      if (leader === undefined) continue;
      const group = groups.get(leader);
      if (group === undefined) groups.set(leader, [lane]);
      else group.push(lane);
    }
  }
  return groups;
}

async function sendTo(link: Link, nodeId: number, lanes: readonly LaneBatch[], answers: Answers): Promise<void> {
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
