/** The command on files and lines: one decision a line as the stage would decide, bad lines answered, sums; and nothing but what was asked for. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { runCommandLine } from "../program/command-line.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-check-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

const schema =
  "{ type: object, properties: { total: { type: number } }, required: [total], additionalProperties: false }";
const facts = file(
  "facts.yaml",
  `name: facts
knobs: { output: { repair: true, escalate: false } }
input:
  schema: { type: object, properties: { text: { type: string } }, required: [text] }
prompt: { user: "{{text}}" }
output: { schema: ${schema} }
models: [{ provider: openai, model: gpt-4o }]
`,
);
const once = file(
  "once.yaml",
  `name: once
knobs: { output: { repair: true, escalate: false, reask: false } }
input:
  schema: { type: object, properties: { text: { type: string } }, required: [text] }
prompt: { user: "{{text}}" }
output: { schema: ${schema} }
models: [{ provider: openai, model: gpt-4o }]
`,
);
const note = file(
  "note.yaml",
  `name: note
knobs:
  output: { repair: false, escalate: false }
  grounding: { contradictions: flag, unsupported: flag, unsourced: off }
  leaks: { systemPrompt: fallback, canaries: fallback, secrets: flag, personalData: flag }
input:
  schema: { type: object, properties: { text: { type: string } }, required: [text] }
  contextField: text
prompt:
  system: "You are the note taker of Fjord Bank, mark mk-51e2d77c. Never tell anybody how customers are ranked."
  canaries: [mk-51e2d77c]
  user: "{{text}}"
models: [{ provider: openai, model: gpt-4o }]
fallbackAnswer: "No note could be made."
`,
);
const watched = file(
  "watched.yaml",
  `name: watched
knobs: { leaks: { canaries: review } }
input:
  schema: { type: object, properties: { text: { type: string } }, required: [text] }
prompt: { system: "Your mark is mk-51e2d77c.", canaries: [mk-51e2d77c], user: "{{text}}" }
models: [{ provider: openai, model: gpt-4o }]
review: { timeoutMs: 3600000 }
`,
);

const page = file(
  "page.yaml",
  `name: page
knobs:
  output: { repair: false, escalate: false }
input:
  schema: { type: object, properties: { text: { type: string } }, required: [text] }
prompt: { user: "{{text}}" }
output: { destination: html }
models: [{ provider: openai, model: gpt-4o }]
`,
);

interface Run {
  readonly code: number;
  readonly lines: readonly Record<string, unknown>[];
  readonly error: string;
}

async function checked(harness: string, lines: readonly string[], ...words: readonly string[]): Promise<Run> {
  const text = { out: "", error: "" };
  const stdout = { write: (part: string | Uint8Array) => ((text.out += String(part)), true) };
  const stderr = { write: (part: string | Uint8Array) => ((text.error += String(part)), true) };
  const jsonl = file("answers.jsonl", lines.join("\n"));
  const all = ["check", "--harness", harness, "--jsonl", jsonl, ...words];
  const code = await runCommandLine(all, {}, { stdout, stderr });
  const parsed = text.out
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Record<string, unknown> => JSON.parse(line));
  return { code, lines: parsed, error: text.error };
}

const answer = (output: unknown, more: object = {}) => JSON.stringify({ output, ...more });

const decisions: readonly [
  what: string,
  harness: string,
  line: string,
  action: string,
  output: unknown,
  rules: string,
][] = [
  ["a valid answer passes", facts, answer('{"total": 1}'), "pass", { total: 1 }, ""],
  ["a value is taken as the JSON it is", facts, answer({ total: 1 }), "pass", { total: 1 }, ""],
  ["a broken one is mended", facts, answer("Here: {'total': 1,}"), "repair", { total: 1 }, ""],
  ["one that breaks its contract is asked for again", facts, answer('{"total": "1"}'), "retry", null, "type"],
  ["one that is cut off too", facts, answer('{"total": 1', { finish_reason: "length" }), "retry", null, "json_cut_off"],
  ["where the policy asks only once it fails", once, answer('{"total": "1"}'), "fail", null, "type"],
  [
    "what could do harm where it goes is made safe",
    page,
    answer("<b>1 < 2</b>"),
    "sanitise",
    "&lt;b&gt;1 &lt; 2&lt;/b&gt;",
    "",
  ],
  ["a text passes", note, answer("A note.", { context: "A note." }), "pass", "A note.", ""],
  [
    "what the context does not hold is flagged",
    note,
    answer("Sales rose by 12 %.", { context: ["Sales rose."] }),
    "flag",
    "Sales rose by 12 %.",
    "grounding.number",
  ],
  [
    "the context is taken from the input where the harness has it there",
    note,
    answer("Sales rose by 12 %.", { input: { text: "Sales rose by 12 %." } }),
    "pass",
    "Sales rose by 12 %.",
    "",
  ],
  [
    "personal data of the input is a leak",
    note,
    answer("Mail ann@example.com.", { input: "I am ann@example.com", context: "Mail ann@example.com." }),
    "flag",
    "Mail ann@example.com.",
    "leak.pii.email",
  ],
  [
    "an answer that a person decides on is given to nobody yet",
    watched,
    answer("It says MK-51E2D77C."),
    "review",
    null,
    "leak.canary",
  ],
  [
    "an answer that is held back is replaced by the declared one",
    note,
    answer("It says MK-51E2D77C.", { context: "It says MK-51E2D77C." }),
    "fallback",
    "No note could be made.",
    "leak.canary",
  ],
];
for (const [what, harness, line, action, output, rules] of decisions) {
  test(what, async () => {
    const { lines, code } = await checked(harness, [line]);
    assert.equal(code, 0);
    assert.equal(lines.length, 1);
    const [decision] = lines;
    assert.equal(decision?.["action"], action);
    assert.deepEqual(decision?.["output"], output);
    const findings = decision?.["findings"];
    assert.ok(Array.isArray(findings));
    assert.equal(findings.map(({ rule }: { rule: string }) => rule).join(), rules);
    assert.equal("reasons" in (decision ?? {}), ["review", "retry", "fallback", "fail"].includes(action));
    assert.equal(typeof decision?.["us"], "number");
  });
}

const options = {
  tools: [{ name: "book", parameters: { type: "object", properties: { nights: { type: "integer" } } } }],
};
const calling = (given: unknown, more: object = {}) =>
  JSON.stringify({ tool_calls: [{ id: "1", name: "book", arguments: given }], options, ...more });
const calls: readonly [what: string, harness: string, line: string, action: string, rules: string][] = [
  ["a call passes as a model writes it", note, calling('{"nights": 2}'), "pass", ""],
  ["a call passes as an object, beside a contract too", facts, calling({ nights: 2 }), "pass", ""],
  ["broken arguments are mended where the policy mends", facts, calling("{'nights': 2,}"), "repair", ""],
  ["wrong arguments are asked for again", facts, calling({ nights: "2" }), "retry", "type"],
  ["a tool that is not offered too", note, calling({}, { options: {} }), "retry", "tool_not_offered"],
  ["a mark in the arguments ends the run", note, calling({ mark: "MK-51E2D77C" }), "fallback", "leak.canary"],
];
for (const [what, harness, line, action, rules] of calls) {
  test(`of an answer that calls tools: ${what}`, async () => {
    const [decision] = (await checked(harness, [line])).lines;
    const findings = decision?.["findings"];
    assert.ok(Array.isArray(findings));
    assert.equal(findings.map(({ rule }: { rule: string }) => rule).join(), rules);
    assert.equal(decision?.["action"], action);
    const given = ["pass", "repair"].includes(action)
      ? [{ id: "1", name: "book", arguments: { nights: 2 } }]
      : undefined;
    assert.deepEqual(decision?.["tool_calls"], given);
  });
}

test("a schema in the options is what the answer is held to", async () => {
  const wanted = { options: { output_schema: { type: "object", required: ["year"] } } };
  const { lines } = await checked(note, [answer('{"year":1841}', wanted), answer("In 1841.", wanted)]);
  assert.deepEqual(
    lines.map(({ action, output }) => [action, output]),
    [
      ["pass", { year: 1841 }],
      ["retry", null],
    ],
  );
});

test("decisions come in the order of the lines, with their numbers and ids; blank lines are passed over", async () => {
  const { lines } = await checked(note, [answer("a", { id: 7 }), "", answer("b", { id: "x" }), "  ", answer("c")]);
  assert.deepEqual(
    lines.map(({ line, id }) => `${String(line)} ${String(id)}`),
    ["1 7", "3 x", "5 undefined"],
  );
});

const bad: readonly [what: string, line: string, says: RegExp][] = [
  ["no JSON", "{output}", /^not JSON$/],
  ["no output", '{"outputs":"secret"}', /^output: /],
  ["a context that is none", answer("secret", { context: 7 }), /^context: a string or a list of strings$/],
  [
    "calls that are none",
    '{"tool_calls":[{"id":"1","name":"book","arguments":7}]}',
    /^tool_calls.0.arguments: an object, or its JSON$/,
  ],
  ["options that are none", answer("secret", { options: { tool: [] } }), /^options: /],
  ["an input that is none", answer("secret", { input: 7 }), /^input: texts, or the fields of an input$/],
];
for (const [what, line, says] of bad) {
  test(`a line with ${what} is answered with its number and why, and the rest goes on`, async () => {
    const { lines, code, error } = await checked(note, [answer("a"), line, answer("b")]);
    assert.equal(code, 1);
    assert.deepEqual(
      lines.map(({ line: number, action }) => `${String(number)} ${String(action)}`),
      ["1 pass", "2 undefined", "3 pass"],
    );
    assert.match(String(lines[1]?.["error"]), says);
    assert.doesNotMatch(JSON.stringify(lines[1]) + error, /secret/);
  });
}

test("--stats sums up: by action, by rule, bad lines, time; with --json as the last line", async () => {
  const { lines, error } = await checked(
    facts,
    [answer({ total: 1 }), answer("{'total': 2}"), "bad"],
    "--stats",
    "--json",
  );
  const stats = lines.at(-1)?.["stats"];
  assert.ok(typeof stats === "object" && stats !== null && "us" in stats && "texts_per_second" in stats);
  const { us: _us, texts_per_second: _speed, ...counted } = stats;
  assert.deepEqual(counted, {
    texts: 2,
    bad_lines: 1,
    actions: { pass: 1, repair: 1, sanitise: 0, flag: 0, review: 0, retry: 0, fallback: 0, fail: 0 },
    rules: {},
  });
  assert.match(error, /^2 texts: pass 1 \(50\.0 %\), repair 1/);
});

test("an unknown harness is a usage error that names those there are", async () => {
  const { code, error } = await checked("nobody", []);
  assert.equal(code, 2);
  assert.match(error, /--harness: nobody is neither a file nor one of .*summarise/);
});
