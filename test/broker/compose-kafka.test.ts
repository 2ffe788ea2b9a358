/**
 * The Kafka settings of docker-compose.yml, asked of a real broker of the same
 * version: each KAFKA_ variable of the official image stands for a property
 * (upper case, dots as underscores) that the broker knows.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import kafkajs from "kafkajs";
import { parse } from "yaml";
import { z } from "zod";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { startTestBroker, type TestBroker } from "../support/broker.ts";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const compose = z.object({
  services: z.object({ kafka: z.object({ image: z.string(), environment: z.record(z.string(), z.string()) }) }),
});

let broker: TestBroker;
before(async () => {
  broker = await startTestBroker();
});
after(() => broker.stop());

test("every Kafka setting of docker-compose.yml is a property that the broker knows", async () => {
  const { kafka } = compose.parse(parse(readFileSync("docker-compose.yml", "utf8"))).services;
  const admin = createKafka(broker.settings, "compose-check", silent).admin();
  await admin.connect();
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.BROKER, name: "1" }],
  });
  await admin.disconnect();
  const known = new Set(resources.flatMap(({ configEntries }) => configEntries.map(({ configName }) => configName)));
  const wanted = Object.keys(kafka.environment).map((name) =>
    name
      .replace(/^KAFKA_/, "")
      .toLowerCase()
      .replaceAll("_", "."),
  );
  assert.ok(known.size > 100);
  assert.deepEqual(
    wanted.filter((property) => !known.has(property)),
    [],
  );
});

test("the image is of the version that the embedded broker runs", () => {
  const { kafka } = compose.parse(parse(readFileSync("docker-compose.yml", "utf8"))).services;
  const embedded = /kafka_2\.13<\/artifactId>\s*<version>([^<]+)</.exec(
    readFileSync("infra/kafka/pom.xml", "utf8"),
  )?.[1];
  assert.equal(kafka.image, `apache/kafka:${embedded ?? "unknown"}`);
});
