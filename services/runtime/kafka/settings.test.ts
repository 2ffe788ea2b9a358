import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ConfigError } from "../errors.ts";
import { createKafka, kafkajsOptions } from "./client.ts";
import { kafkaSettings, plainKafkaSettings, type KafkaConfig } from "./settings.ts";

const folder = mkdtempSync(join(tmpdir(), "breakwater-settings-"));
const certificate = join(folder, "ca.pem");
writeFileSync(certificate, "a certificate");
after(() => rmSync(folder, { recursive: true }));

const brokers = ["a:9092", "b:9092"];
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

test("addresses alone mean plain TCP", () => {
  assert.deepEqual(kafkaSettings({ KAFKA_BROKERS: brokers, KAFKA_TLS: false }), { brokers, tls: null, sasl: null });
  assert.deepEqual(plainKafkaSettings("a:9092,b:9092"), { brokers, tls: null, sasl: null });
});

test("TLS with a certificate file and SASL reach kafkajs", () => {
  const settings = kafkaSettings({
    KAFKA_BROKERS: brokers,
    KAFKA_TLS: true,
    KAFKA_TLS_CA_FILE: certificate,
    KAFKA_SASL_MECHANISM: "scram-sha-512",
    KAFKA_SASL_USERNAME: "me",
    KAFKA_SASL_PASSWORD: "secret",
  });
  const options = kafkajsOptions(settings, "client", silent);
  assert.deepEqual(options.ssl, { ca: "a certificate" });
  assert.deepEqual(options.sasl, { mechanism: "scram-sha-512", username: "me", password: "secret" });
  assert.equal(kafkajsOptions({ ...settings, tls: { ca: null } }, "client", silent).ssl, true);
});

const refused: readonly (readonly [string, KafkaConfig, RegExp])[] = [
  ["no address", {}, /KAFKA_BROKERS/],
  ["a certificate without TLS", { KAFKA_TLS_CA_FILE: certificate }, /KAFKA_TLS_CA_FILE.*KAFKA_TLS/],
  [
    "a certificate that is not there",
    { KAFKA_TLS: true, KAFKA_TLS_CA_FILE: "/not/there.pem" },
    /KAFKA_TLS_CA_FILE.*not\/there/,
  ],
  ["a mechanism without a user", { KAFKA_SASL_MECHANISM: "plain" }, /KAFKA_SASL_USERNAME/],
  ["a password without a mechanism", { KAFKA_SASL_PASSWORD: "secret" }, /KAFKA_SASL_MECHANISM/],
];

for (const [name, config, message] of refused) {
  test(`${name} is refused with the variable's name, never with a secret`, () => {
    const withBrokers = name === "no address" ? config : { KAFKA_BROKERS: brokers, ...config };
    assert.throws(
      () => kafkaSettings(withBrokers),
      (error) => error instanceof ConfigError && message.test(error.message) && !error.message.includes("secret"),
    );
  });
}

test("kafkajs' own retries are warnings of ours, with known fields only", () => {
  const lines: unknown[] = [];
  const logger = { ...silent, warn: (fields: object, message: string) => void lines.push([fields, message]) };
  const kafka = createKafka(plainKafkaSettings("127.0.0.1:1"), "client", logger);
  kafka.logger().namespace("Connection", 4).error("it broke", { broker: "a:9092", payload: "a record" });
  kafka.logger().namespace("Runner", 4).info("joined", { groupId: "g" });
  assert.deepEqual(lines, [[{ kafkajs: "Connection", broker: "a:9092" }, "it broke"]]);
});
