import assert from "node:assert/strict";
import { test } from "node:test";
import kafkajs from "kafkajs";
import { createErrorFromCode } from "kafkajs/src/protocol/error.js";
import { TransientError } from "../../errors.ts";
import { createKafka } from "../client.ts";
import { plainKafkaSettings } from "../settings.ts";
import { ClusterLink, mayPass } from "./cluster-link.ts";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const unreachable = () => new ClusterLink(createKafka(plainKafkaSettings("127.0.0.1:1"), "test", silent));
const notLeader = 6;
const unknownTopic = 3;
const topicAuthorizationFailed = 29;

const cases: readonly (readonly [string, unknown, boolean])[] = [
  ["a lost connection", new kafkajs.KafkaJSConnectionError("closed"), true],
  [
    "a request without an answer",
    new kafkajs.KafkaJSRequestTimeoutError("timed out", {
      broker: "",
      clientId: "",
      correlationId: 1,
      createdAt: 0,
      sentAt: 0,
      pendingDuration: 0,
    }),
    true,
  ],
  ["a leader that moved", createErrorFromCode(notLeader), true],
  ["a permission that is missing", createErrorFromCode(topicAuthorizationFailed), false],
  ["a refused password", Object.create(kafkajs.KafkaJSSASLAuthenticationError.prototype), false],
  ["a bug", new TypeError("undefined is not a function"), false],
  ["a final error around a lost connection", wrapped(new kafkajs.KafkaJSConnectionError("closed")), true],
  ["a final error around a missing permission", wrapped(createErrorFromCode(topicAuthorizationFailed)), false],
];

/** As kafkajs does when its own retries are used up. */
function wrapped(cause: Error): Error {
  return Object.assign(new kafkajs.KafkaJSNonRetriableError(cause), { cause });
}

for (const [name, error, passes] of cases) {
  test(`${name} ${passes ? "may pass" : "does not pass by itself"}`, () => {
    assert.equal(mayPass(error), passes);
  });
}

test("work is repeated until it succeeds", async () => {
  let calls = 0;
  const work = () => (++calls < 3 ? Promise.reject(createErrorFromCode(notLeader)) : Promise.resolve("done"));
  assert.equal(await unreachable().patiently(10_000, work), "done");
  assert.equal(calls, 3);
});

test("work that fails for good is not repeated", async () => {
  let calls = 0;
  const work = () => ((calls += 1), Promise.reject(new TypeError("a bug")));
  await assert.rejects(unreachable().patiently(10_000, work), TypeError);
  assert.equal(calls, 1);
});

test("a cluster out of reach is transient once the time is up, with the cause", async () => {
  const work = () => Promise.reject(createErrorFromCode(notLeader));
  await assert.rejects(
    unreachable().patiently(150, work),
    (error) => error instanceof TransientError && error.code === "broker_unavailable" && error.cause instanceof Error,
  );
});

test("a topic that does not exist is named as such", async () => {
  const work = () => Promise.reject(createErrorFromCode(unknownTopic));
  await assert.rejects(unreachable().patiently(150, work), /no such topic.*topics:create/);
});

test("a closed link refuses", async () => {
  const link = unreachable();
  await link.close();
  await assert.rejects(link.partitions("t"), /closed/);
});
