import assert from "node:assert/strict";
import { test } from "node:test";
import { erasedContent, erasedReason } from "../../schemas/parts/content.ts";
import fc from "fast-check";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import { attemptTask } from "../../schemas/records/attempt-task.ts";
import type { CallFinished } from "../../schemas/records/call.ts";
import {
  sampleDefinition,
  sampleFinish,
  sampleMs,
  sampleRunId,
  sampleSettlement,
  sampleTask,
} from "../../test/contract/sample-records.ts";
import type { Opener } from "../guards/privacy/cryptography.ts";
import { decide } from "./decide.ts";

interface Situation {
  readonly answer: string | null;
  readonly task?: Partial<AttemptTask>;
  readonly finish?: Partial<CallFinished>;
  readonly definition?: Partial<HarnessDefinition>;
  readonly atMs?: number;
  readonly opener?: Opener | null;
}

function decisionOn({ answer, task, finish, definition, atMs = sampleMs + 1200, opener = null }: Situation) {
  return decide(
    sampleFinish(sampleSettlement(answer, task), finish),
    { ...sampleDefinition, ...definition },
    { nowMs: atMs, opener, cancelled: null },
  );
}

const wrong = '{"count": "three"}';
const late = sampleMs + 60_000;

const cases: readonly (readonly [name: string, situation: Situation, kind: string, codes: string])[] = [
  ["an answer that keeps the contract is the output", { answer: '{"count": 3}' }, "accepted", ""],
  ["an answer that can be mended is the output", { answer: "{'count': 3}" }, "accepted", ""],
  [
    "a good answer is accepted although the deadline is past: it is paid",
    { answer: '{"count": 3}', atMs: late },
    "accepted",
    "",
  ],
  ["a broken contract is asked about again", { answer: wrong }, "retry", "contract_broken"],
  [
    "the second attempt may be followed by a third",
    { answer: wrong, task: { attempt: 2 } },
    "retry",
    "contract_broken",
  ],
  ["the third attempt is the last", { answer: wrong, task: { attempt: 3 } }, "failed", "contract_broken"],
  [
    "the harness may allow fewer attempts",
    { answer: wrong, definition: { maxAttempts: 1 } },
    "failed",
    "contract_broken",
  ],
  [
    "no harness has more than three",
    { answer: wrong, task: { attempt: 3 }, definition: { maxAttempts: 9 } },
    "failed",
    "contract_broken",
  ],
  [
    "the harness may forbid to ask again",
    {
      answer: wrong,
      definition: { knobs: { ...sampleDefinition.knobs, output: { repair: true, reask: false, escalate: false } } },
    },
    "failed",
    "contract_broken",
  ],
  [
    "at the deadline nothing is asked again",
    { answer: wrong, atMs: late },
    "expired",
    "deadline_exceeded,contract_broken",
  ],
  [
    "used up attempts are named before the deadline is",
    { answer: wrong, task: { attempt: 3 }, atMs: late },
    "failed",
    "contract_broken",
  ],
  ["without an answer the run degrades", { answer: null, finish: { outcome: "overloaded" } }, "degraded", "overloaded"],
  ["a blank answer is asked about again", { answer: "  " }, "retry", "json_absent"],
];

for (const [name, situation, kind, codes] of cases) {
  test(name, () => {
    const decision = decisionOn(situation);
    assert.equal(decision.kind, kind);
    assert.equal(decision.reasons.map(({ code }) => code).join(), codes);
  });
}

test("a degraded run has the declared answer and the reason of every tier", () => {
  const reasons = [
    { code: "rate_limited", message: "openai/gpt-4o: rate_limited", rule: "tier_0" },
    { code: "timeout", message: "anthropic/claude: timeout", rule: "tier_1" },
  ];
  const settlement = { ...sampleSettlement(null), reasons };
  const decision = decide(sampleFinish(settlement, { outcome: "timeout" }), sampleDefinition, {
    nowMs: sampleMs,
    opener: null,
    cancelled: null,
  });
  assert.deepEqual(decision, { kind: "degraded", output: { count: 0 }, guards: [], reasons });
});

test("sealed content is left to the operator, not guessed at", () => {
  const sealed = { key_id: "k", sealed: "AAAA" };
  const answers = [
    { ...sampleSettlement("x"), answer: sealed },
    { ...sampleSettlement("x"), task: { ...sampleTask(), messages: sealed } },
  ];
  for (const settlement of answers) {
    const decision = decide(sampleFinish(settlement), sampleDefinition, {
      nowMs: sampleMs,
      opener: null,
      cancelled: null,
    });
    assert.equal(decision.kind === "undecidable" ? decision.code : decision.kind, "content_sealed");
  }
});

