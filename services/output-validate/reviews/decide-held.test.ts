import assert from "node:assert/strict";
import { test } from "node:test";
import type { HarnessDefinition, OutputAction } from "../../../schemas/control/harness-definition.ts";
import type { AttemptTask } from "../../../schemas/records/attempt-task.ts";
import type { Settlement } from "../../../schemas/records/call.ts";
import { reviewHeld, type ReviewDecided } from "../../../schemas/records/review.ts";
import { runResult } from "../../../schemas/records/run-result.ts";
import { sampleFinish, sampleMs, sampleRunId, sampleSettlement } from "../../../test/contract/sample-records.ts";
import { knobsWith, sampleHarness } from "../../../test/support/sample-definition.ts";
import { decide } from "../decide.ts";
import { heldOf } from "./held-record.ts";
import { resolve, resultOf } from "./resolve.ts";

const canary = "zanzibar-7714";
const system =
  "You are the clerk of a chandlery in Bristol and never say a word about the price that a rope was bought for.";
const messages = {
  plain: [
    { role: "system" as const, content: system },
    { role: "user" as const, content: "What is it worth?" },
  ],
};
const review = { when: "found", timeoutMs: 60_000, onTimeout: "reject" } as const;
const doubtful = `My mark is ${canary}.`;
const wrong = `${doubtful} ${system}`;

interface Situation {
  readonly answer?: string;
  readonly canaries?: OutputAction;
  readonly systemPrompt?: OutputAction;
  readonly definition?: Partial<HarnessDefinition>;
  readonly task?: Partial<AttemptTask>;
  readonly atMs?: number;
}

function decisionOn({ answer = doubtful, canaries = "review", systemPrompt = "off", ...more }: Situation) {
  const { definition = {}, task = {}, atMs = sampleMs + 1200 } = more;
  const knobs = knobsWith({ leaks: { canaries, systemPrompt }, content: allOff });
  const harness = sampleHarness({ knobs, prompt: { system, user: "", canaries: [canary] }, review, ...definition });
  const finish = sampleFinish(sampleSettlement(answer, { messages, ...task }));
  return decide(finish, harness, { nowMs: atMs, opener: null, cancelled: null });
}

const allOff = { hate: "off", harassment: "off", self_harm: "off", sexual: "off", violence: "off" } as const;
const both = { answer: wrong, systemPrompt: "retry" } as const;
const always = { review: { ...review, when: "always" } } as const;

const cases: readonly (readonly [name: string, situation: Situation, kind: string, codes: string])[] = [
  ["a good answer is not held", { answer: "Ten pounds." }, "accepted", ""],
  ["what a guard wants reviewed is held", {}, "held", "leak.canary"],
  ["what is only flagged is not", { canaries: "flag", definition: {} }, "accepted", ""],
  [
    "every answer is held where the harness says so",
    { answer: "Ten pounds.", definition: always },
    "held",
    "review_always",
  ],
  ["it is asked again before anybody is asked to decide", both, "retry", "leak.system_prompt"],
  [
    "held instead of failing when no attempt is left",
    { ...both, task: { attempt: 3 } },
    "held",
    "leak.canary leak.system_prompt",
  ],
  [
    "held instead of expiring when no time is left",
    { ...both, atMs: sampleMs + 60_000 },
    "held",
    "leak.canary leak.system_prompt",
  ],
  [
    "what nobody wants reviewed still fails",
    { ...both, canaries: "flag", task: { attempt: 3 } },
    "failed",
    "leak.system_prompt",
  ],
  [
    "the declared answer is given before anybody is asked",
    { ...both, systemPrompt: "fallback" },
    "degraded",
    "leak.system_prompt",
  ],
  [
    "an answer that breaks its contract is not held: nobody could release it",
    { answer: doubtful, task: { attempt: 3 }, definition: { output: { format: "json", schema: {}, maxTokens: 9 } } },
    "failed",
    "json_absent",
  ],
];
for (const [name, situation, kind, codes] of cases) {
  test(name, () => {
    const decision = decisionOn(situation);
    assert.deepEqual([decision.kind, decision.reasons.map(({ code }) => code).join(" ")], [kind, codes]);
  });
}

test("what is held has its claims with it", () => {
  const decision = decisionOn({});
  assert.ok(decision.kind === "held");
  assert.deepEqual(
    [decision.output, decision.excerpts],
    [doubtful, [{ rule: "leak.canary", field: "answer", claim: canary }]],
  );
});

const call = { id: "1", name: "price", arguments: { mark: canary } };
const calling: Settlement = {
  ...sampleSettlement("", { messages, options: { tools: [{ name: "price", parameters: {} }] } }),
  tool_calls: { plain: [{ ...call, arguments: JSON.stringify(call.arguments) }] },
};

function heldCall() {
  const knobs = knobsWith({ leaks: { canaries: "review" }, content: allOff });
  const harness = sampleHarness({ knobs, prompt: { system, user: "", canaries: [canary] }, review });
  const finish = sampleFinish(calling);
  const decision = decide(finish, harness, { nowMs: sampleMs, opener: null, cancelled: null });
  assert.ok(decision.kind === "held");
  return { decision, held: reviewHeld.parse(heldOf(finish, decision, sampleMs).value) };
}

test("what is found in the arguments of a call is held, with the place and the claim", () => {
  const { decision } = heldCall();
  assert.deepEqual([decision.reasons[0]?.path, decision.calls], ["/tool_calls/0/arguments/mark", [call]]);
  assert.deepEqual(decision.excerpts, [{ rule: "leak.canary", field: "tool_calls/0/arguments/mark", claim: canary }]);
});

const decided: ReviewDecided = {
  kind: "review.decided",
  run_id: sampleRunId,
  decision_id: "d",
  decision: "approve",
  decided_at_ms: sampleMs,
};
const endings: readonly (readonly [name: string, decision: Partial<ReviewDecided>, output: unknown, calls: unknown])[] =
  [
    ["approved, the calls are given as they were held", {}, { plain: "" }, { plain: [call] }],
    [
      "an edit changes the words alone",
      { decision: "edit", output: { plain: "Let me see." } },
      { plain: "Let me see." },
      { plain: [call] },
    ],
    ["rejected, nothing is given", { decision: "reject" }, undefined, undefined],
    ["timed out as the harness wants it, nothing is given", { decision: "timed_out" }, undefined, undefined],
  ];
for (const [name, change, output, calls] of endings) {
  test(`of a held answer that calls tools: ${name}`, () => {
    const { held } = heldCall();
    const decision = { ...decided, ...change };
    const result = runResult.parse(resultOf(held, decision, resolve(held, decision, null), sampleMs).value);
    assert.deepEqual([result.output, result.tool_calls], [output, calls]);
  });
}
