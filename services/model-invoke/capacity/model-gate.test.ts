import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { Party } from "./waiting-line.ts";
import { ModelGate, type GateLimits, type Slot } from "./model-gate.ts";

beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 }));
afterEach(() => mock.timers.reset());

function gateOf(limits: Partial<GateLimits> = {}): ModelGate {
  return new ModelGate({ limits: () => ({ maxConcurrent: 2, ...limits }), nowMs: Date.now });
}

const acme = { client: "acme", batch: false };
const never = new AbortController().signal;

interface Caller extends Partial<Party> {
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

/** Callers in a row, each noted by its name when it is let in. */
function queue(gate: ModelGate, tokens = 10) {
  const letIn: string[] = [];
  const slots: Slot[] = [];
  const come = (name: string, { waitMs = 3_600_000, signal = never, ...party }: Caller = {}): void => {
    void gate.take({ ...acme, ...party, tokens }, { untilMs: Date.now() + waitMs, signal }).then((slot) => {
      letIn.push(slot === null ? `${name} gave up` : name);
      if (slot !== null) slots.push(slot);
    });
  };
  return { letIn, slots, come };
}

describe("at the limit of calls in flight", () => {
  test("callers are let in one for one, in the order they came", async () => {
    const gate = gateOf();
    const { letIn, slots, come } = queue(gate);
    for (const name of ["a", "b", "c", "d"]) come(name);
    await turn();
    assert.deepEqual(letIn, ["a", "b"]);
    assert.deepEqual([gate.inFlight, gate.waiting], [2, 2]);
    slots[1]?.end({ kind: "answered", tokens: 5 });
    await turn();
    assert.deepEqual(letIn, ["a", "b", "c"]);
    slots[0]?.giveBack();
    await turn();
    assert.deepEqual(letIn, ["a", "b", "c", "d"]);
  });

  test("a call of an interactive run waits for no batch that stands in line, and is not told to", async () => {
    const gate = gateOf({ maxConcurrent: 1 });
    const { letIn, slots, come } = queue(gate);
    for (const name of ["b0", "b1", "b2"]) come(name, { client: "archive", batch: true });
    come("i");
    await turn();
    const waits = [acme, { client: "archive", batch: true }].map((party) => gate.waitMs({ ...party, tokens: 10 }));
    mock.timers.tick(1000);
    slots[0]?.end({ kind: "answered" });
    await turn();
    assert.deepEqual(
      [letIn, waits],
      [
        ["b0", "i"],
        [0, 0],
      ],
    );
    mock.timers.tick(1000);
    assert.deepEqual(
      [acme, { client: "archive", batch: true }].map((party) => gate.waitMs({ ...party, tokens: 10 })),
      [2000, 3000],
    );
  });

  test("nobody passes those who wait, though there is room in the same moment", async () => {
    const gate = gateOf({ maxConcurrent: 1 });
    const { letIn, slots, come } = queue(gate);
    come("a");
    come("b");
    await turn();
    slots[0]?.giveBack();
    assert.equal(gate.tryTake(10), null);
    await turn();
    assert.deepEqual(letIn, ["a", "b"]);
  });

  test("a slot counts once, however often it is given back", async () => {
    const gate = gateOf();
    const slot = gate.tryTake(10);
    slot?.end({ kind: "answered" });
    slot?.giveBack();
    slot?.end({ kind: "refused" });
    assert.deepEqual([gate.inFlight, gate.limit], [0, 2]);
  });
});

describe("who waits", () => {
  test("gives up at its own time, and the next takes its place", async () => {
    const gate = gateOf({ maxConcurrent: 1 });
    const { letIn, slots, come } = queue(gate);
    come("a");
    come("b", { waitMs: 500 });
    come("c");
    await turn();
    mock.timers.tick(500);
    await turn();
    assert.deepEqual(letIn, ["a", "b gave up"]);
    slots[0]?.giveBack();
    await turn();
    assert.deepEqual(letIn, ["a", "b gave up", "c"]);
    assert.deepEqual([gate.inFlight, gate.waiting], [1, 0]);
  });

  test("gives up when its partition is lost, and one that lost it before does not wait at all", async () => {
    const gate = gateOf({ maxConcurrent: 1 });
    const { letIn, come } = queue(gate);
    const lost = new AbortController();
    come("a");
    come("b", { waitMs: 60_000, signal: lost.signal });
    await turn();
    lost.abort();
    come("c", { waitMs: 60_000, signal: lost.signal });
    await turn();
    assert.deepEqual(letIn.toSorted(), ["a", "b gave up", "c gave up"]);
    assert.equal(gate.waiting, 0);
  });

  test("a turn that comes in the moment of giving up leaves no slot behind", async () => {
    const gate = gateOf({ maxConcurrent: 1 });
    const { letIn, slots, come } = queue(gate);
    const lost = new AbortController();
    come("a");
    come("b", { waitMs: 60_000, signal: lost.signal });
    await turn();
    lost.abort();
    slots[0]?.giveBack();
    await turn();
    assert.deepEqual([letIn[1], gate.inFlight], ["b gave up", 0]);
  });
});

describe("the limits of a minute", () => {
  test("hold callers back until the minute allows them, without a call having to end", async () => {
    const gate = gateOf({ maxConcurrent: 100, requestsPerMinute: 2 });
    const { letIn, come } = queue(gate);
    for (const name of ["a", "b", "c"]) come(name);
    await turn();
    assert.deepEqual(letIn, ["a", "b"]);
    mock.timers.tick(61_000);
    await turn();
    assert.deepEqual(letIn, ["a", "b", "c"]);
  });

  test("count what a call can cost from its start, and what it did cost from its end", async () => {
    const gate = gateOf({ maxConcurrent: 100, tokensPerMinute: 15 });
    const { letIn, slots, come } = queue(gate, 10);
    come("a");
    come("b");
    await turn();
    assert.deepEqual(letIn, ["a"]);
    slots[0]?.end({ kind: "answered", tokens: 5 });
    await turn();
    assert.deepEqual(letIn, ["a", "b"]);
    slots[1]?.end({ kind: "other" });
    assert.equal(gate.tryTake(10), null, "what nobody knows stays counted as the most");
  });
});

describe("how long a call is likely to wait", () => {
  test("not at all where there is room", () => assert.equal(gateOf().waitMs({ ...acme, tokens: 10 }), 0));

  test("as long as the calls before it take, and longer with each that waits", async () => {
    const gate = gateOf();
    const { slots, come } = queue(gate);
    come("a");
    await turn();
    mock.timers.tick(4000);
    slots[0]?.end({ kind: "answered" });
    for (const name of ["b", "c"]) come(name);
    await turn();
    assert.equal(gate.waitMs({ ...acme, tokens: 10 }), 2000);
    come("d");
    assert.equal(gate.waitMs({ ...acme, tokens: 10 }), 4000);
  });

  test("longer and longer where calls hang that never took so long", async () => {
    const gate = gateOf();
    const { come } = queue(gate);
    for (const name of ["a", "b"]) come(name);
    await turn();
    mock.timers.tick(30_000);
    assert.equal(gate.waitMs({ ...acme, tokens: 10 }), 15_000);
  });

  test("until the minute allows it and all who wait for the same", async () => {
    const gate = gateOf({ maxConcurrent: 100, requestsPerMinute: 1 });
    const { come } = queue(gate);
    for (const name of ["a", "b", "c", "d"]) come(name);
    await turn();
    assert.equal(gate.waitMs({ ...acme, tokens: 10 }), 180_000);
  });
});

test("a refusal leaves fewer slots, and those above the new limit are not taken again", async () => {
  const gate = gateOf({ maxConcurrent: 10 });
  const { letIn, slots, come } = queue(gate);
  for (let name = 0; name < 12; name++) come(String(name));
  await turn();
  mock.timers.tick(1);
  for (const slot of slots.slice(0, 4)) slot.end({ kind: "refused", tokens: 0 });
  await turn();
  // The first three let the two that waited in: nothing was wrong yet.
  assert.deepEqual([gate.limit, gate.inFlight, letIn.length], [6, 8, 12]);
  slots[4]?.end({ kind: "other" });
  slots[5]?.end({ kind: "other" });
  assert.equal(gate.tryTake(10), null);
  slots[6]?.end({ kind: "other" });
  assert.notEqual(gate.tryTake(10), null);
});
