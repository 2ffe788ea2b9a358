/**
 * A Kafka of three nodes on loopback, each broker and controller, for what only
 * a cluster does: every topic three times, two of them in sync for a write to
 * count. Nodes are killed, stopped in order (their leaders move first) and
 * started again on their data and ports.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startBroker, type BrokerOptions, type EmbeddedBroker } from "../../infra/embedded/broker.ts";
import { newClusterId } from "../../infra/embedded/broker-files.ts";
import { plainKafkaSettings, type KafkaSettings } from "../../services/runtime/kafka/settings.ts";

export const nodeCount = 3;
const heapMiB = 256;

export interface ClusterNode {
  /** As in Kafka's metadata. */
  readonly id: number;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGTERM: it hands its leaderships over first. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface ThreeBrokers {
  readonly brokers: string;
  readonly settings: KafkaSettings;
  readonly nodes: readonly ClusterNode[];
  /** One node, each time another. */
  kill(): Promise<void>;
  /** The killed node comes back. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startThreeBrokers(): Promise<ThreeBrokers> {
  const folder = await mkdtemp(join(tmpdir(), "breakwater-brokers-"));
  const ports: { readonly client: number; readonly controller: number }[] = [];
  for (let index = 0; index < nodeCount; index += 1)
    ports.push({ client: await freePort(), controller: await freePort() });
  const voters = ports.map(({ controller }, index) => `${index + 1}@127.0.0.1:${controller}`).join(",");
  const clusterId = newClusterId();
  const nodes = ports.map(({ client, controller }, index) => {
    const nodeId = index + 1;
    const cluster = { nodeId, voters, clusterId, nodes: nodeCount, controllerPort: controller };
    const dataDir = join(folder, String(nodeId));
    const logFile = join(dataDir, "broker.log");
    return clusterNode(nodeId, { dataDir, logFile, port: client, cluster, heapMiB, shortLived: true });
  });
  await Promise.all(nodes.map((node) => node.start()));
  let kills = 0;
  const victim = (): ClusterNode | undefined => nodes[kills % nodeCount];
  const brokers = ports.map(({ client }) => `127.0.0.1:${client}`).join(",");
  return {
    brokers,
    settings: plainKafkaSettings(brokers),
    nodes,
    kill: async () => {
      kills += 1;
      await victim()?.kill();
    },
    restart: async () => victim()?.start(),
    stop: async () => {
      // In order, the last ones would wait for a quorum that is gone.
      await Promise.all(nodes.map((node) => node.kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function clusterNode(id: number, options: BrokerOptions): ClusterNode {
  let running: EmbeddedBroker | null = null;
  return {
    id,
    kill: async () => {
      running?.kill();
      await running?.exited;
      running = null;
    },
    stop: async () => {
      await running?.stop();
      running = null;
    },
    start: async () => {
      running = await startBroker(options);
    },
  };
}
