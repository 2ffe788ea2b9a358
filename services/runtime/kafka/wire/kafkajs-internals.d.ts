/**
 * The parts of kafkajs 2.2.4 that its own types leave out and this folder
 * uses: the cluster (connections, metadata, leaders), the queue of requests of
 * one connection, a consumer's way to its coordinator, and its errors by code. The version is pinned exactly.
 */
declare module "kafkajs/src/network/requestQueue/index.js" {
  class RequestQueue {
    pending: unknown[];
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  }
  export default RequestQueue;
}

declare module "kafkajs/src/cluster/index.js" {
  export interface WireRequest<Answer> {
    readonly request: {
      readonly apiKey: number;
      readonly apiVersion: number;
      readonly apiName: string;
      readonly encode: () => Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
    };
    readonly response: {
      /** `clientSideThrottleTime`: milliseconds that the broker wants us to be silent; null for none. */
      readonly decode: (
        payload: Buffer,
      ) => Promise<{ readonly clientSideThrottleTime: number | null; readonly answer: Answer }>;
      readonly parse: (decoded: { readonly answer: Answer }) => Promise<Answer>;
    };
    /** Milliseconds, for requests that may rightly take longer than the client's limit. */
    readonly requestTimeout?: number;
    readonly logResponseError?: boolean;
  }
  export interface Broker {
    readonly nodeId: number;
    readonly connectionPool: { send<Answer>(request: WireRequest<Answer>): Promise<Answer> };
  }
  export interface PartitionLeader {
    readonly partitionId: number;
    readonly partitionErrorCode: number;
    /** -1: none at the moment. */
    readonly leader: number;
  }
  class Cluster {
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    refreshMetadata(): Promise<void>;
    refreshMetadataIfNecessary(): Promise<void>;
    addMultipleTargetTopics(topics: string[]): Promise<void>;
    findTopicPartitionMetadata(topic: string): readonly PartitionLeader[];
    findBroker(node: { readonly nodeId: number }): Promise<Broker>;
    fetchTopicsOffset(
      topics: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number }[];
        readonly fromBeginning?: boolean;
        readonly fromTimestamp?: number;
      }[],
    ): Promise<
      readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
      }[]
    >;
  }
  export default Cluster;
}

declare module "kafkajs/src/consumer/consumerGroup.js" {
  /** As far as both know it. */
  export interface Coordinated {
    readonly groupId: string;
    coordinator: { isConnected(): boolean; disconnect(): Promise<void> };
    readonly cluster: {
      findGroupCoordinator(group: { readonly groupId: string }): Promise<Coordinated["coordinator"]>;
    };
  }
  class ConsumerGroup implements Coordinated {
    readonly groupId: string;
    coordinator: Coordinated["coordinator"];
    readonly cluster: Coordinated["cluster"];
    heartbeat: (this: ConsumerGroup, options: { readonly interval: number }) => Promise<void>;
  }
  export default ConsumerGroup;
}

declare module "kafkajs/src/consumer/offsetManager/index.js" {
  import type { Coordinated } from "kafkajs/src/consumer/consumerGroup.js";
  class OffsetManager implements Coordinated {
    readonly groupId: string;
    coordinator: Coordinated["coordinator"];
    readonly cluster: Coordinated["cluster"];
    getCoordinator(): Promise<Coordinated["coordinator"]>;
  }
  export default OffsetManager;
}

declare module "kafkajs/src/protocol/error.js" {
  import type { KafkaJSProtocolError } from "kafkajs";
  export function createErrorFromCode(code: number): KafkaJSProtocolError;
}
