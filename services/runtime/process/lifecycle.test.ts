import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "../logger.ts";
import { exitStatus, Lifecycle } from "./lifecycle.ts";

function opened() {
  const lines: string[] = [];
  const exits: number[] = [];
  const lifecycle = new Lifecycle(
    createLogger("test", "info", { write: (line) => void lines.push(line) }),
    (status) => void exits.push(status),
  );
  return { lifecycle, exits, log: () => lines.join("") };
}

test("what was opened last is closed first, then the process exits 0", async () => {
  const { lifecycle, exits } = opened();
  const closed: string[] = [];
  for (const name of ["producer", "reader", "consumer"]) lifecycle.onClose(name, () => void closed.push(name));
  await lifecycle.stop("test");
  assert.deepEqual(closed, ["consumer", "reader", "producer"]);
  assert.deepEqual(exits, [exitStatus.ok]);
});

test("stopping twice closes once", async () => {
  const { lifecycle, exits } = opened();
  let closed = 0;
  lifecycle.onClose("consumer", () => void (closed += 1));
  await Promise.all([lifecycle.stop("first"), lifecycle.stop("second")]);
  assert.equal(closed, 1);
  assert.deepEqual(exits, [exitStatus.ok]);
});

test("one part that cannot close does not keep the others open, and is told by the status", async () => {
  const { lifecycle, exits, log } = opened();
  let closed = false;
  lifecycle.onClose("producer", () => void (closed = true));
  lifecycle.onClose("consumer", () => Promise.reject(new Error("broken")));
  await lifecycle.stop("test");
  assert.ok(closed && log().includes('"part":"consumer"'));
  assert.deepEqual(exits, [exitStatus.bug]);
});

test("a status other than 0 is kept", async () => {
  const { lifecycle, exits } = opened();
  await lifecycle.stop("too many dead letters", exitStatus.tooManyDeadLetters);
  assert.deepEqual(exits, [exitStatus.tooManyDeadLetters]);
});

test("a crash ends at once with status 1, closes nothing and shows no content", () => {
  const { lifecycle, exits, log } = opened();
  let closed = false;
  lifecycle.onClose("consumer", () => void (closed = true));
  lifecycle.crash(new SyntaxError("Unexpected token: canary prompt"));
  assert.deepEqual(exits, [exitStatus.bug]);
  assert.equal(closed, false);
  assert.match(log(), /SyntaxError/);
  assert.doesNotMatch(log(), /canary/);
});
