import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { knobsWith } from "../../test/support/sample-definition.ts";
import { silentModerator } from "../../test/support/moderators.ts";
import { TestCommands } from "../../test/support/commands.ts";
import { answerPointer } from "../../schemas/records/answer-pointer.ts";
import { attemptTask, type AttemptTask } from "../../schemas/records/attempt-task.ts";
import { auditCall } from "../../schemas/audit/call.ts";
import { auditDecision } from "../../schemas/audit/decision.ts";
import { reviewHeld } from "../../schemas/records/review.ts";
import { runResult } from "../../schemas/records/run-result.ts";
import {
  journalRecord,
  sampleDefinition,
  sampleFinish,
  sampleMs,
  sampleRunId,
  sampleSettlement,
} from "../../test/contract/sample-records.ts";
import { PoisonRecordError } from "../runtime/errors.ts";
import type { ConsumedRecord, Emission, Outcome, Publish, StageContext } from "../runtime/stage.ts";
import { Reviews } from "./reviews/reviews.ts";
import { openFirstSettlements } from "./settlements/first-settlements.ts";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { Opinion } from "./guards/judge-moderation.ts";
import type { ModerationOrder, Moderator } from "./moderation/moderator.ts";
import { outputValidate } from "./stage.ts";

const emptyLog = { offsets: async () => new Map(), offsetAt: async () => 0n, read: async () => undefined };
const context: StageContext = {
  publish: async () => [],
  worker: "output-validate-1",
  clusterId: "cluster",
  nowMs: () => sampleMs + 2000,
  signal: new AbortController().signal,
};

interface Published {
  readonly known?: boolean;
  readonly knownAfterCatchUp?: boolean;
  readonly definition?: HarnessDefinition;
  readonly moderator?: Moderator;
}

/** A stage whose emissions are shown without the calls that it tells the audit of: a test of their own is about these. */
function stageWith(published: Published = {}) {
  const stage = fullStageWith(published);
  const process: typeof stage.process = async (record, given) => {
    const outcome = await stage.process(record, given);
    return { ...outcome, emissions: outcome.emissions.filter(({ type }) => type !== "breakwater.call") };
  };
  return { ...stage, process };
}

function fullStageWith(published: Published = {}) {
  const {
    known = true,
    knownAfterCatchUp = known,
    definition = sampleDefinition,
    moderator = silentModerator,
  } = published;
  let caughtUp = false;
  return outputValidate({
    commands: new TestCommands(),
    definitions: {
      get: () => ((caughtUp ? knownAfterCatchUp : known) ? definition : undefined),
      catchUp: async () => {
        caughtUp = true;
      },
    },
    settlements: openFirstSettlements(emptyLog, 1000),
    reviews: noReviews(),
    opener: null,
    moderator,
  });
}

const noDefinitions = { get: () => undefined, catchUp: async () => undefined };

function noReviews(): Reviews {
  const reader = { ...emptyLog, recordAt: async () => null };
  return new Reviews({ reader, commands: new TestCommands(), definitions: noDefinitions, nowMs: () => sampleMs });
}

const settled = (answer: string | null, attempt = 1): unknown => sampleFinish(sampleSettlement(answer, { attempt }));
const process = (value: unknown, published?: Published): Promise<Outcome> =>
  stageWith(published).process(journalRecord(value), context);
const summary = ({ emissions, deadLetter }: Outcome): string =>
  [...emissions.map(({ topic, id }) => `${topic} ${id.replace(sampleRunId, "run")}`), deadLetter?.code ?? ""].join(
    "; ",
  );

test("a good answer becomes the result and an audited decision", async () => {
  const outcome = await process(settled('{"count": 3}'));
  assert.equal(
    summary(outcome),
    "harness-results run/1/output-validate/result; harness-audit run/1/output-validate/decision; ",
  );
  const [result, audit] = outcome.emissions;
  const { status, output, answered_by, attempts, reasons, correlation_id } = runResult.parse(result?.value);
  assert.deepEqual(
    { status, output, answered_by, attempts, reasons, correlation_id },
    {
      status: "ok",
      output: { plain: { count: 3 } },
      answered_by: { provider: "openai", model: "gpt-4o-2024-08-06" },
      attempts: 1,
      reasons: [],
      correlation_id: "c-1",
    },
  );
  assert.equal(auditDecision.parse(audit?.value).decision, "passed");
  assert.doesNotMatch(JSON.stringify(audit?.value), /"count"/);
});

