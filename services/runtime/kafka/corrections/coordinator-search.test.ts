import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { correctCoordinatorSearch } from "./coordinator-search.ts";

const require = createRequire(import.meta.url);
const ConsumerGroup = require("kafkajs/src/consumer/consumerGroup.js");
const OffsetManager = require("kafkajs/src/consumer/offsetManager/index.js");
correctCoordinatorSearch();

interface Node {
  readonly heartbeats: number[];
  connected: boolean;
  isConnected(): boolean;
  disconnect(): Promise<void>;
  heartbeat(): Promise<void>;
}

function node(connected: boolean, failure?: Error): Node {
  const heartbeats: number[] = [];
  return {
    heartbeats,
    connected,
    isConnected() {
      return this.connected;
    },
    disconnect() {
      this.connected = false;
      return Promise.resolve();
    },
    heartbeat: () => {
      heartbeats.push(1);
      return failure === undefined ? Promise.resolve() : Promise.reject(failure);
    },
  };
}

const logger = { namespace: () => logger, debug: () => undefined };

/** A member of a group whose coordinator is `before`; who looks it up finds `after`. */
function member(before: Node, after: Node) {
  const searches: string[] = [];
  const cluster = {
    findGroupCoordinator: ({ groupId }: { groupId: string }) => (searches.push(groupId), Promise.resolve(after)),
    findBroker: () => Promise.reject(new Error("it is dead")),
    committedOffsets: () => ({}),
  };
  const instrumentationEmitter = { emit: () => undefined };
  const options = { logger, cluster, groupId: "g", topics: [], memberAssignment: {}, instrumentationEmitter };
  const group = new ConsumerGroup(options);
  Object.assign(group, { coordinator: before, memberId: "m", lastRequest: 0 });
  return { group, offsets: new OffsetManager({ ...options, coordinator: before }), searches };
}

test("a heartbeat goes to the coordinator that is connected, without a search", async () => {
  const known = node(true);
  const { group, searches } = member(known, node(true));
  await group.heartbeat({ interval: 0 });
  assert.equal(known.heartbeats.length, 1);
  assert.deepEqual(searches, []);
});

test("when the coordinator is gone, a heartbeat goes to the one that has taken its place", async () => {
  const [dead, heir] = [node(false), node(true)];
  const { group, searches } = member(dead, heir);
  await group.heartbeat({ interval: 0 });
  assert.deepEqual([dead.heartbeats.length, heir.heartbeats.length, searches], [0, 1, ["g"]]);
});

test("a coordinator that leaves a heartbeat without an answer is looked up anew for the next one", async () => {
  const silent = node(true, Object.assign(new Error("timed out"), { name: "KafkaJSRequestTimeoutError" }));
  const heir = node(true);
  const { group } = member(silent, heir);
  await assert.rejects(group.heartbeat({ interval: 0 }), /timed out/);
  await group.heartbeat({ interval: 0 });
  assert.equal(heir.heartbeats.length, 1);
});

test("a refused heartbeat says so, and the coordinator stays", async () => {
  const strict = node(true, Object.assign(new Error("rebalance"), { type: "REBALANCE_IN_PROGRESS" }));
  const { group, searches } = member(strict, node(true));
  await assert.rejects(group.heartbeat({ interval: 0 }), /rebalance/);
  assert.deepEqual([strict.connected, searches], [true, []]);
});

test("commits and offsets too go to the coordinator that has taken the place of a dead one", async () => {
  const heir = node(true);
  assert.equal(await member(node(false), heir).offsets.getCoordinator(), heir);
  const known = node(true);
  assert.equal(await member(known, heir).offsets.getCoordinator(), known);
});
