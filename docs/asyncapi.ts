/**
 * The AsyncAPI 3 document of the topics, docs/asyncapi.json, made from
 * topics/catalog.ts and the settings that topics are created with: a channel a
 * topic and a dead-letter topic, an operation for each who writes or reads it.
 * `node docs/asyncapi.ts` writes it; its test fails when it is stale.
 */
import { writeFileSync } from "node:fs";
import {
  catalog,
  consumedTopics,
  deadLettersReadBy,
  deadLetterTopicOf,
  type ConsumedTopic,
} from "../topics/catalog.ts";
import type { TopicSpec } from "../topics/topic-spec.ts";
import { wantedTopics } from "../services/runtime/kafka/create-topics.ts";

export const documentFile = new URL("./asyncapi.json", import.meta.url);

/** Of a cluster in production; one broker has one copy. */
const replicas = 3;
const flowPartitions = 24;

type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

const text: JsonObject = { type: "string" };
const emissionHeaders: JsonObject = {
  type: "object",
  description: "CloudEvents 1.0 in Kafka's binary mode, with the trace it belongs to",
  properties: {
    ce_specversion: { const: "1.0" },
    ce_id: { ...text, description: "Derived from what caused the record: a repeat has the same" },
    ce_type: text,
    ce_source: text,
    "content-type": { const: "application/json" },
    traceparent: { ...text, description: "W3C Trace Context" },
  },
};
const deadLetterHeaders: JsonObject = {
  type: "object",
  description: "The record's own headers, and why it was given up in the family `__dlq.errors.`",
  properties: Object.fromEntries(
    ["topic", "partition", "offset", "group", "stage", "code", "disposition", "message", "timestamp"].map((name) => [
      `__dlq.errors.${name}`,
      text,
    ]),
  ),
  required: ["__dlq.errors.topic", "__dlq.errors.code"],
};

function kafkaBinding(topic: string): JsonObject {
  const wanted = wantedTopics(flowPartitions, replicas).find(({ topic: name }) => name === topic);
  if (wanted === undefined) throw new Error(`${topic} is not created by anybody`);
  const settings = new Map((wanted.configEntries ?? []).map(({ name, value }) => [name, value]));
  const policy = settings.get("cleanup.policy");
  const numbers = ["retention.ms", "max.message.bytes"].flatMap((name) => {
    const value = settings.get(name);
    return value === undefined ? [] : [[name, Number(value)] as const];
  });
  return {
    kafka: {
      topic,
      partitions: wanted.numPartitions ?? flowPartitions,
      replicas,
      topicConfiguration: {
        ...(policy === undefined ? {} : { "cleanup.policy": policy.split(",") }),
        ...Object.fromEntries(numbers),
      },
      bindingVersion: "0.5.0",
    },
  };
}

function channelOf({ name, carries }: TopicSpec): JsonObject {
  return {
    address: name,
    description: carries,
    messages: { record: { $ref: `#/components/messages/${name}` } },
    bindings: kafkaBinding(name),
  };
}

function messageOf({ name, carries, key }: TopicSpec): JsonObject {
  return {
    name,
    summary: carries,
    contentType: "application/json",
    // Publishers of requests need send none of them.
    headers: emissionHeaders,
    payload: {
      schemaFormat: "application/schema+json;version=draft-07",
      schema: { $ref: `../schemas/registry/${name}.json` },
    },
    bindings: { kafka: { key: { ...text, description: key }, bindingVersion: "0.5.0" } },
  };
}

/** `input-scan` and `model-invoke (takeover)` as the name of an operation's first half. */
function operationName(who: string): string {
  return who.replaceAll(/[^a-z]+/gi, "-").replace(/-$/, "");
}

function operationsOn(
  topic: string,
  action: "send" | "receive",
  services: readonly string[],
): (readonly [string, Json])[] {
  return services.map((who) => [
    `${operationName(who)}.${action}.${topic}`,
    {
      action,
      title: `${who} ${action === "send" ? "writes" : "reads"} ${topic}`,
      channel: { $ref: `#/channels/${topic}` },
      messages: [{ $ref: `#/channels/${topic}/messages/record` }],
    },
  ]);
}

function deadLettersOf(topic: ConsumedTopic): DeadLetters {
  const from = catalog.find(({ name }) => name === topic);
  if (from === undefined) throw new Error(`no topic ${topic} in the catalog`);
  return { name: deadLetterTopicOf(topic), from };
}

const consumers = ["input-scan", "model-invoke", "output-validate", "cost-aggregate", "alerts", "audit-seal"];

const info: JsonObject = {
  title: "Breakwater",
  version: "0.1.0",
  description: "The topics of the harness, in the order a request meets them. Made from topics/catalog.ts.",
  license: { name: "Apache-2.0" },
};
const kafkaServer: JsonObject = {
  host: "{brokers}",
  protocol: "kafka",
  description: "KAFKA_BROKERS",
  variables: { brokers: { default: "localhost:9092" } },
  bindings: { kafka: { bindingVersion: "0.5.0" } },
};

interface DeadLetters {
  readonly name: string;
  readonly from: TopicSpec;
}

function deadLetterChannel({ name, from }: DeadLetters): JsonObject {
  return {
    address: name,
    description: `Records of ${from.name} that were given up, byte for byte, with the reason in their headers`,
    messages: { record: { $ref: "#/components/messages/dead-letter" } },
    bindings: kafkaBinding(name),
  };
}

function deadLetterOperations({ name, from }: DeadLetters): (readonly [string, Json])[] {
  const givenUpBy = consumers.filter((consumer) => from.readBy.some((reader) => reader === consumer));
  return [...operationsOn(name, "send", givenUpBy), ...operationsOn(name, "receive", deadLettersReadBy)];
}

export function asyncApiDocument(): JsonObject {
  const deadLetters = consumedTopics.map(deadLettersOf);
  return {
    asyncapi: "3.0.0",
    info,
    defaultContentType: "application/json",
    servers: { kafka: kafkaServer },
    channels: Object.fromEntries<Json>([
      ...catalog.map((spec) => [spec.name, channelOf(spec)] as const),
      ...deadLetters.map((spec) => [spec.name, deadLetterChannel(spec)] as const),
    ]),
    operations: Object.fromEntries([
      ...catalog.flatMap(({ name, writtenBy, readBy }) => [
        ...operationsOn(name, "send", writtenBy),
        ...operationsOn(name, "receive", readBy),
      ]),
      ...deadLetters.flatMap(deadLetterOperations),
    ]),
    components: {
      messages: {
        ...Object.fromEntries(catalog.map((spec) => [spec.name, messageOf(spec)])),
        "dead-letter": {
          name: "dead-letter",
          summary: "A record that was given up, as it came",
          headers: deadLetterHeaders,
        },
      },
    },
  };
}

if (import.meta.main) writeFileSync(documentFile, `${JSON.stringify(asyncApiDocument(), null, 2)}\n`);
