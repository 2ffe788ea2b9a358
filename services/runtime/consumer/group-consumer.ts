/**
 * The kafkajs consumer with the settings that this design needs: own assigner,
 * short long-polls (pauses end and heartbeats go out between them), small
 * fetches, tries without end in an outage, transactions of publishers read
 * committed.
 */
import type { Consumer, Kafka } from "kafkajs";
import { stickyAssigner, type Holdings } from "./assigner/assigner.ts";

export const fetchWaitMs = 200;
/** Of a stage that nobody waits for: fewer, fuller fetches cost it and the broker less. */
const unhurriedFetch = { minBytes: 256 * 1024, maxWaitTimeInMs: 500 } as const;
const heartbeatMs = 3000;
const rebalanceTimeoutMs = 30_000;
const maxBytesPerPartition = 512 * 1024;
const maxBytes = 5 * 1024 * 1024;
/** A broker may be away for long; what stands still is seen by the watchdog. */
const retry = { initialRetryTime: 100, maxRetryTime: 2000, retries: 1e9 } as const;

export interface GroupSettings {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly instance: string;
  readonly sessionTimeoutMs: number;
  /** See Stage. */
  readonly unhurried: boolean;
}

export function createGroupConsumer(settings: GroupSettings, holdings: () => Holdings): Consumer {
  return settings.kafka.consumer({
    groupId: settings.groupId,
    partitionAssigners: [stickyAssigner(settings.instance, holdings)],
    sessionTimeout: settings.sessionTimeoutMs,
    heartbeatInterval: Math.min(heartbeatMs, Math.floor(settings.sessionTimeoutMs / 3)),
    rebalanceTimeout: rebalanceTimeoutMs,
    ...(settings.unhurried ? unhurriedFetch : { minBytes: 1, maxWaitTimeInMs: fetchWaitMs }),
    maxBytesPerPartition,
    maxBytes,
    readUncommitted: false,
    allowAutoTopicCreation: false,
    retry,
  });
}
