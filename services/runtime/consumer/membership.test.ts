import assert from "node:assert/strict";
import { setImmediate as tick } from "node:timers/promises";
import { test } from "node:test";
import { Membership } from "./membership.ts";

/** Whether a promise is settled once all that can go on has gone on. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await tick();
  return settled;
}

test("it is fresh for a session time-out after a confirmation, and not before the first", async () => {
  let nowMs = 0;
  const membership = new Membership(10_000, () => nowMs);
  const { signal } = new AbortController();
  assert.equal(await isSettled(membership.confirmed(signal)), false);
  membership.confirm();
  nowMs = 9_999;
  assert.equal(await isSettled(membership.confirmed(signal)), true);
  nowMs = 10_000;
  assert.equal(await isSettled(membership.confirmed(signal)), false);
});

test("after a freeze everybody waits for the next confirmation", async () => {
  let nowMs = 0;
  const membership = new Membership(10_000, () => nowMs);
  membership.confirm();
  nowMs = 60_000;
  const { signal } = new AbortController();
  const waiting = [membership.confirmed(signal), membership.confirmed(signal)];
  assert.deepEqual(await Promise.all(waiting.map(isSettled)), [false, false]);
  membership.confirm();
  assert.deepEqual(await Promise.all(waiting.map(isSettled)), [true, true]);
});

test("whose partition is lost waits no longer", async () => {
  const membership = new Membership(10_000, () => 0);
  const lost = new AbortController();
  const waiting = membership.confirmed(lost.signal);
  const other = membership.confirmed(new AbortController().signal);
  lost.abort();
  assert.equal(await isSettled(waiting), true);
  assert.equal(await isSettled(other), false);
  assert.equal(await isSettled(membership.confirmed(lost.signal)), true);
});

test("it has lapsed since a moment when a session went by without a word at some time after it", () => {
  let nowMs = 1000;
  const membership = new Membership(10_000, () => nowMs);
  assert.equal(membership.lapsedSince(1000), true, "it never was a member");
  membership.confirm();
  nowMs = 5000;
  assert.equal(membership.lapsedSince(5000), false);
  nowMs = 15_000;
  assert.equal(membership.lapsedSince(5000), true, "the silence lasts");
  membership.confirm();
  nowMs = 16_000;
  assert.equal(membership.lapsedSince(5000), true, "it is over, and was after that moment");
  assert.equal(membership.lapsedSince(16_000), false);
});
