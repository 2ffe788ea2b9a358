import assert from "node:assert/strict";
import { test } from "node:test";
import { PoisonRecordError, TransientError } from "../../errors.ts";
import { outgoingRecord } from "../wire/record-batch-encode.ts";
import { sendBatch, type LaneAnswer, type LaneTransport } from "./batch-sender.ts";
import type { LaneBatch } from "./send-queue.ts";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const messageTooLarge = 10;
const topicAuthorizationFailed = 29;

interface Sent {
  readonly partition: number;
  readonly names: readonly string[];
}

/** Answers by a script, one line per send, one answer per lane; without a line, everything is written at 0. */
function scripted(script: readonly (readonly LaneAnswer[])[]): {
  readonly transport: LaneTransport;
  readonly sent: Sent[][];
  readonly resets: () => number;
} {
  const sent: Sent[][] = [];
  let resets = 0;
  const transport: LaneTransport = {
    send: (lanes) => {
      const answers = script[sent.length] ?? lanes.map(() => ({ kind: "written", baseOffset: 0n }) as const);
      sent.push(
        lanes.map(({ partition, records }) => ({
          partition,
          names: records.map(({ record }) => record.key?.toString() ?? ""),
        })),
      );
      return Promise.resolve(answers);
    },
    reset: () => void (resets += 1),
    close: () => Promise.resolve(),
  };
  return { transport, sent, resets: () => resets };
}

function lane(partition: number, names: readonly string[], outcomes: Map<string, bigint | Error>): LaneBatch {
  const records = names.map((name) => ({
    topic: "t",
    partition,
    record: outgoingRecord(Buffer.from(name), null, []),
    settle: (outcome: bigint | Error) => {
      assert.ok(!outcomes.has(name), `${name} was settled twice`);
      outcomes.set(name, outcome);
    },
  }));
  return { topic: "t", partition, records };
}

const written = (baseOffset: bigint): LaneAnswer => ({ kind: "written", baseOffset });
const unconfirmed: LaneAnswer = { kind: "unconfirmed", cause: "no answer" };

test("each record gets the batch's base offset plus its place", async () => {
  const outcomes = new Map<string, bigint | Error>();
  const { transport } = scripted([[written(40n), written(7n)]]);
  await sendBatch([lane(0, ["a", "b"], outcomes), lane(1, ["c"], outcomes)], {
    transport,
    logger: silent,
    retryForMs: 1000,
  });
  assert.deepEqual(Object.fromEntries(outcomes), { a: 40n, b: 41n, c: 7n });
});

test("a partition that the answer lacks is sent again, over a new connection, and only that one", async () => {
  const outcomes = new Map<string, bigint | Error>();
  const { transport, sent, resets } = scripted([[written(1n)], [written(9n)]]);
  await sendBatch([lane(0, ["a"], outcomes), lane(1, ["b", "c"], outcomes)], {
    transport,
    logger: silent,
    retryForMs: 1000,
  });
  assert.deepEqual(sent[1], [{ partition: 1, names: ["b", "c"] }]);
  assert.deepEqual(Object.fromEntries(outcomes), { a: 1n, b: 9n, c: 10n });
  assert.equal(resets(), 1);
});

test("what is not confirmed in time fails as transient, and what was written stays written", async () => {
  const outcomes = new Map<string, bigint | Error>();
  const { transport, sent } = scripted(
    Array.from({ length: 20 }, (_, at) => (at === 0 ? [written(1n), unconfirmed] : [unconfirmed])),
  );
  await sendBatch([lane(0, ["a"], outcomes), lane(1, ["b"], outcomes)], { transport, logger: silent, retryForMs: 400 });
  assert.ok(sent.length >= 2);
  const failed = outcomes.get("b");
  assert.ok(failed instanceof TransientError && failed.code === "broker_unavailable" && failed.cause === "no answer");
  assert.equal(outcomes.get("a"), 1n);
});

test("a batch that is too large is sent record by record, and only the one at fault fails", async () => {
  const outcomes = new Map<string, bigint | Error>();
  const refused: LaneAnswer = { kind: "refused", code: messageTooLarge };
  const { transport, sent } = scripted([[refused, written(3n)], [written(5n)], [refused], [written(6n)]]);
  await sendBatch([lane(0, ["a", "huge", "b"], outcomes), lane(1, ["c"], outcomes)], {
    transport,
    logger: silent,
    retryForMs: 1000,
  });
  assert.deepEqual(
    sent.slice(1).map((lanes) => lanes.flatMap(({ names }) => names)),
    [["a"], ["huge"], ["b"]],
  );
  const failed = outcomes.get("huge");
  assert.ok(failed instanceof PoisonRecordError && failed.code === "too_large");
  assert.deepEqual([outcomes.get("a"), outcomes.get("b"), outcomes.get("c")], [5n, 6n, 3n]);
});

test("a refusal for good is an error with its reason, at once", async () => {
  const outcomes = new Map<string, bigint | Error>();
  const { transport, sent } = scripted([[{ kind: "refused", code: topicAuthorizationFailed }]]);
  await sendBatch([lane(0, ["a"], outcomes)], { transport, logger: silent, retryForMs: 1000 });
  assert.match(String(outcomes.get("a")), /t\/0.*authorized/i);
  assert.equal(sent.length, 1);
});

test("an error that no repetition can mend fails the batch", async () => {
  const outcomes = new Map<string, bigint | Error>();
  const transport: LaneTransport = {
    send: () => Promise.reject(new TypeError("a bug")),
    reset: () => undefined,
    close: () => Promise.resolve(),
  };
  await sendBatch([lane(0, ["a", "b"], outcomes)], { transport, logger: silent, retryForMs: 1000 });
  assert.ok(outcomes.get("a") instanceof TypeError && outcomes.get("b") instanceof TypeError);
});
