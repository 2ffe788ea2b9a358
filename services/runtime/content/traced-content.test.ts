/** What of prompts and answers stands in traces, and for whom never. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../schemas/parts/content.ts";
import { tracedChars, tracedInput, tracedOutput } from "./traced-content.ts";

const both = { traces: { inputMessages: true, outputMessages: true } };
const run = { attempt: 1 };
const messages: readonly Message[] = [
  { role: "system", content: "Mark 7f3a-9c21." },
  { role: "user", content: "Mail [EMAIL] about it." },
  { role: "assistant", content: "", tool_calls: [{ id: "c1", name: "mail", arguments: { to: "x" } }] },
  { role: "tool", content: "sent", tool_call_id: "c1" },
];
const answer = {
  output: "It is sent.",
  guards: [{ verdict: "passed" }, { verdict: "sanitised" }],
  restored: 0,
} as const;

const parsed = (attributes: object): unknown => JSON.parse(String(Object.values(attributes)[0]));

test("without the author's word nothing is there", () => {
  const off = { traces: { inputMessages: false, outputMessages: false } };
  for (const wish of [undefined, {}, off]) {
    assert.deepEqual(tracedInput(wish, run, messages), {});
    assert.deepEqual(tracedOutput(wish, run, answer), {});
  }
});

test("a prompt is there as it is sent, without instructions and without what tools are called with", () => {
  const attributes = tracedInput(both, run, messages);
  assert.deepEqual(Object.keys(attributes), ["gen_ai.input.messages"]);
  assert.deepEqual(parsed(attributes), [
    { role: "user", parts: [{ type: "text", content: "Mail [EMAIL] about it." }] },
    { role: "assistant", parts: [{ type: "text", content: "" }] },
    { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "sent" }] },
  ]);
});

test("an answer is there as it is given, structured ones as JSON", () => {
  const attributes = tracedOutput(both, run, answer);
  assert.deepEqual(Object.keys(attributes), ["gen_ai.output.messages"]);
  assert.deepEqual(parsed(attributes), [{ role: "assistant", parts: [{ type: "text", content: "It is sent." }] }]);
  const structured = tracedOutput(both, run, { ...answer, output: { n: 1 } });
  assert.deepEqual(parsed(structured), [{ role: "assistant", parts: [{ type: "text", content: '{"n":1}' }] }]);
});

for (const [what, changes] of [
  ["of a data subject", { subject_id: "ann" }],
  ["that ends by itself", { content_until_ms: 5000 }],
] as const)
  test(`a run ${what} leaves neither`, () => {
    assert.deepEqual(tracedInput(both, { ...run, ...changes }, messages), {});
    assert.deepEqual(tracedOutput(both, { ...run, ...changes }, answer), {});
  });

test("a later attempt's prompt quotes a rejected answer: it is not there, its own answer is", () => {
  assert.deepEqual(tracedInput(both, { attempt: 2 }, messages), {});
  assert.notDeepEqual(tracedOutput(both, { attempt: 2 }, answer), {});
});

for (const verdict of ["flagged", "redacted", "blocked", "failed", "not_run", "truncated"] as const)
  test(`an answer of which a guard says ${verdict} is not there`, () => {
    assert.deepEqual(tracedOutput(both, run, { ...answer, guards: [...answer.guards, { verdict }] }), {});
  });

test("an answer that is not given, or that has the values of pseudonyms back, is not there", () => {
  assert.deepEqual(tracedOutput(both, run, null), {});
  assert.deepEqual(tracedOutput(both, run, { ...answer, restored: 1 }), {});
});

test("text is cut at so many characters in all, and the attribute stays JSON", () => {
  const long: readonly Message[] = [
    { role: "user", content: "a".repeat(tracedChars - 1) },
    { role: "assistant", content: "\u{1F600}bc" },
    { role: "user", content: "never" },
  ];
  const text = JSON.stringify(parsed(tracedInput(both, run, long)));
  assert.match(text, /"a{4095}"/);
  assert.match(text, /"content":"…"/);
  assert.equal(text.includes("never"), false);
  const one = parsed(tracedOutput(both, run, { ...answer, output: "x".repeat(9999) }));
  assert.deepEqual(one, [{ role: "assistant", parts: [{ type: "text", content: `${"x".repeat(4095)}…` }] }]);
});
