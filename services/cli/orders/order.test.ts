import assert from "node:assert/strict";
import { test } from "node:test";
import { commandKey, type CancelTarget, type PauseTarget } from "../../../schemas/control/command.ts";
import { MemoryLog } from "../../../test/pipeline/memory-log.ts";
import { orderOf } from "../../../test/support/commands.ts";
import { cancelForMs } from "../../runtime/commands/order-record.ts";
import type { Emission } from "../../runtime/stage.ts";
import { readOrders, writeOrder } from "./order.ts";

const by = { kind: "user", id: "ines" } as const;

const nowMs = Date.UTC(2026, 10, 23);
const run = (no: number): CancelTarget => ({ scope: "run", run_id: `0199d000-0000-7000-8000-00000000000${no}` });
const acme: PauseTarget = { scope: "client", client_id: "acme" };

/** harness-commands in memory, and the orders in force on it as short words. */
function openOrders() {
  const log = new MemoryLog(1);
  const publish = async (emissions: readonly Emission[]) =>
    emissions.map(({ topic, key, value }) =>
      log.append({ topic, key, value: value === null ? null : Buffer.from(JSON.stringify(value)), headers: {} }),
    );
  const kafka = { reader: log, producer: () => Promise.resolve({ publish }) };
  return {
    log,
    pause: (target: PauseTarget, atMs = nowMs) =>
      writeOrder(kafka, target, { order: { ...orderOf(target), ordered_at_ms: atMs }, by }),
    resume: (target: PauseTarget) => writeOrder(kafka, target, { order: null, by }),
    cancel: (target: CancelTarget, atMs = nowMs) =>
      writeOrder(kafka, target, {
        order: { kind: "cancel", target, ordered_at_ms: atMs, until_ms: atMs + cancelForMs },
        by,
      }),
    inForce: async () => [...(await readOrders(log)).keys()],
  };
}

test("whoever orders next deletes the cancellations that are over, and no pause, however old", async () => {
  const { log, pause, cancel, inForce } = openOrders();
  await pause(acme, nowMs - 10 * cancelForMs);
  await cancel(run(1), nowMs - cancelForMs - 1);
  await cancel(run(2), nowMs - cancelForMs);
  await cancel(run(3));
  assert.deepEqual(await inForce(), [acme, run(2), run(3)].map(commandKey));
  assert.equal(log.records("harness-commands").length, 5, "one record each, and one that deletes");
});

test("a resume deletes them too", async () => {
  const { cancel, pause, resume, inForce } = openOrders();
  await cancel(run(1), Date.now() - 2 * cancelForMs);
  await pause(acme, Date.now() - 2 * cancelForMs);
  await resume(acme);
  assert.deepEqual(await inForce(), []);
});

test("a cancellation that is ordered once more is in force again", async () => {
  const { cancel, inForce } = openOrders();
  await cancel(run(1), nowMs - 2 * cancelForMs);
  await cancel(run(1));
  assert.deepEqual(await inForce(), [commandKey(run(1))]);
});

test("what is no order, or stands under another's key, is neither in force nor touched", async () => {
  const { log, pause, inForce } = openOrders();
  const strange = { kind: "cancel", target: run(1), ordered_at_ms: 0, until_ms: 0 };
  for (const [key, value] of [
    ["of a newer version", { kind: "drain" }],
    [commandKey(run(2)), strange],
  ] as const)
    log.append({ topic: "harness-commands", key, value: Buffer.from(JSON.stringify(value)), headers: {} });
  await pause(acme);
  assert.deepEqual(await inForce(), [commandKey(acme)]);
  assert.equal(log.records("harness-commands").length, 3);
});
