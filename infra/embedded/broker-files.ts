/**
 * What a KRaft broker needs on disk: its settings, written anew at each start
 * because the ports change, and its storage, formatted once. It stands alone, or
 * has a place in a cluster. The quorum's voters are set statically, so that no
 * port is ever stored in the log.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Records of up to 8 MiB, and what Kafka adds around them. */
const maxBatchBytes = 8 * 1024 * 1024 + 64 * 1024;

export interface BrokerPorts {
  readonly client: number;
  readonly controller: number;
}

/** A node's place among those of its cluster; each is a controller too. */
export interface ClusterPlace {
  readonly nodeId: number;
  /** `id@host:port` of every controller, comma separated. */
  readonly voters: string;
  /** 16 bytes as base64url, the same for all nodes. */
  readonly clusterId: string;
  /** How many nodes there are: as many replicas have the topics of Kafka's own. */
  readonly nodes: number;
}

export interface BrokerLayout {
  readonly dataDir: string;
  readonly jars: string;
  readonly ports: BrokerPorts;
  /** Alone when absent. */
  readonly place?: ClusterPlace | undefined;
  /** Open to everybody on this machine when absent. */
  readonly access?: BrokerAccess | undefined;
}

/** Who may come in (TLS, SCRAM-SHA-512), and that nobody but the admin may do anything that no ACL allows. */
export interface BrokerAccess {
  readonly admin: string;
  /** Passwords by user, the admin's among them; they are stored when the storage is formatted. */
  readonly passwords: Readonly<Record<string, string>>;
  /** PEM files; the certificate names 127.0.0.1, and whoever comes in trusts it. */
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface BrokerFiles {
  /** server.properties */
  readonly settingsFile: string;
  /** Kafka's own id of this cluster, made when the storage is formatted. */
  readonly clusterId: string;
}

/** Storage is formatted if this folder never held a broker. */
export async function prepareBrokerFiles({ dataDir, jars, ports, place, access }: BrokerLayout): Promise<BrokerFiles> {
  const logDir = join(dataDir, "log");
  await mkdir(logDir, { recursive: true });
  const settingsFile = join(dataDir, "server.properties");
  const settings = serverSettings(logDir, ports, place ?? standsAlone(ports));
  const secured = access === undefined ? {} : await accessSettings(access, ports);
  await writeFile(settingsFile, propertiesOf({ ...settings, ...secured }), { mode: 0o600 });
  const identity = join(logDir, "meta.properties");
  const users = Object.entries(access?.passwords ?? {});
  if (!existsSync(identity)) await formatStorage(settingsFile, jars, place?.clusterId ?? newClusterId(), users);
  const clusterId = /^cluster\.id=(.+)$/m.exec(await readFile(identity, "utf8"))?.[1];
  if (clusterId === undefined) throw new Error(`${identity} names no cluster.id`);
  return { settingsFile, clusterId };
}

export function newClusterId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
}

function standsAlone({ controller }: BrokerPorts): Omit<ClusterPlace, "clusterId"> {
  return { nodeId: 1, voters: `1@127.0.0.1:${controller}`, nodes: 1 };
}

async function formatStorage(
  settings: string,
  jars: string,
  clusterId: string,
  users: readonly (readonly [name: string, password: string])[],
): Promise<void> {
  await run("java", [
    "-Xmx128m",
    "-XX:TieredStopAtLevel=1",
    "-cp",
    join(jars, "*"),
    "kafka.tools.StorageTool",
    "format",
    `--cluster-id=${clusterId}`,
    "-c",
    settings,
    ...users.flatMap(([name, password]) => ["--add-scram", `SCRAM-SHA-512=[name=${name},password=${password}]`]),
  ]);
}

/** The controller's listener, on loopback, knows nobody by name: who comes in there is the broker itself. */
async function accessSettings(access: BrokerAccess, ports: BrokerPorts): Promise<Settings> {
  const { admin, passwords, certificateFile, keyFile } = access;
  const own = `username="${admin}" password="${passwords[admin] ?? ""}"`;
  const module = "org.apache.kafka.common.security.scram.ScramLoginModule";
  const [certificate, key] = await Promise.all([certificateFile, keyFile].map(pemOf));
  return {
    listeners: `SASL_SSL://127.0.0.1:${ports.client},CONTROLLER://127.0.0.1:${ports.controller}`,
    "advertised.listeners": `SASL_SSL://127.0.0.1:${ports.client}`,
    "listener.security.protocol.map": "SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT",
    "inter.broker.listener.name": "SASL_SSL",
    "sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
    "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": `${module} required ${own};`,
    "ssl.keystore.type": "PEM",
    "ssl.keystore.certificate.chain": certificate ?? "",
    "ssl.keystore.key": key ?? "",
    "ssl.truststore.type": "PEM",
    "ssl.truststore.certificates": certificate ?? "",
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": `User:${admin};User:ANONYMOUS`,
  };
}

/** On one line, as properties want it. */
async function pemOf(file: string): Promise<string> {
  return (await readFile(file, "utf8")).trim().replaceAll("\n", "\\n");
}

type Settings = Readonly<Record<string, string | number | boolean>>;

function propertiesOf(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

function serverSettings(
  logDir: string,
  ports: BrokerPorts,
  { nodeId, voters, nodes }: Omit<ClusterPlace, "clusterId">,
): Settings {
  const inSync = Math.min(2, nodes);
  return {
    "process.roles": "broker,controller",
    "node.id": nodeId,
    "controller.quorum.voters": voters,
    "controller.listener.names": "CONTROLLER",
    listeners: `PLAINTEXT://127.0.0.1:${ports.client},CONTROLLER://127.0.0.1:${ports.controller}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${ports.client}`,
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "log.dirs": logDir.replaceAll("\\", "/"),
    "auto.create.topics.enable": false,
    "message.max.bytes": maxBatchBytes,
    "offsets.topic.replication.factor": nodes,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.replication.factor": nodes,
    "transaction.state.log.min.isr": inSync,
    "transaction.state.log.num.partitions": 2,
    "share.coordinator.state.topic.replication.factor": nodes,
    "share.coordinator.state.topic.min.isr": inSync,
    "min.insync.replicas": inSync,
    "group.initial.rebalance.delay.ms": 0,
    "group.min.session.timeout.ms": 1000,
    "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,
    "log.cleaner.backoff.ms": 1000,
    // What is trimmed or over its time leaves the disk this soon.
    "log.retention.check.interval.ms": 10_000,
    "num.network.threads": 2,
    "num.io.threads": 4,
    // After a crash the node may come back only when its former self is given up: 9 s by default.
    "broker.session.timeout.ms": 4000,
    "broker.heartbeat.interval.ms": 500,
  };
}
