/**
 * Connections to a cluster and who leads which partition, over kafkajs' own
 * cluster object. After any trouble the whole link is replaced rather than
 * mended: what kafkajs keeps of a broken connection is not relied on.
 */
import { setTimeout as sleep } from "node:timers/promises";
import kafkajs, { type Kafka, type KafkaJSError } from "kafkajs";
import Cluster, { type Broker } from "kafkajs/src/cluster/index.js";
import { TransientError } from "../../errors.ts";

const readCommitted = 1;
const metadataMaxAgeMs = 300_000;
/** A topic may be unknown for a moment after it was made; not for longer. */
const unknownTopicForMs = 10_000;

export type OffsetAt = "first" | "end" | number;

/** What fetching and producing need of a cluster. */
export type Link = Pick<ClusterLink, "leaders" | "partitions" | "offsets" | "broker" | "reset" | "close">;

export class ClusterLink {
  readonly #kafka: Kafka;
  #current: Promise<Cluster> | null = null;
  #closed = false;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  /** Leader of each partition of a topic; partitions without one at the moment are missing. */
  async leaders(topic: string): Promise<ReadonlyMap<number, number>> {
    const cluster = await this.#knowing([topic]);
    const known = cluster.findTopicPartitionMetadata(topic);
    return new Map(known.filter(({ leader }) => leader >= 0).map(({ partitionId, leader }) => [partitionId, leader]));
  }

  async partitions(topic: string): Promise<readonly number[]> {
    const cluster = await this.#knowing([topic]);
    return cluster
      .findTopicPartitionMetadata(topic)
      .map(({ partitionId }) => partitionId)
      .toSorted((a, b) => a - b);
  }

  async broker(nodeId: number): Promise<Broker> {
    return (await this.#knowing([])).findBroker({ nodeId });
  }

  /** Of each partition: its first offset, the end of what committed readers see, or the first at or after a Unix time in ms (-1: none). */
  async offsets(topic: string, partitions: readonly number[], at: OffsetAt): Promise<ReadonlyMap<number, bigint>> {
    const cluster = await this.#knowing([topic]);
    const which = typeof at === "number" ? { fromTimestamp: at } : { fromBeginning: at === "first" };
    const asked = partitions.map((partition) => ({ partition }));
    const answer = await cluster.fetchTopicsOffset([{ topic, partitions: asked, ...which }]);
    return new Map(answer.flatMap((one) => one.partitions.map(({ partition, offset }) => [partition, BigInt(offset)])));
  }

  /** Repeats work over new connections while its failure may pass. Errors: TransientError broker_unavailable after forMs. */
  async patiently<T>(forMs: number, work: () => Promise<T>): Promise<T> {
    const startedAt = Date.now();
    for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 2000)) {
      try {
        return await work();
      } catch (error) {
        if (this.#closed || !mayPass(error)) throw error;
        const isUnknown = isOfType(error, "UNKNOWN_TOPIC_OR_PARTITION");
        const limitMs = isUnknown ? Math.min(forMs, unknownTopicForMs) : forMs;
        if (Date.now() + delayMs - startedAt > limitMs) throw outOfReach(isUnknown, error);
      }
      this.reset();
      await sleep(delayMs);
    }
  }

  /** The next use connects anew. */
  reset(): void {
    const old = this.#current;
    this.#current = null;
    old?.then((cluster) => cluster.disconnect()).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const old = this.#current;
    this.#current = null;
    await old?.then((cluster) => cluster.disconnect()).catch(() => undefined);
  }

  /** A connected cluster that knows these topics; a topic that does not exist is an error. */
  async #knowing(topics: readonly string[]): Promise<Cluster> {
    if (this.#closed) throw new Error("the link to Kafka is closed");
    this.#current ??= connect(this.#kafka);
    const cluster = await this.#current;
    await cluster.addMultipleTargetTopics([...topics]);
    await cluster.refreshMetadataIfNecessary();
    return cluster;
  }
}

/** True for what may pass by itself: everything kafkajs reports but a refused password and what the protocol calls final. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof kafkajs.KafkaJSError)) return false;
  const root = rootOf(error);
  if (root instanceof kafkajs.KafkaJSSASLAuthenticationError) return false;
  return !(root instanceof kafkajs.KafkaJSProtocolError) || root.retriable;
}

/** Whether the cluster lets this user not read or write the topic. */
export function isForbidden(error: unknown): boolean {
  return isOfType(error, "TOPIC_AUTHORIZATION_FAILED");
}

function isOfType(error: unknown, type: string): boolean {
  if (!(error instanceof kafkajs.KafkaJSError)) return false;
  const root = rootOf(error);
  return root instanceof kafkajs.KafkaJSProtocolError && root.type === type;
}

function outOfReach(isUnknown: boolean, cause: unknown): TransientError {
  const message = isUnknown ? "Kafka has no such topic (`npm run topics:create` makes them)" : "Kafka does not answer";
  return new TransientError("broker_unavailable", message, cause);
}

function rootOf(error: KafkaJSError): KafkaJSError {
  return error.cause instanceof kafkajs.KafkaJSError ? rootOf(error.cause) : error;
}

async function connect(kafka: Kafka): Promise<Cluster> {
  const cluster = createCluster(kafka);
  try {
    await cluster.connect();
    return cluster;
  } catch (error) {
    await cluster.disconnect().catch(() => undefined);
    throw error;
  }
}

/** kafkajs makes its clusters by a method it keeps under a symbol; producers, consumers and admins get theirs from it too. */
function createCluster(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === "private:Kafka:createCluster",
  );
  const create: unknown = symbol === undefined ? undefined : Reflect.get(kafka, symbol);
  if (typeof create !== "function") throw new Error("this is not kafkajs 2.2.4");
  const cluster: unknown = create({
    metadataMaxAge: metadataMaxAgeMs,
    allowAutoTopicCreation: false,
    isolationLevel: readCommitted,
  });
  if (!(cluster instanceof Cluster)) throw new Error("this is not kafkajs 2.2.4");
  return cluster;
}
