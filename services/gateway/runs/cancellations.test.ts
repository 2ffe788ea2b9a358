import assert from "node:assert/strict";
import { test } from "node:test";
import { commandKey } from "../../../schemas/control/command.ts";
import { Cancellations } from "./cancellations.ts";

const hourMs = 3_600_000;
const nowMs = Date.UTC(2026, 10, 23, 12);
const runId = (no: number): string => `0199d000-0000-7000-8000-${String(no).padStart(12, "0")}`;
const keyOf = (no: number): string => commandKey({ scope: "run", run_id: runId(no) });

/** What is written, as `+key` for an order and `-key` for one taken back. */
function open(ended: ReadonlySet<number>) {
  const cancellations = new Cancellations((id) => ended.has(Number(id.slice(-12))));
  const order = (no: number, atMs: number): string[] =>
    cancellations.order(runId(no), "gone", atMs).map(({ key, value }) => `${value === null ? "-" : "+"}${key}`);
  return { cancellations, order };
}

test("an order is taken back with a later one, when its run has ended and an hour is over", () => {
  const ended = new Set<number>();
  const { cancellations, order } = open(ended);
  assert.deepEqual(order(1, nowMs), [`+${keyOf(1)}`]);
  assert.deepEqual(order(2, nowMs), [`+${keyOf(2)}`]);
  ended.add(1);
  assert.deepEqual(order(3, nowMs + hourMs - 1), [`+${keyOf(3)}`], "a stage could still meet it");
  assert.deepEqual(order(4, nowMs + hourMs), [`+${keyOf(4)}`, `-${keyOf(1)}`]);
  assert.deepEqual(order(5, nowMs + hourMs), [`+${keyOf(5)}`], "once, and never while its run is open");
  assert.equal(cancellations.size, 4);
});

test("a run that is cancelled again is not taken back with it", () => {
  const { order } = open(new Set([1]));
  order(1, nowMs);
  assert.deepEqual(order(1, nowMs + 2 * hourMs), [`+${keyOf(1)}`]);
});

test("at most a hundred go with one order, and the rest with the next", () => {
  const { order } = open(new Set(Array.from({ length: 251 }, (_, no) => no)));
  for (let no = 1; no <= 250; no++) order(no, nowMs);
  const sizes = [1000, 1001, 1002, 1003].map((no) => order(no, nowMs + hourMs).length - 1);
  assert.deepEqual(sizes, [100, 100, 50, 0]);
});