test("the audit says how the prompt of a judged answer was cut, and nothing of one that was sent whole", async () => {
  const finish = sampleFinish(sampleSettlement('{"count": 3}'));
  const strategyOf = async (value: unknown): Promise<string | undefined> =>
    auditDecision.parse((await process(value)).emissions[1]?.value).cut_strategy;
  const cut = { strategy: "tail", tokens: 900, saved_usd: null };
  assert.equal(await strategyOf({ ...finish, cut }), "tail");
  assert.equal(await strategyOf(finish), undefined);
});

describe("an answer that may be given again", () => {
  const key = "0123456789abcdef0123456789abcdef";
  const keeping = (answer: string | null): unknown => sampleFinish(sampleSettlement(answer, { answer_key: key }));

  /** What the stage writes itself, and what it leaves to the shell. */
  async function written(value: unknown) {
    const own: Emission[] = [];
    const publish: Publish = async (emissions) => {
      own.push(...emissions);
      return emissions.map(({ topic }) => ({ topic, partition: 3, offset: 41n }));
    };
    const { emissions } = await stageWith().process(journalRecord(value), { ...context, publish });
    return { own: own.map(({ topic }) => topic), emissions, result: runResult.safeParse(own[0]?.value).data };
  }

  test("is written first, with its key; then where it stands", async () => {
    const { own, emissions, result } = await written(keeping('{"count": 3}'));
    assert.deepEqual(own, ["harness-results"]);
    assert.equal(result?.answer_key, key);
    assert.deepEqual(
      emissions.map(({ topic }) => topic),
      ["harness-answers", "harness-audit"],
    );
    assert.equal(emissions[0]?.key, key);
    assert.deepEqual(answerPointer.parse(emissions[0].value), {
      kind: "answer",
      answer_key: key,
      run_id: sampleRunId,
      partition: 3,
      offset: "41",
      finished_at_ms: result.finished_at_ms,
    });
    assert.doesNotMatch(JSON.stringify(emissions.map(({ value }) => value)), /"count"/);
  });

  test("is only a good one", async () => {
    for (const answer of [null, '{"count": "3"}']) {
      const { own, emissions } = await written(keeping(answer));
      assert.deepEqual(own, []);
      assert.doesNotMatch(JSON.stringify(emissions.map(({ topic }) => topic)), /harness-answers/);
    }
  });
});

describe("an answer that calls tools", () => {
  const options = { tools: [{ name: "count", parameters: { type: "object", required: ["what"] } }] };
  const calling = (text: string, task: Partial<AttemptTask> = {}): unknown =>
    sampleFinish({
      ...sampleSettlement("", { options, ...task }),
      tool_calls: { plain: [{ id: "call_1", name: "count", arguments: text }] },
    });

  test("goes out with its calls as objects; the audit holds neither arguments nor words", async () => {
    const [result, audit] = (await process(calling('{"what": "sheep"}'))).emissions;
    const { status, output, tool_calls } = runResult.parse(result?.value);
    const plain = [{ id: "call_1", name: "count", arguments: { what: "sheep" } }];
    assert.deepEqual([status, output, tool_calls], ["ok", { plain: "" }, { plain }]);
    assert.doesNotMatch(JSON.stringify(audit?.value), /sheep/);
  });

  test("is asked for again when a call is wrong, and dead-lettered at last, without a word of it", async () => {
    const again = await process(calling('{"SECRET": 1}'));
    assert.equal(attemptTask.parse(again.emissions[0]?.value).attempt, 2);
    const over = await process(calling('{"SECRET": 1}', { attempt: 3 }));
    assert.equal(over.deadLetter?.message, "contract_broken /tool_calls/0/arguments/what required");
    const { status, tool_calls } = runResult.parse(over.emissions[0]?.value);
    assert.deepEqual([status, tool_calls], ["failed_validation", undefined]);
  });

  test("is not given again later: what its tools did is over by then", async () => {
    const { emissions } = await process(
      calling('{"what": "sheep"}', { answer_key: "0123456789abcdef0123456789abcdef" }),
    );
    assert.deepEqual(
      emissions.map(({ topic }) => topic),
      ["harness-results", "harness-audit"],
    );
    assert.equal(runResult.parse(emissions[0]?.value).answer_key, undefined);
  });

  test("is held with its calls where a person decides", async () => {
    const review = { when: "always", timeoutMs: 60_000, onTimeout: "reject" } as const;
    const { emissions } = await process(calling('{"what": "sheep"}'), { definition: { ...sampleDefinition, review } });
    const { tool_calls, contract } = reviewHeld.parse(emissions[0]?.value);
    assert.deepEqual(tool_calls, { plain: [{ id: "call_1", name: "count", arguments: { what: "sheep" } }] });
    assert.deepEqual([contract.format, contract.schema], ["text", undefined]);
  });
});

