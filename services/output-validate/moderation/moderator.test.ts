import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callRecord, type CallRecord } from "../../../schemas/records/call.ts";
import { sampleFinish, sampleMs, sampleSettlement } from "../../../test/contract/sample-records.ts";
import type { ModerationCall, ModerationOutcome } from "../../providers/moderate.ts";
import { TransientError } from "../../runtime/errors.ts";
import type { Publish, StageContext } from "../../runtime/stage.ts";
import { openModerator, timeLimitMs, type ModerationOrder } from "./moderator.ts";
import { mostPieces } from "./pieces.ts";

const callId = "0199d000-0000-7000-8000-00000000cafe";
const moderated: ModerationOutcome = {
  kind: "moderated",
  verdicts: [[]],
  servedModel: "omni-1",
  providerRequestId: "r",
};
const failed: ModerationOutcome = {
  kind: "failure",
  outcome: "overloaded",
  code: "overloaded",
  status: 503,
  usage: null,
};

interface Setting {
  readonly outcome?: ModerationOutcome;
  /** The name in the price table. */
  readonly pricedAs?: string;
  readonly nowMs?: number;
  readonly isLost?: boolean;
  /** How many writes are acknowledged. */
  readonly writes?: number;
}

/** A moderator, and what happened in order: records written, texts sent. */
function open({
  outcome = moderated,
  pricedAs = "openai",
  nowMs = sampleMs,
  isLost = false,
  writes = 99,
}: Setting = {}) {
  const events: string[] = [];
  const records: CallRecord[] = [];
  const calls: ModerationCall[] = [];
  const warnings: string[] = [];
  const moderate = async (call: ModerationCall): Promise<ModerationOutcome> => {
    events.push("request");
    calls.push(call);
    return outcome;
  };
  const publish: Publish = async (emissions) => {
    if (records.length >= writes) throw new TransientError("broker_unavailable", "no broker");
    for (const { value, type } of emissions) {
      records.push(callRecord.parse(value));
      events.push(type.replace("breakwater.", ""));
    }
    return [];
  };
  const { signal } = isLost ? { signal: AbortSignal.abort() } : new AbortController();
  const context: StageContext = { publish, worker: "ov-1", clusterId: "c", nowMs: () => nowMs, signal };
  const logger = { warn: (_: object, message: string) => void warnings.push(message) };
  const moderator = openModerator({
    providers: { moderate },
    tariffOf: () => ({ provider: pricedAs }),
    newCallId: () => callId,
    logger,
  });
  const ask = (changes: Partial<ModerationOrder> = {}) => moderator.ask({ ...order, ...changes }, context);
  return { ask, events, records, calls, warnings };
}

const order: ModerationOrder = {
  finish: sampleFinish(sampleSettlement("an answer")),
  moderation: { provider: "openai", model: "omni-moderation-latest" },
  pieces: [{ field: "answer", text: "an answer" }],
};

test("the start is acknowledged, then the request leaves, then the finish is acknowledged", async () => {
  const { ask, events } = open();
  const opinion = await ask();
  assert.deepEqual(events, ["call.started", "request", "call.finished"]);
  assert.deepEqual(opinion, { kind: "given", verdicts: [[]], version: "omni-1", call: { costUsd: "0" } });
});

test("both records are marked, free, settle nothing, and hold no word of the answer", async () => {
  const { ask, records } = open();
  await ask();
  const [started, finished] = records;
  assert.ok(started?.kind === "call.started" && finished?.kind === "call.finished");
  assert.deepEqual(
    [started.purpose, started.call_id, started.attempt, started.call_no, started.worker],
    ["moderation", callId, 1, 2, "ov-1"],
  );
  assert.deepEqual([started.cost_low_usd, started.cost_high_usd], ["0", "0"]);
  assert.deepEqual(
    [finished.purpose, finished.settles, finished.settlement, finished.usage, finished.cost_usd, finished.outcome],
    ["moderation", false, undefined, null, "0", "ok"],
  );
  assert.equal(finished.served_model, "omni-1");
  assert.doesNotMatch(JSON.stringify(records), /an answer/);
});

test("a failure is journaled with its status, and the opinion is missing", async () => {
  const { ask, records } = open({ outcome: failed });
  assert.deepEqual(await ask(), { kind: "missing", code: "overloaded", call: { costUsd: "0" } });
  const finished = records[1];
  assert.ok(finished?.kind === "call.finished");
  assert.deepEqual([finished.outcome, finished.error], ["overloaded", { code: "overloaded", status: 503 }]);
});

describe("its time limit is what is left of the run's time", () => {
  const { deadline_at_ms: deadlineAtMs } = order.finish.settlement.task;
  const limits: readonly (readonly [name: string, nowMs: number, limitMs: number])[] = [
    ["at most ten seconds", deadlineAtMs - 50_000, timeLimitMs.longest],
    ["less when less is left", deadlineAtMs - 4_000, 4_000],
    ["a second for a run that is late", deadlineAtMs + 4_000, timeLimitMs.shortest],
  ];
  for (const [name, nowMs, limitMs] of limits) {
    test(name, async () => {
      const { ask, calls, records } = open({ nowMs });
      await ask();
      assert.deepEqual([calls[0]?.timeoutMs, records[0]?.deadline_at_ms], [limitMs, nowMs + limitMs]);
    });
  }
});

describe("nothing leaves and nothing is written", () => {
  const many = Array.from({ length: mostPieces + 1 }, () => ({ field: "answer", text: "word" }));
  const unasked: readonly (readonly [
    name: string,
    setting: Setting,
    changes: Partial<ModerationOrder>,
    code: string,
  ])[] = [
    ["when nobody is named", {}, { moderation: undefined }, "not_configured"],
    ["for an answer that is too long", {}, { pieces: many }, "answer_too_long"],
    [
      "for a moderation that costs: no budget is reserved here",
      {},
      { moderation: { provider: "openai", model: "gpt-4o" } },
      "price_not_free",
    ],
  ];
  for (const [name, setting, changes, code] of unasked) {
    test(name, async () => {
      const { ask, events } = open(setting);
      assert.deepEqual(await ask(changes), { kind: "missing", code });
      assert.deepEqual(events, []);
    });
  }

  test("on a partition that is another's", async () => {
    const { ask, events } = open({ isLost: true });
    await assert.rejects(ask(), TransientError);
    assert.deepEqual(events, []);
  });
});

test("a start that is not acknowledged sends nothing", async () => {
  const { ask, events } = open({ writes: 0 });
  await assert.rejects(ask(), TransientError);
  assert.deepEqual(events, []);
});

test("one that no table prices is of unknown cost", async () => {
  const { ask, records } = open({ pricedAs: "elsewhere" });
  await ask();
  assert.deepEqual([records[0]?.cost_low_usd, records[0]?.cost_high_usd], [null, null]);
});

test("after five failures in a row it is left alone, and the operator is told once", async () => {
  const { ask, calls, warnings } = open({ outcome: failed });
  for (let nth = 1; nth <= 5; nth += 1) assert.equal((await ask()).call?.costUsd, "0");
  assert.deepEqual(await ask(), { kind: "missing", code: "breaker_open" });
  assert.deepEqual([calls.length, warnings.length], [5, 1]);
});

test("one moderation's outage is not another's", async () => {
  const { ask, calls } = open({ outcome: failed });
  for (let nth = 1; nth <= 6; nth += 1) await ask();
  await ask({ moderation: { provider: "openai", model: "omni-moderation-2024-09-26" } });
  assert.equal(calls.length, 6);
});
