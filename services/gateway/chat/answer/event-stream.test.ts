/** A stream that waits: alive until there is something to say, silent after it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventStream, within } from "./event-stream.ts";

const alive = "alive";

test("it is alive at once and again until the outcome is there, then tells all of it", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const events = eventStream({ outcome: promise, keepAlive: alive, everyMs: 1, eventsOf: (text) => text.split(" ") });
  for (let heard = 0; heard < 3; heard++) assert.deepEqual(await events.next(), { value: alive, done: false });
  resolve("Good morning");
  const rest: string[] = [];
  for await (const event of events) rest.push(event);
  assert.deepEqual(
    rest.filter((event) => event !== alive),
    ["Good", "morning"],
  );
});

test("events are made when they are taken", async () => {
  let made = 0;
  const eventsOf = function* () {
    for (;;) yield String(made++);
  };
  const events = eventStream({ outcome: Promise.resolve(""), keepAlive: alive, everyMs: 1000, eventsOf });
  await events.next();
  await events.next();
  await events.next();
  assert.equal(made, 2);
  await events.return(undefined);
});

test("a failure of the outcome is the stream's", async () => {
  const outcome = Promise.reject(new Error("lost"));
  const events = eventStream({ outcome, keepAlive: alive, everyMs: 1000, eventsOf: () => [] });
  await events.next();
  await assert.rejects(events.next(), /lost/);
});

test("within a time there is a value, or null, and a late failure is nobody's", async () => {
  assert.deepEqual(await within(Promise.resolve(1), 1000), { value: 1 });
  const { promise, reject } = Promise.withResolvers<number>();
  assert.equal(await within(promise, 1), null);
  reject(new Error("late"));
  await assert.rejects(promise, /late/);
});