test("a repair is in the audit", async () => {
  const audit = (await process(settled("{'count': 3}"))).emissions[1];
  const { decision, guards } = auditDecision.parse(audit?.value);
  assert.equal(decision, "repaired");
  assert.deepEqual(guards[0], { guard: "output_format", verdict: "repaired", findings: [], detail: "mended" });
});

test("a rejected answer becomes the next attempt", async () => {
  const outcome = await process(settled('{"count": "3"}'));
  assert.equal(
    summary(outcome),
    "harness-retries run/2/output-validate/attempt; harness-audit run/1/output-validate/decision; ",
  );
  assert.equal(attemptTask.parse(outcome.emissions[0]?.value).attempt, 2);
});

test("the last rejected answer ends the run and goes to the operator, who reads no content", async () => {
  const outcome = await process(settled('{"count": "SECRET"}', 3));
  assert.equal(
    summary(outcome),
    "harness-results run/3/output-validate/result; harness-audit run/3/output-validate/decision; attempts_exhausted",
  );
  assert.deepEqual(outcome.deadLetter, {
    code: "attempts_exhausted",
    disposition: "exhausted",
    message: "contract_broken /count type",
  });
  const result = runResult.parse(outcome.emissions[0]?.value);
  assert.equal(result.status, "failed_validation");
  assert.equal(result.output, undefined);
});

test("a run that fails tells what was wrong with each of its answers", async () => {
  let outcome = await process(settled('{"count": NaN}'));
  for (const answer of ['{"count": "SECRET"}', '{"count": 1, "count": 2}']) {
    const task = attemptTask.parse(outcome.emissions[0]?.value);
    outcome = await process(sampleFinish(sampleSettlement(answer, task)));
  }
  assert.equal(
    outcome.deadLetter?.message,
    "attempt 1: json_no_value; attempt 2: contract_broken /count type; attempt 3: json_duplicate_key",
  );
  const { reasons } = runResult.parse(outcome.emissions[0]?.value);
  assert.deepEqual(
    reasons.map(({ attempt }) => attempt),
    [1, 2, 3],
  );
  assert.doesNotMatch(JSON.stringify(outcome), /SECRET/);
});

test("without an answer the run ends with the declared one", async () => {
  const result = runResult.parse((await process(settled(null))).emissions[0]?.value);
  assert.deepEqual(
    [result.status, result.output, result.answered_by],
    ["degraded", { plain: { count: 0 } }, undefined],
  );
});

test("a definition that is new to this process is read before it is missed", async () => {
  const found = await process(settled('{"count": 3}'), { known: false, knownAfterCatchUp: true });
  assert.equal(found.deadLetter, undefined);
  const gone = await process(settled('{"count": 3}'), { known: false });
  assert.equal(gone.deadLetter?.code, "definition_missing");
  assert.equal(runResult.parse(gone.emissions[0]?.value).status, "degraded");
});

test("a started call and a finish that settles nothing are done without a word", async () => {
  const { settlement: _, ...failed } = sampleFinish(sampleSettlement(null), { settles: false, outcome: "timeout" });
  assert.deepEqual(await process(failed), { emissions: [] });
  const started = journalRecord("not read at all", { headers: { ce_type: "breakwater.call.started" } });
  assert.deepEqual(await stageWith().process(started, context), { emissions: [] });
});

test("a second finish of the same attempt is done without a word, whatever its answer", async () => {
  const stage = stageWith();
  const first = await stage.process(journalRecord(settled('{"count": "3"}')), context);
  const second = await stage.process(journalRecord(settled('{"count": 3}'), { offset: 11n }), context);
  assert.equal(first.emissions.length, 2);
  assert.deepEqual(second, { emissions: [] });
});

test("every call that is over is told to the audit, settled, repeated or failed, and none that began", async () => {
  const stage = fullStageWith();
  const called = async (value: unknown, offset: bigint) => {
    const { emissions } = await stage.process(journalRecord(value, { offset }), context);
    return emissions.filter(({ type }) => type === "breakwater.call").map(({ value: told }) => auditCall.parse(told));
  };
  const [first] = await called(settled('{"count": "3"}'), 1n);
  assert.deepEqual([first?.run_id, first?.outcome, first?.input_hmac], [sampleRunId, "ok", undefined]);
  assert.deepEqual(await called(settled('{"count": 3}'), 2n), [first]);
  const failed = { ...sampleFinish(sampleSettlement(null)), settles: false, settlement: undefined, outcome: "timeout" };
  assert.deepEqual(
    (await called(failed, 3n)).map(({ outcome }) => outcome),
    ["timeout"],
  );
  assert.deepEqual(await called({ ...failed, kind: "call.started" }, 4n), []);
});

