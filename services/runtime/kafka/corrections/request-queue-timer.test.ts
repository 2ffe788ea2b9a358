import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test, type TestContext } from "node:test";
import { createRequire } from "node:module";
import { correctRequestQueueTimer } from "./request-queue-timer.ts";

const require = createRequire(import.meta.url);
const RequestQueue = require("kafkajs/src/network/requestQueue/index.js");

interface Queue {
  throttleCheckTimeoutId: unknown;
  maybeThrottle(ms: number): void;
  push(request: object): void;
  fulfillRequest(answer: object): void;
}

function openQueue(t: TestContext): Queue {
  correctRequestQueueTimer();
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1000 });
  const logger = { debug: () => undefined, warn: () => undefined };
  return new RequestQueue({
    requestTimeout: 1000,
    enforceRequestTimeout: false,
    clientId: "c",
    broker: "b",
    logger,
    instrumentationEmitter: new EventEmitter(),
  });
}

function request(correlationId: number, sent: number[]): object {
  return {
    entry: { correlationId, resolve: () => undefined, reject: () => undefined },
    expectResponse: true,
    sendRequest: () => void sent.push(correlationId),
  };
}

test("an idle connection has no timer, also after an answer", (t) => {
  const queue = openQueue(t);
  const sent: number[] = [];
  queue.push(request(1, sent));
  queue.fulfillRequest({ correlationId: 1, payload: null, size: 0 });
  assert.deepEqual(sent, [1]);
  assert.equal(queue.throttleCheckTimeoutId, null);
});

test("a request that the broker's throttling holds back is sent when that ends", (t) => {
  const queue = openQueue(t);
  const sent: number[] = [];
  queue.maybeThrottle(500);
  queue.push(request(1, sent));
  t.mock.timers.tick(499);
  assert.deepEqual(sent, []);
  t.mock.timers.tick(20);
  assert.deepEqual(sent, [1]);
  assert.equal(queue.throttleCheckTimeoutId, null);
});

test("throttling that is prolonged meanwhile is kept to", (t) => {
  const queue = openQueue(t);
  const sent: number[] = [];
  queue.maybeThrottle(100);
  queue.push(request(1, sent));
  queue.maybeThrottle(300);
  t.mock.timers.tick(150);
  assert.deepEqual(sent, []);
  t.mock.timers.tick(200);
  assert.deepEqual(sent, [1]);
});
