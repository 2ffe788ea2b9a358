import assert from "node:assert/strict";
import { test } from "node:test";
import { TransientError } from "../errors.ts";
import { createLogger } from "../logger.ts";
import { left, retryTransient } from "./retry-transient.ts";

const transient = new TransientError("registry_unavailable", "not yet");

function place() {
  const abort = new AbortController();
  const calls: string[] = [];
  return {
    abort,
    calls,
    given: {
      signal: abort.signal,
      failing: () => void calls.push("failing"),
      recovered: () => void calls.push("recovered"),
    },
    options: {
      logger: createLogger("test", "error", { write: () => undefined }),
      policy: { firstDelayMs: 1, longestDelayMs: 2, failuresBeforeHold: 3 },
    },
  };
}

/** Fails as often as told, then answers. */
function failing(times: number, error: unknown = transient) {
  let calls = 0;
  return async (): Promise<string> => {
    calls += 1;
    await Promise.resolve();
    if (calls <= times) throw error;
    return `try ${calls}`;
  };
}

test("work that succeeds costs nothing more", async () => {
  const { given, options, calls } = place();
  assert.equal(await retryTransient(failing(0), given, options), "try 1");
  assert.deepEqual(calls, []);
});

test("a short failure is tried again without closing the partition", async () => {
  const { given, options, calls } = place();
  assert.equal(await retryTransient(failing(2), given, options), "try 3");
  assert.deepEqual(calls, []);
});

test("a long failure closes the partition once, and opens it when the work succeeds", async () => {
  const { given, options, calls } = place();
  assert.equal(await retryTransient(failing(10), given, options), "try 11");
  assert.deepEqual(calls, ["failing", "recovered"]);
});

test("any other error is a bug and comes out at once", async () => {
  const { given, options, calls } = place();
  const bug = new TypeError("bug");
  await assert.rejects(retryTransient(failing(1, bug), given, options), bug);
  assert.deepEqual(calls, []);
});

test("a bug after a long failure does not leave the partition closed", async () => {
  const { given, options, calls } = place();
  let count = 0;
  const work = () => Promise.reject((count += 1) < 5 ? transient : new TypeError("bug"));
  await assert.rejects(retryTransient(work, given, options), TypeError);
  assert.deepEqual(calls, ["failing", "recovered"]);
});

const givenUp: readonly (readonly [string, (signal: AbortSignal) => unknown])[] = [
  ["a transient error", () => transient],
  ["the signal's reason", (signal) => signal.reason],
  ["an abort error", () => new DOMException("aborted", "AbortError")],
];

for (const [what, thrown] of givenUp) {
  test(`once the partition is lost, ${what} leaves the record`, async () => {
    const { given, options, abort } = place();
    abort.abort(new Error("lost"));
    const work = () => Promise.reject(thrown(abort.signal));
    assert.equal(await retryTransient(work, given, options), left);
  });
}

test("a bug in a lost partition is a bug all the same", async () => {
  const { given, options, abort } = place();
  abort.abort();
  await assert.rejects(retryTransient(failing(1, new TypeError("bug")), given, options), TypeError);
});

test("what ends well after the partition was lost has ended well", async () => {
  const { given, options, abort } = place();
  abort.abort();
  assert.equal(await retryTransient(failing(0), given, options), "try 1");
});

test("losing the partition ends the waiting between tries", async () => {
  const { given, options, abort, calls } = place();
  const slow = { ...options, policy: { firstDelayMs: 3_600_000, longestDelayMs: 3_600_000, failuresBeforeHold: 1 } };
  const retrying = retryTransient(failing(1), given, slow);
  setImmediate(() => abort.abort());
  assert.equal(await retrying, left);
  assert.deepEqual(calls, ["failing", "recovered"]);
});