test("a repeat of the same record writes the same records again", async () => {
  const stage = stageWith();
  const record = journalRecord(settled('{"count": "3"}'));
  const first = await stage.process(record, context);
  const later = { ...context, nowMs: () => sampleMs + 999_999 };
  assert.deepEqual(summary(await stage.process(record, later)), summary(first));
});

describe("an answer that a moderation is asked about", () => {
  const always = knobsWith({ content: { moderation: "always", violence: "retry", moderationFailMode: "closed" } });
  const help = { count: 112 };
  const definition = { ...sampleDefinition, knobs: always, helpAnswer: help };
  const flagged = (category: "self_harm" | "violence"): Opinion => {
    const verdicts = [[{ category, flagged: true, score: 0.98 }]];
    return { kind: "given", verdicts, version: "omni-1", call: { costUsd: "0" } };
  };

  async function heard(opinion: Opinion, answer = '{"count": 3, "note": "said"}') {
    const asked: ModerationOrder[] = [];
    const moderator: Moderator = {
      ask: async (order) => {
        asked.push(order);
        return opinion;
      },
    };
    const outcome = await stageWith({ definition, moderator }).process(journalRecord(settled(answer)), context);
    return { asked, outcome, audit: auditDecision.parse(outcome.emissions[1]?.value) };
  }

  test("goes out when nothing is flagged; the call is among what the run has spent", async () => {
    const { asked, outcome, audit } = await heard({
      ...flagged("violence"),
      kind: "given",
      verdicts: [[]],
      version: "omni-1",
    });
    const { status, spent, reasons } = runResult.parse(outcome.emissions[0]?.value);
    assert.deepEqual([status, spent.calls, spent.cost_usd, spent.unpriced_calls, reasons], ["ok", 2, "0.0001", 0, []]);
    assert.deepEqual(
      asked.map(({ pieces }) => pieces),
      [[{ field: "answer/note", text: "said" }]],
    );
    assert.equal(audit.guards.at(-1)?.verdict, "passed");
  });

  test("is replaced by the help text when self-harm is flagged", async () => {
    const { outcome, audit } = await heard(flagged("self_harm"));
    const { status, output, reasons } = runResult.parse(outcome.emissions[0]?.value);
    assert.deepEqual([status, output, reasons[0]?.code], ["degraded", { plain: help }, "moderation.self_harm"]);
    assert.equal(audit.guards.at(-1)?.verdict, "blocked");
  });

  test("is asked for again where the policy says so, the call counted", async () => {
    const task = attemptTask.parse((await heard(flagged("violence"))).outcome.emissions[0]?.value);
    assert.deepEqual([task.attempt, task.spent.calls], [2, 2]);
  });

  test("is replaced by the declared answer when nothing is heard and the policy is closed", async () => {
    const { outcome, audit } = await heard({ kind: "missing", code: "timeout", call: { costUsd: "0" } });
    const { status, output } = runResult.parse(outcome.emissions[0]?.value);
    assert.deepEqual([status, output], ["degraded", { plain: { count: 0 } }]);
    assert.deepEqual([audit.guards.at(-1)?.verdict, audit.guards.at(-1)?.detail], ["not_run", "timeout"]);
  });

  test("is not asked about when it is turned away anyway", async () => {
    const { asked, outcome } = await heard(flagged("violence"), '{"count": "3"}');
    assert.deepEqual(asked, []);
    assert.equal(outcome.emissions[0]?.topic, "harness-retries");
  });
});

const poison: readonly (readonly [string, Partial<ConsumedRecord>])[] = [
  ["no value", { value: null }],
  ["no JSON", { value: Buffer.from("{") }],
  ["no journal record", { value: Buffer.from('{"kind": "call.finished"}') }],
  [
    "a settling finish without its settlement",
    { value: Buffer.from(JSON.stringify({ ...sampleFinish(sampleSettlement("x")), settlement: undefined })) },
  ],
];

for (const [name, changes] of poison) {
  test(`poison: ${name}`, async () => {
    await assert.rejects(
      stageWith().process(journalRecord(null, changes), context),
      (error) => error instanceof PoisonRecordError && error.code === "internal_record_invalid",
    );
  });
}