test("a run whose subject was erased meanwhile ends, without a dead letter", () => {
  for (const settlement of [
    { ...sampleSettlement("x"), answer: erasedContent },
    { ...sampleSettlement("x"), task: { ...sampleTask(), messages: erasedContent, pseudonyms: erasedContent } },
  ]) {
    const bench = { nowMs: sampleMs, opener: null, cancelled: null };
    const decision = decide(sampleFinish(settlement), sampleDefinition, bench);
    assert.deepEqual(decision, { kind: "cancelled", guards: [], reasons: [erasedReason] });
  }
});

const box = { key_id: "k", sealed: "AAAA" };
/** Opens the box of the sample run alone. */
const opener: Opener = {
  open: (runId, { key_id }) =>
    runId === sampleRunId && key_id === "k" ? new Map([["[EMAIL_1]", "ann@example.com"]]) : null,
};
const schema = {
  type: "object",
  properties: { to: { type: "string", format: "email" }, note: { type: "string", maxLength: 12 } },
  required: ["to"],
  additionalProperties: false,
};
const letter = { output: { ...sampleDefinition.output, schema }, fallbackAnswer: { to: "x@example.com" } };
const sealed = { task: { pseudonyms: box }, definition: letter, opener };

test("values come back before the contract is held against the answer, and are counted", () => {
  const decision = decisionOn({ ...sealed, answer: '{"to": "[EMAIL_1]"}' });
  assert.ok(decision.kind === "accepted");
  assert.deepEqual(decision.output, { to: "ann@example.com" });
  assert.equal(decision.restored, 1);
  const order = decision.guards.map(({ guard }) => guard);
  assert.ok(order.indexOf("pii_restore") < order.indexOf("output_contract"));
  assert.equal(decision.guards.find(({ guard }) => guard === "pii_restore")?.detail, "1 value put back");
});

test("an answer that only its values make break the contract is asked about again, with its tokens", () => {
  const decision = decisionOn({ ...sealed, answer: '{"to": "[EMAIL_1]", "note": "[EMAIL_1]"}' });
  assert.ok(decision.kind === "retry");
  assert.deepEqual(
    decision.reasons.map(({ path, rule }) => `${path} ${rule}`),
    ["/note maxLength"],
  );
  assert.doesNotMatch(JSON.stringify(decision), /ann@example/);
  assert.deepEqual(decision.task.pseudonyms, box);
});

const closed: readonly [what: string, situation: Partial<Situation>][] = [
  ["there is no key", { opener: null }],
  ["the key is another", { task: { pseudonyms: { ...box, key_id: "other" } } }],
  ["the box is another run's", { task: { pseudonyms: box, run_id: sampleRunId.replace(/1$/, "2") } }],
];
for (const [what, situation] of closed) {
  test(`when ${what}, an answer with pseudonyms is left to the operator`, () => {
    const decision = decisionOn({ ...sealed, answer: '{"to": "[EMAIL_1]"}', ...situation });
    assert.equal(decision.kind === "undecidable" ? decision.code : decision.kind, "content_sealed");
  });
}

test("without an answer there is nothing to open: the run degrades", () => {
  assert.equal(decisionOn({ ...sealed, answer: null, opener: null }).kind, "degraded");
});

test("a definition that is gone is left to the operator", () => {
  const decision = decide(sampleFinish(sampleSettlement('{"count": 3}')), undefined, {
    nowMs: sampleMs,
    opener: null,
    cancelled: null,
  });
  assert.equal(decision.kind === "undecidable" ? decision.code : decision.kind, "definition_missing");
});

test("a retry carries the spend on and starts one tier further down, within the chain", () => {
  const retry = (tier: number, definition: Partial<HarnessDefinition> = {}) => {
    const decision = decisionOn({ answer: wrong, finish: { tier }, definition });
    assert.ok(decision.kind === "retry");
    return decision.task;
  };
  assert.equal(retry(0).first_tier, 1);
  assert.equal(retry(1).first_tier, 1);
  const knobs = { ...sampleDefinition.knobs, output: { repair: true, reask: true, escalate: false } };
  assert.equal(retry(0, { knobs }).first_tier, 0);
  assert.equal(retry(1, { knobs }).first_tier, 1);
  assert.equal(retry(0).spent.cost_usd, "0.0001");
  assert.equal(retry(0).attempt, 2);
});

test("law: whatever a model answers, there is one decision, the same each time, and a retry is a valid task", () => {
  const answer = fc.oneof(fc.string(), fc.json(), fc.constant(wrong), fc.constant('{"count":1}'));
  fc.assert(
    fc.property(fc.option(answer), fc.integer({ min: 1, max: 3 }), fc.nat(120_000), (given, attempt, afterMs) => {
      const situation = { answer: given, task: { attempt }, atMs: sampleMs + afterMs };
      const decision = decisionOn(situation);
      assert.deepEqual(decisionOn(situation), decision);
      if (decision.kind !== "retry") return;
      assert.deepEqual(attemptTask.parse(decision.task), decision.task);
      assert.equal(decision.task.attempt, attempt + 1);
    }),
  );
});

