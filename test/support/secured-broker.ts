/**
 * A Kafka that asks who you are, by SCRAM over TLS, and lets do only what an ACL
 * allows: a user for each of our processes, the ACLs of infra/kafka/acls.ts, and
 * an admin who may do everything. The processes read their passwords from files.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
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
  const certificate = makeCertificate(folder);
  const passwords = Object.fromEntries(users.map((user) => [user, passwordOf(user)]));
  for (const user of users) writeFileSync(passwordFile(folder, user), `${passwordOf(user)}\n`);
  const access = { admin, passwords, ...certificate };
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
    tls: { ca: readFileSync(certificate.certificateFile, "utf8") },
    sasl: { mechanism: "scram-sha-512", username, password: passwordOf(username) },
  });
  await allow(as(admin));
  return {
    brokers,
    settings: as(admin),
    settingsOf: (principal) => as(userOf(principal)),
    environmentOf: (principal) => ({
      KAFKA_BROKERS: brokers,
      KAFKA_TLS: "true",
      KAFKA_TLS_CA_FILE: certificate.certificateFile,
      KAFKA_SASL_MECHANISM: "scram-sha-512",
      KAFKA_SASL_USERNAME: userOf(principal),
      KAFKA_SASL_PASSWORD_FILE: passwordFile(folder, userOf(principal)),
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

function passwordFile(folder: string, user: string): string {
  return join(folder, `${user}.password`);
}

/** Signed by itself, for this machine and the time of a test. */
function makeCertificate(folder: string) {
  const [certificateFile, keyFile] = [join(folder, "broker.pem"), join(folder, "broker.key")];
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"];
  const names = ["-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", [...made, ...names, "-keyout", keyFile, "-out", certificateFile], { stdio: "ignore" });
  return { certificateFile, keyFile };
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
  Delete: AclOperationTypes.DELETE,
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
