/** Minutes: what fits, what is left, and what becomes of corrections. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import fc from "fast-check";
import { localCounter } from "./shared-counter.ts";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date", "setTimeout"], now: 1_000_000 });
});

const ask = (amount: number, limit = 10, key = "acme") => ({ key, amount, limit });

/** What is left after taking nothing. */
async function left(counter: ReturnType<typeof localCounter>, limit = 10): Promise<number> {
  return (await counter.take(ask(0, limit))).left;
}

test("as much as the limit fits in a minute, and again in the next", async () => {
  const counter = localCounter();
  const first = await counter.take(ask(7));
  assert.deepEqual([first.fits, first.left, first.resetMs], [true, 3, 60_000]);
  mock.timers.tick(20_000);
  const second = await counter.take(ask(4));
  assert.deepEqual([second.fits, second.left, second.resetMs], [false, 3, 40_000]);
  assert.equal((await counter.take(ask(3))).fits, true);
  mock.timers.tick(40_000);
  assert.equal((await counter.take(ask(10))).fits, true);
});

test("what does not fit is not counted: something smaller still fits", async () => {
  const counter = localCounter();
  for (let count = 0; count < 5; count++) assert.equal((await counter.take(ask(11))).fits, false);
  assert.equal(await left(counter), 10);
});

test("clients have counters of their own, and so have other limits of the same client", async () => {
  const counter = localCounter();
  await counter.take(ask(10));
  assert.equal((await counter.take(ask(10, 10, "beta"))).fits, true);
  assert.equal((await counter.take(ask(10, 20))).left, 10);
});

test("what is given back in its minute can be taken again; after it, it is gone", async () => {
  const counter = localCounter();
  const taken = await counter.take(ask(10));
  await taken.correct(-4);
  assert.equal(await left(counter), 4);
  mock.timers.tick(60_000);
  await taken.correct(-6);
  assert.equal(await left(counter), 10);
});

test("more than was taken counts beyond the limit, in the minute in which it is known", async () => {
  const counter = localCounter();
  const taken = await counter.take(ask(10));
  await taken.correct(5);
  assert.equal(await left(counter), 0);
  mock.timers.tick(60_000);
  await taken.correct(4);
  assert.equal(await left(counter), 6);
});

test("law: never more than the limit is let through in a minute, and what is left is what fits next", () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 30 });
  return fc.assert(
    fc.asyncProperty(amounts, fc.integer({ min: 1, max: 60 }), async (wanted, limit) => {
      const counter = localCounter();
      let through = 0;
      for (const amount of wanted) {
        const { fits, left: room } = await counter.take(ask(amount, limit));
        assert.equal(fits, through + amount <= limit);
        if (fits) through += amount;
        assert.equal(room, limit - through);
      }
    }),
  );
});
