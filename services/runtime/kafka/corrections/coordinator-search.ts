/**
 * Corrects how a consumer of kafkajs 2.2.4 keeps to its group's coordinator: it
 * looks it up when it joins and never again, so that after the death of that
 * broker heartbeats, commits and first fetches go to the same dead node until
 * it is back, and a stage stands still for as long. Here a coordinator that is
 * not connected, or did not answer in time, is looked up anew; membership and
 * assignments stay as they are.
 */
import ConsumerGroup from "kafkajs/src/consumer/consumerGroup.js";
import OffsetManager from "kafkajs/src/consumer/offsetManager/index.js";

const heartbeat = ConsumerGroup.prototype.heartbeat;

export function correctCoordinatorSearch(): void {
  ConsumerGroup.prototype.heartbeat = heartbeatToCoordinator;
  OffsetManager.prototype.getCoordinator = connectedCoordinator;
}

async function heartbeatToCoordinator(this: ConsumerGroup, options: { readonly interval: number }): Promise<void> {
  await connectedCoordinator.call(this);
  try {
    await heartbeat.call(this, options);
  } catch (error) {
    if (error instanceof Error && error.name === "KafkaJSRequestTimeoutError") await this.coordinator.disconnect();
    throw error;
  }
}

async function connectedCoordinator(this: ConsumerGroup | OffsetManager): Promise<ConsumerGroup["coordinator"]> {
  if (!this.coordinator.isConnected())
    this.coordinator = await this.cluster.findGroupCoordinator({ groupId: this.groupId });
  return this.coordinator;
}
