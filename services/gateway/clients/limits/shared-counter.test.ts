/** Counting goes on while Redis is away, is said once, and comes back by itself. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import type { MinuteCounter } from "./minute-counter.ts";
import { localCounter, withFallback } from "./shared-counter.ts";

const ask = { key: "acme", amount: 1, limit: 2 };

/** A store that answers, fails or hangs, as the test says. */
function openStore() {
  const said: string[] = [];
  const counter = localCounter();
  const state: { is: "there" | "away" | "hangs"; asked: number } = { is: "there", asked: 0 };
  const answer = <T>(work: () => Promise<T>): Promise<T> => {
    state.asked += 1;
    if (state.is === "away") return Promise.reject(new Error("no connection"));
    return state.is === "hangs" ? new Promise<T>(() => undefined) : work();
  };
  const shared: MinuteCounter = {
    take: (taking) =>
      answer(async () => {
        const taken = await counter.take(taking);
        return { ...taken, correct: (amount) => answer(() => taken.correct(amount)) };
      }),
  };
  const say = (_fields: object, message: string) => void said.push(message);
  const limits = withFallback(shared, { logger: { info: say, warn: say }, close: () => undefined });
  return { state, said, limits };
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date", "setTimeout"], now: 1_000_000 });
});

test("a store that is there counts, and nothing is said", async () => {
  const { limits, said } = openStore();
  assert.deepEqual([(await limits.take(ask)).left, (await limits.take(ask)).left], [1, 0]);
  assert.equal((await limits.take(ask)).fits, false);
  assert.deepEqual([limits.isShared(), said], [true, []]);
});

test("one that is away is asked once a second; the process counts alone until it is back", async () => {
  const { limits, state, said } = openStore();
  state.is = "away";
  for (let count = 0; count < 3; count++) assert.equal((await limits.take(ask)).fits, count < 2);
  assert.deepEqual([state.asked, limits.isShared(), said.length], [1, false, 1]);
  mock.timers.tick(1000);
  assert.equal((await limits.take(ask)).fits, false);
  assert.deepEqual([state.asked, said.length], [2, 1]);
  state.is = "there";
  mock.timers.tick(1000);
  assert.equal((await limits.take(ask)).fits, true);
  assert.deepEqual([limits.isShared(), said.length], [true, 2]);
});

test("one that hangs holds a request up for a quarter of a second at most", async () => {
  const { limits, state } = openStore();
  state.is = "hangs";
  const taking = limits.take(ask);
  mock.timers.tick(250);
  assert.equal((await taking).fits, true);
  assert.equal(limits.isShared(), false);
});

test("what was taken in the store is given back there or nowhere", async () => {
  const { limits, state } = openStore();
  const taken = await limits.take(ask);
  state.is = "away";
  await taken.correct(-1);
  assert.equal(limits.isShared(), false);
  assert.equal((await limits.take(ask)).left, 1, "this process's own counter was not touched");
});
