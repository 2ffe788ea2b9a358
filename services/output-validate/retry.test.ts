import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Message } from "../../schemas/parts/content.ts";
import { maxRequestBytes } from "../../schemas/records/run-request.ts";
import { sampleDefinition, sampleTask } from "../../test/contract/sample-records.ts";
import { estimateTokens } from "../guards/tokens/estimate.ts";
import { maxQuotedChars, nextAttempt, reasonsOfRun, type Rejection } from "./retry.ts";

const messages: Message[] = [
  { role: "system", content: "Count." },
  { role: "user", content: "Count the sheep." },
];
const reasons = [
  { code: "contract_broken", message: "must be integer", path: "/count", rule: "type" },
  { code: "json_cut_off", message: "the JSON ends before it is complete" },
];

function rejection(changes: Partial<Rejection> = {}): Rejection {
  return {
    task: sampleTask(),
    messages,
    answer: '{"count": "three"}',
    toolCalls: [],
    reasons,
    settledTier: 0,
    spent: sampleTask().spent,
    definition: sampleDefinition,
    ...changes,
  };
}

function conversationOf(changes: Partial<Rejection> = {}): Message[] {
  const { messages: content } = nextAttempt(rejection(changes));
  assert.ok("plain" in content);
  return content.plain;
}

test("the model sees its answer, each error with path and rule, and what is wanted", () => {
  assert.deepEqual(conversationOf().slice(2), [
    { role: "assistant", content: '{"count": "three"}' },
    {
      role: "user",
      content: [
        "Your last answer was rejected:",
        "- /count: must be integer (type)",
        "- the JSON ends before it is complete",
        "Answer again with one corrected JSON value alone: no explanation, no code fence.",
      ].join("\n"),
    },
  ]);
});

test("a blank answer is not quoted: providers refuse an empty message", () => {
  assert.deepEqual(
    conversationOf({ answer: " \n" }).map(({ role }) => role),
    ["system", "user", "user"],
  );
});

test("a long answer is cut, and the cut is shown", () => {
  const quoted = conversationOf({ answer: "x".repeat(100_000) })[2];
  assert.equal(quoted?.content.length, maxQuotedChars);
  assert.match(quoted?.content ?? "", /x\n\[\.\.\. cut \.\.\.\]$/);
});

test("a cut never parts a surrogate pair", () => {
  for (const lead of ["", "x"]) {
    const quoted = conversationOf({ answer: lead + "😀".repeat(maxQuotedChars) })[2];
    assert.ok(quoted?.content.isWellFormed());
  }
});

test("the answer is left out when the next model's window has no room for it", () => {
  const [first, second] = sampleDefinition.models;
  assert.ok(first !== undefined && second !== undefined);
  const narrow = { ...sampleDefinition, models: [first, { ...second, contextWindowTokens: 180 }] };
  assert.equal(conversationOf({ definition: narrow, answer: "y".repeat(5000) }).length, 3);
});

test("the estimate counts every message of the new conversation", () => {
  const task = nextAttempt(rejection({ answer: "word ".repeat(500) }));
  assert.ok(task.input_tokens_estimate > 500);
  assert.ok(task.input_tokens_estimate > nextAttempt(rejection()).input_tokens_estimate);
});

test("what was cut for a tier stays cut, and what is added is counted for each tier", () => {
  const cuts = [{ message: 1, start: 5, end: 9 }];
  const fits = [
    { tier: 0, input_tokens: 20, cuts: [] },
    { tier: 1, input_tokens: 15, cuts },
  ];
  const retried = nextAttempt(rejection({ task: sampleTask({ fits }) }));
  const [first, second] = retried.fits ?? [];
  assert.deepEqual([first?.cuts, second?.cuts], [[], cuts]);
  assert.ok((first?.input_tokens ?? 0) > 40 && (second?.input_tokens ?? 0) > 35);
});

test("identity, deadline, body hash and origin of the run go on unchanged", () => {
  const { rejections: _r, ...next } = nextAttempt(rejection());
  const { attempt: _a, first_tier: _t, messages: _m, input_tokens_estimate: _e, ...kept } = next;
  const { attempt: _b, first_tier: _u, messages: _n, input_tokens_estimate: _f, ...before } = sampleTask();
  assert.deepEqual(kept, before);
});

test("why answers were rejected goes along, attempt by attempt, and comes back with the last one's", () => {
  const second = nextAttempt(rejection());
  const third = nextAttempt(rejection({ task: second, reasons: reasons.slice(1) }));
  const all = reasonsOfRun(third, reasons.slice(0, 1));
  assert.deepEqual(
    all.map(({ attempt, code }) => `${attempt} ${code}`),
    ["1 contract_broken", "1 json_cut_off", "2 json_cut_off", "3 contract_broken"],
  );
  assert.deepEqual(reasonsOfRun(sampleTask(), reasons), reasons);
});

test("law: what is quoted fits the window and the record, whatever the answer is made of", () => {
  const unit = fc.constantFrom("a", "é", "漢", "😀", "\n", "7", "{", " ");
  const windowed = (tokens: number) => ({
    ...sampleDefinition,
    models: sampleDefinition.models.map((model) => ({ ...model, contextWindowTokens: tokens })),
  });
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 30 }), fc.integer({ min: 400, max: 4000 }), (units, window) => {
      const answer = units.join("").repeat(300);
      const conversation = conversationOf({ answer, definition: windowed(window) });
      const tokens = conversation.reduce((sum, { content }) => sum + estimateTokens(content) + 4, 0);
      assert.ok(tokens + sampleDefinition.output.maxTokens <= window);
    }),
  );
  const full: Message[] = [{ role: "user", content: "x".repeat(maxRequestBytes - 1000) }];
  const conversation = conversationOf({ messages: full, answer: "漢".repeat(20_000) });
  const bytes = conversation.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  assert.ok(bytes <= maxRequestBytes);
});

const tools = [{ name: "book_room" }];
const called = [{ id: "1", name: "book_room", arguments: '{"nights": "two"}' }];

test("tools that were called wrongly are told as words: no call stands there without its result", () => {
  const task = sampleTask({ options: { tools } });
  const [quoted, feedback] = conversationOf({ task, answer: "I will book.", toolCalls: called }).slice(2);
  assert.deepEqual(quoted, {
    role: "assistant",
    content: 'I will book.\n\nTool call book_room: {"nights": "two"}',
  });
  assert.match(feedback?.content ?? "", /corrected tool calls, made as tool calls and not written as text\.$/);
});

test("what is asked for again is what may be answered", () => {
  const text = { ...sampleDefinition, output: { format: "text" as const, maxTokens: 100 } };
  const wanted = (options: NonNullable<Rejection["task"]["options"]>, toolCalls: Rejection["toolCalls"]) =>
    conversationOf({ task: sampleTask({ options }), toolCalls, definition: text }).at(-1)?.content ?? "";
  assert.match(wanted({ tools, tool_choice: "required" }, []), /tool calls/);
  assert.match(wanted({ tools }, []), /corrected and complete/);
  assert.match(wanted({ tools, tool_choice: "none" }, called), /corrected and complete/);
  assert.match(wanted({}, called), /corrected and complete/);
});
