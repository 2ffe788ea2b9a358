/**
 * The topic `_schemas`: compacted, one partition, the registry's only memory.
 * Reads it whole into a store, and writes a record into topic and store, in
 * that order, once Kafka has it. After a write of which nobody knows whether it
 * arrived, the topic is read again before anything else happens.
 * One registry at a time may write to it.
 */
import type { KafkaLogger } from "../../../services/runtime/kafka/client.ts";
import { createKafka } from "../../../services/runtime/kafka/client.ts";
import { openLogReader } from "../../../services/runtime/kafka/log-reader.ts";
import { openProducer } from "../../../services/runtime/kafka/producer.ts";
import { plainKafkaSettings } from "../../../services/runtime/kafka/settings.ts";
import { SchemaStore } from "./schema-store.ts";

export const schemasTopic = "_schemas";

export interface RegistryTopic {
  /** The store as of the last write; current only within `inTurn`. */
  readonly store: () => SchemaStore;
  /** Runs one change at a time, on a store that holds everything written before. */
  readonly inTurn: <Value>(change: () => Promise<Value>) => Promise<Value>;
  /** Within a change only. Errors: TransientError broker_unavailable. */
  readonly write: (key: unknown, value: unknown) => Promise<void>;
  readonly close: () => Promise<void>;
}

const clientId = "breakwater-registry";
const silent: KafkaLogger = { debug() {}, info() {}, warn() {}, error() {} };

export async function openRegistryTopic(brokers: string): Promise<RegistryTopic> {
  const settings = plainKafkaSettings(brokers);
  const kafka = createKafka(settings, clientId, silent);
  await createTopic(kafka);
  const reader = await openLogReader(settings, clientId, silent);
  const producer = await openProducer({ kafka, source: "breakwater/registry", partitionsOf: () => 1 });
  let store = await readWhole(reader);
  let isStale = false;
  let last: Promise<unknown> = Promise.resolve();
  return {
    store: () => store,
    inTurn(change) {
      const turn = last.then(async () => {
        if (isStale) store = await readWhole(reader);
        isStale = false;
        return change();
      });
      last = turn.catch(() => undefined);
      return turn;
    },
    async write(key, value) {
      isStale = true;
      const record = { key: JSON.stringify(key), value: value === null ? null : Buffer.from(JSON.stringify(value)) };
      await producer.send([{ topic: schemasTopic, partition: 0, headers: {}, ...record }]);
      store.apply(key, value);
      isStale = false;
    },
    async close() {
      await last;
      await producer.close();
      await reader.close();
    },
  };
}

async function createTopic(kafka: ReturnType<typeof createKafka>): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const configEntries = [{ name: "cleanup.policy", value: "compact" }];
    const topic = { topic: schemasTopic, numPartitions: 1, replicationFactor: 1, configEntries };
    await admin.createTopics({ topics: [topic], waitForLeaders: true });
  } finally {
    await admin.disconnect();
  }
}

async function readWhole(reader: Awaited<ReturnType<typeof openLogReader>>): Promise<SchemaStore> {
  const store = new SchemaStore();
  const ends = await reader.offsets(schemasTopic);
  const ranges = [...ends].map(([partition, { low, high }]) => ({ partition, from: low, to: high }));
  const onRecord = ({ key, value }: { readonly key: Buffer | null; readonly value: Buffer | null }): void => {
    if (key !== null) store.apply(parsedJson(key), value === null ? null : parsedJson(value));
  };
  await reader.read({ topic: schemasTopic, ranges, onRecord });
  return store;
}

function parsedJson(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString("utf8"));
}