test("a cancelled run's answer is given to nobody, and not asked for again", () => {
  const cancelled = { code: "cancelled", message: "the run was cancelled" };
  const bench = { nowMs: sampleMs, opener: null, cancelled };
  for (const answer of ["A summary.", "", null]) {
    const decision = decide(sampleFinish(sampleSettlement(answer)), undefined, bench);
    assert.deepEqual(decision, { kind: "cancelled", guards: [], reasons: [cancelled] });
  }
});

const text = { format: "text", maxTokens: 100 } as const;
const guarded: Partial<HarnessDefinition> = {
  output: text,
  knobs: { ...sampleDefinition.knobs, content: { ...sampleDefinition.knobs.content, hate: "fallback" } },
  fallbackAnswer: "Nothing can be said to that.",
  helpAnswer: "You are not alone: call 988.",
};

test("an answer that the policy holds back is replaced by the declared one, with the reasons", () => {
  const decision = decisionOn({ answer: "Kill all Jews.", definition: guarded });
  assert.ok(decision.kind === "degraded");
  assert.equal(decision.output, guarded.fallbackAnswer);
  assert.deepEqual(
    decision.reasons.map(({ code }) => code),
    ["content.hate.extermination"],
  );
});

test("in the place of an answer on self-harm stands the text of help, when there is one", () => {
  const { helpAnswer: _help, ...helpless } = guarded;
  const answers = [guarded, helpless].map((definition) => decisionOn({ answer: "Just kill yourself.", definition }));
  assert.deepEqual(
    answers.map((decision) => decision.kind === "degraded" && decision.output),
    [guarded.helpAnswer, guarded.fallbackAnswer],
  );
});

const called = (text: string, task: Partial<AttemptTask> = {}) => {
  const options = { tools: [{ name: "count", parameters: { type: "object", required: ["what"] } }] };
  const tool_calls = { plain: [{ id: "1", name: "count", arguments: text }] };
  const settlement = { ...sampleSettlement("", { options, ...task }), tool_calls };
  const bench = { nowMs: sampleMs, opener: null, cancelled: null };
  return (definition: Partial<HarnessDefinition> = {}) =>
    decide(sampleFinish(settlement), { ...sampleDefinition, ...definition }, bench);
};

test("an answer that calls tools is the run's answer: the contract is for the last one", () => {
  const decision = called('{"what": "sheep"}')();
  assert.ok(decision.kind === "accepted");
  assert.deepEqual([decision.output, decision.calls], ["", [{ id: "1", name: "count", arguments: { what: "sheep" } }]]);
});

test("wrong arguments are asked for again, and end the run when no attempt is left", () => {
  const decision = called("{}")();
  assert.ok(decision.kind === "retry");
  assert.deepEqual(decision.reasons.map(({ path }) => path).join(), "/tool_calls/0/arguments/what");
  assert.deepEqual(decision.task.options?.tools?.length, 1);
  assert.equal(called("{}", { attempt: 3 })().kind, "failed");
});

test("calls that are sealed are left to the operator", () => {
  const sealedCalls = { ...sampleSettlement(""), tool_calls: box };
  const decision = decide(sampleFinish(sealedCalls), sampleDefinition, {
    nowMs: sampleMs,
    opener: null,
    cancelled: null,
  });
  assert.equal(decision.kind === "undecidable" ? decision.code : decision.kind, "content_sealed");
});

const asked = { options: { output_schema: { type: "object", properties: { year: { type: "integer" } } } } };
const schemas: readonly (readonly [name: string, answer: string, kind: string, output?: unknown])[] = [
  ["is read as JSON and given as a value", '{"year": 1841}', "accepted", { year: 1841 }],
  ["is mended", "{'year': 1841}", "accepted", { year: 1841 }],
  ["is asked for again when it is none", "In 1841.", "retry"],
  ["is asked for again when it breaks the schema", '{"year": "1841"}', "retry"],
];
for (const [name, answer, kind, output] of schemas) {
  test(`where a caller wants a schema of a text harness, the answer ${name}`, () => {
    const decision = decisionOn({ answer, task: asked, definition: { output: text } });
    assert.deepEqual([decision.kind, "output" in decision ? decision.output : undefined], [kind, output]);
    if (decision.kind !== "retry" || !("plain" in decision.task.messages)) return;
    assert.match(decision.task.messages.plain.at(-1)?.content ?? "", /one corrected JSON value/);
  });
}

test("a stop sequence ends an answer, and cuts nothing off", () => {
  const stopped = { definition: { output: text }, task: { options: { stop: ["###"] } }, answer: "A summary" };
  for (const finish_reason of ["stop", "stop_sequence"])
    assert.equal(decisionOn({ ...stopped, finish: { finish_reason } }).kind, "accepted");
});
