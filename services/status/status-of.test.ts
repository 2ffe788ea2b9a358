/** Which of what was seen is a problem, and what is told of the rest. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BreakerRecord } from "../../schemas/control/breaker.ts";
import type { CommandRecord } from "../../schemas/control/command.ts";
import { sampleBudget } from "../../test/support/lease-log.ts";
import { LeaseBook } from "../budgets/lease-book.ts";
import { statusOf, type Seen } from "./status-of.ts";
import { consumers, statusView } from "./status-view.ts";

const noon = Date.UTC(2026, 10, 22, 12);
const stages = consumers.map((stage) => ({ stage, processes: 1, behind: 7, oldestAtMs: noon - 1500 }));
const breaker: BreakerRecord = {
  kind: "breaker",
  provider: "groq",
  model: "*",
  key: { fingerprint: "0a1b2c3d", position: 1, trouble: "rejected", code: "invalid_api_key" },
  state: "open",
  open_until_ms: noon + 1,
  worker: "w",
  at_ms: noon,
};
const well: Seen = {
  stages,
  breakers: [],
  commands: [],
  budgets: { budgets: [], book: new LeaseBook() },
  ledger: { callsInFlight: 0, oldestCallAtMs: null, inReview: 0 },
};
const statusAt = (more: Partial<Seen>) => statusView.parse(statusOf({ ...well, ...more }, noon));

test("it is well when every stage, alerts and audit-seal have a process and no breaker is open, however far they are behind", () => {
  const { healthy, problems, unknown, stages: shown, ledger_delay_ms: delayMs } = statusAt({});
  assert.deepEqual([healthy, problems, unknown, delayMs], [true, [], [], 1500]);
  assert.deepEqual(shown[1], { stage: "model-invoke", processes: 1, behind: 7, oldest_wait_ms: 1500 });
});

test("a stage without a process is a problem, and so is one whose group nobody knows", () => {
  const [first, ...others] = stages;
  assert.ok(first !== undefined);
  for (const group of [[], [{ ...first, processes: 0 }]])
    assert.deepEqual(statusAt({ stages: [...group, ...others] }).problems, ["No process of input-scan is running."]);
});

test("an open breaker is a problem; one that is closed, or whose probe is due, is none", () => {
  const due = { ...breaker, open_until_ms: noon };
  const closed = { ...breaker, state: "closed", open_until_ms: 0 } as const;
  assert.deepEqual(statusAt({ breakers: [due, closed] }).problems, []);
  const { healthy, open_breakers, problems } = statusAt({ breakers: [breaker, due] });
  assert.deepEqual([healthy, open_breakers], [false, [{ ...breaker, name: "groq key 1 (0a1b2c3d)" }]]);
  assert.deepEqual(problems, ["The breaker of groq key 1 (0a1b2c3d) is open."]);
});

test("answers that wait for a person and calls under way are told, and no problem", () => {
  const status = statusAt({ ledger: { callsInFlight: 3, oldestCallAtMs: noon - 800, inReview: 2 } });
  assert.deepEqual([status.healthy, status.in_review, status.calls], [true, 2, { in_flight: 3, oldest_ms: 800 }]);
  assert.deepEqual(statusAt({}).calls, { in_flight: 0, oldest_ms: null });
});

const unknowns: readonly [
  what: string,
  more: Partial<Seen>,
  unknown: readonly string[],
  problems: readonly string[],
][] = [
  ["Kafka out of reach", { stages: null }, ["stages"], ["Kafka does not say how the stages stand."]],
  ["a ledger out of reach", { ledger: null }, ["ledger"], ["The ledger does not answer."]],
  ["no ledger to ask", { ledger: "not asked" }, ["ledger"], []],
  [
    "tables that cannot be read",
    { breakers: null, commands: null, budgets: null },
    ["breakers", "pauses", "budgets"],
    [],
  ],
];
for (const [what, more, unknown, problems] of unknowns) {
  test(`${what}: what it would tell is unknown and never zero`, () => {
    const status = statusAt(more);
    assert.deepEqual([status.unknown, status.problems], [unknown, problems]);
    const told = {
      stages: status.stages.every(({ processes, behind }) => processes !== null && behind !== null),
      breakers: status.open_breakers !== null,
      pauses: status.pauses !== null,
      budgets: status.budgets !== null,
      ledger: status.calls !== null && status.in_review !== null,
    };
    assert.deepEqual(
      Object.entries(told).flatMap(([part, isTold]) => (isTold ? [] : [part])),
      unknown,
    );
  });
}

test("a record from a clock that is ahead has not waited yet", () => {
  const ahead = stages.map((standing) => ({ ...standing, oldestAtMs: noon + 900 }));
  assert.equal(statusAt({ stages: ahead }).ledger_delay_ms, 0);
});

test("how long something waits is not known where it may not be read, and nothing where nothing waits", () => {
  const waits = (behind: number) =>
    statusAt({ stages: stages.map((standing) => ({ ...standing, behind, oldestAtMs: null })) }).stages[0]
      ?.oldest_wait_ms;
  assert.deepEqual([waits(7), waits(0)], [null, 0]);
});

test("pauses are told with their reason, the longest first, and cancellations are not among them", () => {
  const pause = (harness: string, ordered_at_ms: number): CommandRecord => ({
    kind: "pause",
    target: { scope: "harness", harness },
    ordered_at_ms,
    why: "too dear",
  });
  const cancelled: CommandRecord = {
    kind: "cancel",
    target: { scope: "run", run_id: "0198c5a0-0000-7000-8000-000000000001" },
    ordered_at_ms: 1,
    until_ms: noon,
  };
  const { healthy, pauses } = statusAt({ commands: [pause("later", 20), cancelled, pause("first", 10)] });
  assert.equal(healthy, true);
  assert.deepEqual(
    pauses?.map(({ name, why }) => [name, why]),
    [
      ["harness first", "too dear"],
      ["harness later", "too dear"],
    ],
  );
});

test("budgets are told by what is used of them, the most first, a limit of nothing before all", () => {
  const spent_before = { usd: "3.5", tokens: 0 };
  const opened_at_ms = noon;
  const budgets = [
    sampleBudget({ budget_id: "a/day", limit_usd: "10", spent_before, opened_at_ms }),
    sampleBudget({ budget_id: "b/day", limit_usd: "4", spent_before, opened_at_ms }),
    sampleBudget({ budget_id: "c/day", limit_usd: "0", spent_before, opened_at_ms }),
    sampleBudget({ budget_id: "all/run", window: "run" }),
  ];
  assert.deepEqual(
    statusAt({ budgets: { budgets, book: new LeaseBook() } }).budgets?.map(({ budget_id, used_share }) => [
      budget_id,
      used_share,
    ]),
    [
      ["c/day", null],
      ["b/day", 0.875],
      ["a/day", 0.35],
    ],
  );
});
