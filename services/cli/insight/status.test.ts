import assert from "node:assert/strict";
import { test } from "node:test";
import type { BreakerRecord } from "../../../schemas/control/breaker.ts";
import { stageName } from "../../../schemas/parts/codes.ts";
import { consumerGroupOf } from "../../runtime/run-stage.ts";
import { statusOf, type Seen } from "./status.ts";

const noon = Date.UTC(2026, 10, 22, 12);
const standings = stageName.options.map((stage) => ({
  groupId: consumerGroupOf(stage),
  members: [`${stage}-1`],
  behind: 7n,
}));
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

const well: Seen = { standings, breakers: [], inReview: 0, nowMs: noon };

test("it is well when every stage has a process and no breaker is open, however far it is behind", () => {
  const { healthy, stages, problems } = statusOf(well);
  assert.deepEqual([healthy, problems], [true, []]);
  assert.deepEqual(stages[1], { stage: "model-invoke", processes: 1, behind: 7 });
});

test("a stage without a process is a problem, and so is one whose group nobody knows", () => {
  const [first, ...others] = standings;
  assert.ok(first !== undefined);
  for (const group of [[], [{ ...first, members: [] }]]) {
    assert.deepEqual(statusOf({ ...well, standings: [...group, ...others] }).problems, [
      "No process of input-scan is running.",
    ]);
  }
});

test("an open breaker is a problem; one that is closed, or whose probe is due, is none", () => {
  const due = { ...breaker, open_until_ms: noon };
  const closed = { ...breaker, state: "closed", open_until_ms: 0 } as const;
  assert.deepEqual(statusOf({ ...well, breakers: [due, closed] }).problems, []);
  const { healthy, open_breakers, problems } = statusOf({ ...well, breakers: [breaker, due] });
  assert.deepEqual([healthy, open_breakers], [false, [breaker]]);
  assert.deepEqual(problems, ["The breaker of groq key 1 (0a1b2c3d) is open."]);
});

test("answers that wait for a person are told, and no problem; nor is a ledger that cannot be asked", () => {
  for (const inReview of [0, 3, null]) {
    const { healthy, in_review } = statusOf({ ...well, inReview });
    assert.deepEqual([healthy, in_review], [true, inReview]);
  }
});
