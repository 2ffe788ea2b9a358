import assert from "node:assert/strict";
import { test } from "node:test";
import {
  describeEmbedded,
  describeGiven,
  describeTrust,
  embeddedVariables,
  missingParts,
  withEmbedded,
} from "./surroundings.ts";

const addresses = {
  kafka: "127.0.0.1:1",
  clickhouse: "http://127.0.0.1:2",
  registry: "http://127.0.0.1:3",
  "stand-in": "http://127.0.0.1:4",
};

const cases: readonly {
  readonly what: string;
  readonly env: Record<string, string>;
  readonly parts: readonly string[];
}[] = [
  { what: "an empty environment: everything", env: {}, parts: ["kafka", "clickhouse", "registry", "stand-in"] },
  {
    what: "a Kafka of yours: no registry either, it would keep its schemas there",
    env: { KAFKA_BROKERS: "k:9092" },
    parts: ["clickhouse", "stand-in"],
  },
  { what: "a registry of yours", env: { SCHEMA_REGISTRY_URL: "http://r" }, parts: ["kafka", "clickhouse", "stand-in"] },
  { what: "a ClickHouse of yours", env: { CLICKHOUSE_URL: "http://c" }, parts: ["kafka", "registry", "stand-in"] },
  {
    what: "one provider's key: no stand-in for the other",
    env: { ANTHROPIC_API_KEY: "k" },
    parts: ["kafka", "clickhouse", "registry"],
  },
  {
    what: "an OpenAI-compatible server without a key",
    env: { OPENAI_BASE_URL: "http://o/v1" },
    parts: ["kafka", "clickhouse", "registry"],
  },
  {
    what: "an empty value counts as not set",
    env: { KAFKA_BROKERS: "", OPENAI_API_KEY: "" },
    parts: ["kafka", "clickhouse", "registry", "stand-in"],
  },
];

for (const { what, env, parts } of cases) {
  test(`embedded with ${what}`, () => assert.deepEqual(missingParts(env), parts));
}

test("the stages find the embedded parts by the same variables that name real ones", () => {
  assert.deepEqual(withEmbedded({}, addresses), {
    KAFKA_BROKERS: "127.0.0.1:1",
    BREAKWATER_PARTITIONS: "6",
    BREAKWATER_REPLICATION_FACTOR: "1",
    CLICKHOUSE_URL: "http://127.0.0.1:2",
    SCHEMA_REGISTRY_URL: "http://127.0.0.1:3",
    OPENAI_BASE_URL: "http://127.0.0.1:4/v1",
    OPENAI_API_KEY: "stand-in",
    ANTHROPIC_BASE_URL: "http://127.0.0.1:4",
    ANTHROPIC_API_KEY: "stand-in",
  });
});

test("what the environment sets goes before what is embedded; an empty value does not", () => {
  const env = withEmbedded({ BREAKWATER_PARTITIONS: "2", CLICKHOUSE_URL: "", PATH: "/bin" }, addresses);
  assert.equal(env["BREAKWATER_PARTITIONS"], "2");
  assert.equal(env["CLICKHOUSE_URL"], "http://127.0.0.1:2");
  assert.equal(env["PATH"], "/bin");
});

test("beside a Kafka and a provider of yours, nothing of the embedded ones is used", () => {
  const env = withEmbedded({ KAFKA_BROKERS: "k:9092", OPENAI_API_KEY: "sk" }, addresses);
  assert.deepEqual(env, { KAFKA_BROKERS: "k:9092", OPENAI_API_KEY: "sk", CLICKHOUSE_URL: "http://127.0.0.1:2" });
});

test("without a stand-in no key is made up, and without an embedded Kafka its counts stay the user's", () => {
  assert.deepEqual(embeddedVariables({ clickhouse: addresses.clickhouse }), { CLICKHOUSE_URL: addresses.clickhouse });
});

test("each embedded part is presented with its address and with what to set for a real one", () => {
  assert.match(describeEmbedded("kafka", "127.0.0.1:1"), /^Kafka +127\.0\.0\.1:1 +embedded; set KAFKA_BROKERS/);
  assert.match(
    describeEmbedded("stand-in", "http://x"),
    /^Providers +http:\/\/x +a stand-in makes the answers up; set OPENAI_API_KEY/,
  );
});

test("given parts are presented without a secret", () => {
  const env = {
    CLICKHOUSE_URL: "http://user:hunter2@c:8123",
    OPENAI_API_KEY: "sk-secret",
    ANTHROPIC_BASE_URL: "http://u:hunter2@a",
  };
  const lines = [describeGiven("clickhouse", env), describeGiven("stand-in", env)].join("\n");
  assert.match(lines, /ClickHouse +http:\/\/c:8123 +from CLICKHOUSE_URL/);
  assert.match(lines, /Providers +real ones: OpenAI, Anthropic at http:\/\/a/);
  assert.doesNotMatch(lines, /hunter2|sk-secret/);
});

test("a part that is neither embedded nor given says so", () => {
  assert.match(describeGiven("registry", {}), /none; set SCHEMA_REGISTRY_URL/);
});

test("whom the stages believe to be a client is said at each start", () => {
  assert.match(describeTrust({}), /^Clients +believed as requests name them.*BREAKWATER_CLIENT_TRUST=signed/);
  assert.match(describeTrust({ BREAKWATER_CLIENT_TRUST: "signed" }), /^Clients +believed when they sign/);
});
