/**
 * A Kafka that asks who you are and lets do only what an ACL allows: a user for
 * each of our processes, the ACLs of infra/kafka/acls.ts, and an admin who may
 * do everything.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import kafkajs, { type AclEntry } from "kafkajs";
import { startBroker, type EmbeddedBroker } from "../../infra/embedded/broker.ts";
import { grantsOf, principals, userOf, type Grant, type Principal } from "../../infra/kafka/acls.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { plainKafkaSettings, type KafkaSettings } from "../../services/runtime/kafka/settings.ts";
import { silentLogger } from "./silent-logger.ts";
import type { MortalKafka } from "./stage-processes.ts";

// Beyond the names that Node finds in the package by itself.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;
const admin = "admin";
const passwordOf = (user: string): string => `password-of-${user}`;

export interface SecuredBroker extends MortalKafka {
  /** As this process, for a client of the test's own. */
  readonly settingsOf: (principal: Principal) => KafkaSettings;
  /** As this process, for a process. */
  readonly environmentOf: (principal: Principal) => Readonly<Record<string, string>>;
}

export async function startSecuredBroker(): Promise<SecuredBroker> {
  const folder = await mkdtemp(join(tmpdir(), "breakwater-secured-"));
  const users = [admin, ...principals.map(userOf)];
  const access = { admin, passwords: Object.fromEntries(users.map((user) => [user, passwordOf(user)])) };
  const start = (port?: number): Promise<EmbeddedBroker> =>
    startBroker({
      dataDir: folder,
      logFile: join(folder, "broker.log"),
      access,
      ...(port === undefined ? {} : { port }),
    });
  let running = await start();
  const { brokers } = running;
  const as = (username: string): KafkaSettings => ({
    ...plainKafkaSettings(brokers),
    sasl: { mechanism: "plain", username, password: passwordOf(username) },
  });
  await allow(as(admin));
  return {
    brokers,
    settings: as(admin),
    settingsOf: (principal) => as(userOf(principal)),
    environmentOf: (principal) => ({
      KAFKA_BROKERS: brokers,
      KAFKA_SASL_MECHANISM: "plain",
      KAFKA_SASL_USERNAME: userOf(principal),
      KAFKA_SASL_PASSWORD: passwordOf(userOf(principal)),
    }),
    kill: async () => {
      running.kill();
      await running.exited;
    },
    restart: async () => {
      await running.stop();
      running = await start(Number(brokers.split(":")[1]));
    },
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function allow(settings: KafkaSettings): Promise<void> {
  const client = createKafka(settings, "acls", silentLogger).admin();
  await client.connect();
  try {
    await client.createAcls({ acl: principals.flatMap(grantsOf).flatMap(entriesOf) });
  } finally {
    await client.disconnect();
  }
}

const resources = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  cluster: AclResourceTypes.CLUSTER,
} as const;
const operations = {
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
  Describe: AclOperationTypes.DESCRIBE,
  Create: AclOperationTypes.CREATE,
} as const;
const patterns = { literal: ResourcePatternTypes.LITERAL, prefixed: ResourcePatternTypes.PREFIXED } as const;

function entriesOf({ principal, resource, pattern, names, operation }: Grant): AclEntry[] {
  return names.map((resourceName) => ({
    principal: `User:${userOf(principal)}`,
    host: "*",
    permissionType: AclPermissionTypes.ALLOW,
    operation: operations[operation],
    resourceType: resources[resource],
    resourcePatternType: patterns[pattern],
    resourceName,
  }));
}
