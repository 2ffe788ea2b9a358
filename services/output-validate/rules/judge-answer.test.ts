import assert from "node:assert/strict";
import { test } from "node:test";
import { knobsWith } from "../../../test/support/sample-definition.ts";
import { maxAnswerBytes } from "../../guards/output/answer-size.ts";
import { hearOpinion, judgeAnswer } from "./judge-answer.ts";

const knobs = knobsWith({});
const schema = {
  type: "object",
  properties: { total: { type: "number" }, lines: { type: "array", items: { type: "object", required: ["text"] } } },
  required: ["total"],
  additionalProperties: false,
};
const prompt = { system: "", user: "" };
const text = { knobs, prompt, output: { format: "text" as const, maxTokens: 50 } };
const json = { knobs, prompt, output: { format: "json" as const, schema, maxTokens: 50 } };
const strictJson = { ...json, knobs: { ...knobs, output: { repair: false, reask: true, escalate: true } } };

type Case = readonly [
  name: string,
  answer: string,
  rules: typeof text | typeof json,
  expected: string,
  verdicts: string,
  finishReason?: string,
];

const cases: readonly Case[] = [
  [
    "a text is taken as it is, white space kept",
    " A summary.\n",
    text,
    "ok",
    "output_format passed, output_contract off",
  ],
  ["a blank text is rejected", " \n\t", text, "answer_blank", "output_format failed, output_contract not_run"],
  [
    "a text that the token limit cut off is rejected",
    "A sum",
    text,
    "answer_cut_off",
    "output_format passed, output_size failed, output_contract not_run",
    "length",
  ],
  [
    "Anthropic's word for the limit counts too",
    "A sum",
    text,
    "answer_cut_off",
    "output_format passed, output_size failed, output_contract not_run",
    "max_tokens",
  ],
  ["a valid value is accepted", '{"total": 1}', json, "ok", "output_format passed, output_contract passed"],
  [
    "a repaired value is accepted, and the repair is said",
    "{'total': 1}",
    json,
    "ok",
    "output_format repaired, output_contract passed",
  ],
  [
    "the same key twice is rejected, as one of the two would be lost",
    '{"total": 1, "total": 2}',
    json,
    "json_duplicate_key",
    "output_format failed, output_contract not_run",
  ],
  [
    "NaN is no number, and not null in silence",
    '{"total": NaN}',
    json,
    "json_no_value",
    "output_format failed, output_contract not_run",
  ],
  [
    "an object in a string is taken out of it, and that is said",
    JSON.stringify('{"total": 1}'),
    json,
    "ok",
    "output_format repaired, output_contract passed",
  ],
  [
    "an object in a string stays one without the repair knob",
    JSON.stringify('{"total": 1}'),
    strictJson,
    "contract_broken",
    "output_format passed, output_contract failed",
  ],
  [
    "a whole value is accepted although prose behind it was cut off",
    '{"total": 1} I ho',
    json,
    "ok",
    "output_format repaired, output_contract passed",
    "length",
  ],
  [
    "a value that was cut off is rejected and both reasons said",
    '{"total": 1, "li',
    json,
    "answer_cut_off,json_cut_off",
    "output_format failed, output_contract not_run",
    "length",
  ],
  [
    "without the repair knob broken JSON is rejected",
    "{'total': 1}",
    strictJson,
    "json_malformed",
    "output_format failed, output_contract not_run",
  ],
  [
    "a number as a string is not coerced",
    '{"total": "1"}',
    json,
    "contract_broken",
    "output_format passed, output_contract failed",
  ],
  [
    "a repaired value is held to the contract too",
    "{'total': '1'}",
    json,
    "contract_broken",
    "output_format repaired, output_contract failed",
  ],
  [
    "every broken rule is named",
    '{"lines": [{}], "extra": 1}',
    json,
    "contract_broken,contract_broken,contract_broken",
    "output_format passed, output_contract failed",
  ],
  [
    "a scalar breaks a contract that wants an object",
    '"total"',
    json,
    "contract_broken",
    "output_format passed, output_contract failed",
  ],
  [
    "an answer over 1 MiB is rejected unread",
    "é".repeat(maxAnswerBytes / 2 + 1),
    text,
    "answer_too_large",
    "output_size failed, output_contract not_run",
  ],
  [
    "an answer of exactly 1 MiB is accepted",
    "é".repeat(maxAnswerBytes / 2),
    text,
    "ok",
    "output_format passed, output_contract off",
  ],
];

for (const [name, answer, rules, expected, verdicts, finishReason] of cases) {
  test(name, () => {
    const judgement = judgeAnswer({ text: answer, finishReason }, rules, { messages: [], context: [] });
    const codes = judgement.kind === "accepted" ? "ok" : judgement.reasons.map(({ code }) => code).join();
    assert.equal(codes, expected);
    const ofForm = judgement.guards.filter(({ guard }) => guard.startsWith("output_"));
    assert.equal(ofForm.map(({ guard, verdict }) => `${guard} ${verdict}`).join(", "), verdicts);
  });
}

test("a reason names path and rule, and never quotes the answer", () => {
  const judgement = judgeAnswer({ text: '{"total": "SECRET", "lines": [{"SECRET": 1}]}', finishReason: "stop" }, json, {
    messages: [],
    context: [],
  });
  assert.equal(judgement.kind, "rejected");
  assert.ok(judgement.kind === "rejected");
  assert.deepEqual(
    judgement.reasons.map(({ path, rule }) => `${path} ${rule}`),
    ["/total type", "/lines/0/text required"],
  );
  assert.doesNotMatch(JSON.stringify(judgement), /SECRET/);
});

