/** A part that fails or hangs is unknown; the others are told, and a part that hangs is asked once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { LeaseBook } from "../budgets/lease-book.ts";
import { StoreError } from "../ledger/clickhouse.ts";
import { TransientError } from "../runtime/errors.ts";
import { statusReader, type StatusSources } from "./read-status.ts";
import { consumers } from "./status-view.ts";

const nothingSet = () => Promise.resolve({ budgets: [], book: new LeaseBook() });
const row = { in_flight: "2", oldest_at_ms: "600" };
const well: StatusSources = {
  stages: () => Promise.resolve(consumers.map((stage) => ({ stage, processes: 1, behind: 0, oldestAtMs: null }))),
  breakers: () => Promise.resolve([]),
  commands: () => Promise.resolve([]),
  budgets: nothingSet,
  ledger: { query: (sql) => Promise.resolve(sql.includes("in_flight") ? [row] : [{ waiting: "3" }]) },
};
const away = () => Promise.reject(new TransientError("broker_unavailable", "away"));
const hanging = () => new Promise<never>(() => undefined);

test("all parts together", async () => {
  const { healthy, unknown, calls, in_review } = await statusReader(well)(1000);
  assert.deepEqual([healthy, unknown, calls, in_review], [true, [], { in_flight: 2, oldest_ms: 400 }, 3]);
});

test("without calls under way none is the oldest", async () => {
  const ledger = { query: () => Promise.resolve([{ in_flight: 0, oldest_at_ms: 0, waiting: 0 }]) };
  assert.deepEqual((await statusReader({ ...well, ledger })(1000)).calls, { in_flight: 0, oldest_ms: null });
});

const parts: readonly [part: string, more: (read: () => Promise<never>) => Partial<StatusSources>][] = [
  ["stages", (stages) => ({ stages })],
  ["breakers", (breakers) => ({ breakers })],
  ["pauses", (commands) => ({ commands })],
  ["budgets", (budgets) => ({ budgets })],
  ["ledger", (query) => ({ ledger: { query } })],
];
for (const [part, more] of parts) {
  for (const [how, read] of Object.entries({ "is away": away, hangs: hanging })) {
    test(`when what tells of ${part} ${how}, that alone is unknown`, async () => {
      assert.deepEqual((await statusReader({ ...well, ...more(read) }, 5)(1000)).unknown, [part]);
    });
  }
}

test("a ledger that refuses is unknown; a bug is an error", async () => {
  const refuses = { query: () => Promise.reject(new StoreError("rejected", 60, null)) };
  assert.deepEqual((await statusReader({ ...well, ledger: refuses })(1000)).unknown, ["ledger"]);
  const broken = { ...well, breakers: () => Promise.reject(new TypeError("a bug")) };
  await assert.rejects(statusReader(broken)(1000), TypeError);
});

test("who asks while a part hangs waits for that answer; it is asked again when it has answered", async () => {
  let asked = 0;
  let answer: (value: readonly []) => void = () => undefined;
  const breakers = () => {
    asked += 1;
    return new Promise<readonly []>((resolve) => void (answer = resolve));
  };
  const read = statusReader({ ...well, breakers }, 5);
  for (const time of [1, 2]) assert.deepEqual((await read(time)).unknown, ["breakers"]);
  assert.equal(asked, 1);
  answer([]);
  await setImmediate();
  assert.deepEqual((await read(3)).unknown, ["breakers"]);
  assert.equal(asked, 2);
});
