/**
 * What must be there before the stages start: topics, schemas, tables. Each
 * can be made again without harm.
 */
import { createKafka } from "../../runtime/kafka/client.ts";
import { createTopics } from "../../runtime/kafka/create-topics.ts";
import { kafkaSettings, kafkaVariables } from "../../runtime/kafka/settings.ts";
import { readConfig, type Environment } from "../../runtime/config.ts";
import { registerSchemas } from "../../runtime/registry/register-schemas.ts";
import { migrate } from "../../ledger/migrate.ts";
import { reachable, silentLogger, withLedger } from "../connections.ts";

const registryVariables = ["SCHEMA_REGISTRY_URL", "SCHEMA_REGISTRY_USER", "SCHEMA_REGISTRY_PASSWORD"] as const;

export interface Prepared {
  readonly topicsCreated: readonly string[];
  readonly topicsExisting: readonly string[];
  readonly partitions: number;
  readonly schemas: number;
  readonly migrations: readonly string[];
}

/** `env` names Kafka and ClickHouse, or an embedded system runs. Errors: ConfigError, TransientError, StoreError. */
export async function prepare(env: Environment): Promise<Prepared> {
  const all = reachable(reachable(env, "KAFKA_BROKERS"), "CLICKHOUSE_URL");
  const config = readConfig(
    [...kafkaVariables, ...registryVariables, "BREAKWATER_PARTITIONS", "BREAKWATER_REPLICATION_FACTOR"],
    all,
  );
  const { created, existing } = await createTopics({
    kafka: createKafka(kafkaSettings(config), "breakwater-cli", silentLogger),
    partitions: config.BREAKWATER_PARTITIONS,
    replicationFactor: config.BREAKWATER_REPLICATION_FACTOR,
  });
  // Only input in the wire format needs a registry.
  const { SCHEMA_REGISTRY_URL: url, ...credentials } = config;
  const schemas = url === undefined ? [] : await registerSchemas({ ...credentials, SCHEMA_REGISTRY_URL: url });
  const migrations = await withLedger(all, (store) => migrate(store));
  return {
    topicsCreated: created,
    topicsExisting: existing,
    partitions: config.BREAKWATER_PARTITIONS,
    schemas: schemas.length,
    migrations,
  };
}

/** A line each, for people. */
export function describePrepared({
  topicsCreated,
  topicsExisting,
  partitions,
  schemas,
  migrations,
}: Prepared): readonly string[] {
  return [
    `${"Topics".padEnd(16)} ${topicsCreated.length} created, ${topicsExisting.length} found; ${partitions} partitions each`,
    ...(schemas === 0 ? [] : [`${"Schemas".padEnd(16)} ${schemas} registered`]),
    `${"Tables".padEnd(16)} ${migrations.length === 0 ? "up to date" : `${migrations.length} migrations applied`}`,
  ];
}