type Actions = NonNullable<Parameters<typeof knobsWith>[0]["content"]>;
const heard: readonly (readonly [name: string, actions: Actions, kind: string, codes: string])[] = [
  ["what is flagged and only noted goes out", { violence: "flag" }, "accepted", ""],
  ["what a person is to decide on is held", { violence: "review" }, "held", "moderation.violence"],
  ["what is asked for again is rejected", { violence: "retry" }, "rejected", "moderation.violence"],
  ["what the policy replaces is replaced", { violence: "fallback" }, "replaced", "moderation.violence"],
  [
    "what a person was to decide on already keeps its reasons",
    { violence: "review", harassment: "review" },
    "held",
    "content.harassment.insult,moderation.violence",
  ],
];
for (const [name, actions, kind, codes] of heard) {
  test(`of an answer that a moderation flags: ${name}`, () => {
    const rules = { ...text, knobs: knobsWith({ content: { ...actions, moderation: "always" } }) };
    const answer = { text: "Listen, you are a worthless idiot and everybody laughs at you.", finishReason: "stop" };
    const judgement = judgeAnswer(answer, rules, { messages: [], context: [] });
    assert.ok("pieces" in judgement);
    const verdicts = [[{ category: "violence" as const, flagged: true, score: 0.9 }]];
    const after = hearOpinion(judgement, { kind: "given", verdicts, version: "omni-1" }, rules);
    assert.equal(after.kind, kind);
    assert.equal("reasons" in after ? after.reasons.map(({ code }) => code).join() : "", codes);
    assert.equal(after.guards.at(-1)?.guard, "moderation");
  });
}

const weather = {
  name: "weather",
  parameters: { type: "object", properties: { to: { type: "string", format: "email" } } },
};
const options = { tools: [weather] };
const call = (text: string) => [{ id: "1", name: "weather", arguments: text }];

type Called = readonly [
  name: string,
  words: string,
  text: string,
  rules: typeof text | typeof json,
  expected: string,
  verdicts: string,
  finishReason?: string,
];
const calls: readonly Called[] = [
  ["beside calls words may be missing", "", "{}", text, "ok", "tool_calls passed, tool_arguments passed"],
  ["beside calls words keep no contract", "Let me see.", "{}", json, "ok", "tool_calls passed, tool_arguments passed"],
  [
    "arguments are held to their schema",
    "",
    '{"to":"x"}',
    json,
    "contract_broken",
    "tool_calls passed, tool_arguments failed",
  ],
  [
    "arguments that cannot be read are asked for again",
    "",
    "[",
    text,
    "json_cut_off",
    "tool_calls failed, output_contract not_run",
  ],
  [
    "an answer that the limit cut off may lack a call",
    "",
    "{}",
    text,
    "answer_cut_off",
    "tool_calls passed, output_size failed, output_contract not_run",
    "length",
  ],
  [
    "calls count against the size of an answer",
    "a".repeat(maxAnswerBytes / 2),
    JSON.stringify({ a: "a".repeat(maxAnswerBytes / 2) }),
    text,
    "answer_too_large",
    "output_size failed, output_contract not_run",
  ],
];
for (const [name, words, text_, rules, expected, verdicts, finishReason = "tool_calls"] of calls) {
  test(name, () => {
    const answer = { text: words, toolCalls: call(text_), finishReason };
    const judgement = judgeAnswer(answer, rules, { messages: [], context: [], options });
    assert.equal(judgement.kind === "accepted" ? "ok" : judgement.reasons.map(({ code }) => code).join(), expected);
    const ofForm = judgement.guards.filter(({ guard }) => /^(?:output|tool)_/.test(guard));
    assert.equal(ofForm.map(({ guard, verdict }) => `${guard} ${verdict}`).join(", "), verdicts);
  });
}

test("words are made safe for where they go; arguments go to code, as they are, their values back in them", () => {
  const page = { ...text, output: { ...text.output, destination: "html" as const } };
  const given = { to: "[EMAIL_1]", body: "<b>1 < 2</b>" };
  const answer = { text: "<i>Writing to [EMAIL_1]</i>", toolCalls: call(JSON.stringify(given)), finishReason: "stop" };
  const pseudonyms = new Map([["[EMAIL_1]", "ann@example.com"]]);
  const judgement = judgeAnswer(answer, page, { messages: [], context: [], options, pseudonyms });
  assert.ok(judgement.kind === "accepted");
  assert.equal(judgement.output, "&lt;i&gt;Writing to ann@example.com&lt;/i&gt;");
  assert.deepEqual(judgement.calls, [{ id: "1", name: "weather", arguments: { ...given, to: "ann@example.com" } }]);
  assert.equal(judgement.restored, 2);
});

test("keys that where the answer goes would be one are asked for again", () => {
  const rules = { ...json, output: { ...json.output, schema: {}, destination: "plain" as const } };
  const answer = { text: JSON.stringify({ a: 1, "a\u202e": 2 }), finishReason: "stop" };
  const judgement = judgeAnswer(answer, rules, { messages: [], context: [] });
  assert.ok(judgement.kind === "rejected");
  assert.deepEqual([judgement.reasons[0]?.code, judgement.guards.at(-1)?.verdict], ["keys_not_distinct", "failed"]);
});
