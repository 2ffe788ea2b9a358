/** A conversation that is passed through: what its field must look like, and what is then permitted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleHarness, type DefinitionChanges } from "../../../test/support/sample-definition.ts";
import { brokenRules } from "../rules/definition-rules.ts";

const turn = {
  type: "object",
  properties: { role: { enum: ["user", "assistant"] }, content: { type: "string" } },
  required: ["role", "content"],
};
const chat = (field: unknown, more: DefinitionChanges = {}) =>
  sampleHarness({
    input: {
      schema: JSON.parse(JSON.stringify({ type: "object", properties: { turns: field }, required: ["turns"] })),
    },
    prompt: { system: "Answer.", user: "", messages: "turns" },
    knobs: { output: { repair: false, reask: true, escalate: false } },
    ...more,
  });
const list = (item: unknown) => ({ type: "array", items: item });

test("a conversation alone is a prompt, and its oldest turns are something to cut", () => {
  for (const strategy of ["head", "refuse"] as const)
    assert.deepEqual(
      brokenRules(
        chat(list(turn), {
          knobs: { contextWindow: { strategy }, output: { repair: false, reask: true, escalate: false } },
        }),
      ),
      [],
    );
});

test("its schema may stand among the definitions", () => {
  const schema = {
    type: "object",
    $defs: { turn, turns: list({ $ref: "#/$defs/turn" }) },
    properties: { turns: { $ref: "#/$defs/turns" } },
    required: ["turns"],
  };
  assert.deepEqual(brokenRules(chat(list(turn), { input: { schema: JSON.parse(JSON.stringify(schema)) } })), []);
});

test("a role that can only be one is a role", () => {
  const item = { ...turn, properties: { ...turn.properties, role: { const: "user" } } };
  assert.deepEqual(brokenRules(chat(list(item))), []);
});

const wrong: readonly [what: string, field: unknown][] = [
  ["a text", { type: "string" }],
  ["a list of texts", list({ type: "string" })],
  ["turns without a role", list({ ...turn, required: ["content"] })],
  ["turns without content", list({ ...turn, required: ["role"] })],
  ["content of any type", list({ ...turn, properties: { ...turn.properties, content: {} } })],
  ["a role of any text", list({ ...turn, properties: { ...turn.properties, role: { type: "string" } } })],
  [
    "system messages from clients",
    list({ ...turn, properties: { ...turn.properties, role: { enum: ["user", "system"] } } }),
  ],
  ["no user", list({ ...turn, properties: { ...turn.properties, role: { enum: ["assistant"] } } })],
];
for (const [what, field] of wrong) {
  test(`${what} is no conversation`, () => {
    assert.deepEqual(
      brokenRules(chat(field)).map(({ path, rule }) => [path, rule]),
      [["/prompt/messages", "field_is_conversation"]],
    );
  });
}

test("the field must exist, and be required", () => {
  const elsewhere = chat(list(turn), { prompt: { system: "", user: "", messages: "messages" } });
  assert.deepEqual(
    brokenRules(elsewhere).map(({ rule }) => rule),
    ["field_exists"],
  );
  const schema = { type: "object", properties: { turns: list(turn) } };
  const optional = chat(list(turn), { input: { schema: JSON.parse(JSON.stringify(schema)) } });
  assert.deepEqual(
    brokenRules(optional).map(({ rule }) => rule),
    ["field_is_conversation"],
  );
});

test("a window must hold the output's schema too", () => {
  const properties = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`field_${at}`, { type: "string" }]));
  const [tier] = sampleHarness().models;
  assert.ok(tier !== undefined);
  const models = [{ ...tier, contextWindowTokens: 1500 }];
  const output = { format: "json", schema: { type: "object", properties }, maxTokens: 100 } as const;
  const rules = brokenRules(sampleHarness({ models, output, knobs: { output: { escalate: false } } })).map(
    ({ path, rule }) => [path, rule],
  );
  assert.deepEqual(rules, [["/models/0/contextWindowTokens", "window_holds_prompt"]]);
});

const noRights = { instructions: false, tools: false, outputSchema: false, sampling: false };
const withRoles = (roles: readonly string[], more: Readonly<Record<string, unknown>> = {}) =>
  list({ ...turn, properties: { ...turn.properties, role: { enum: roles }, ...more } });
const toolParts = { tool_calls: { type: "array" }, tool_call_id: { type: "string" } };

const rights: readonly [what: string, changes: DefinitionChanges, field: unknown, ...broken: readonly string[]][] = [
  [
    "instructions of callers need a conversation that takes them",
    { callers: { ...noRights, instructions: true } },
    list(turn),
    "/callers/instructions policy_can_act",
  ],
  ["and are fine in one", { callers: { ...noRights, instructions: true } }, withRoles(["user", "system"])],
  [
    "tools of callers need turns for their results",
    { callers: { ...noRights, tools: true } },
    list(turn),
    "/callers/tools policy_can_act",
  ],
  [
    "with the fields that say which call has which result",
    { callers: { ...noRights, tools: true } },
    withRoles(["user", "assistant", "tool"]),
    "/prompt/messages field_is_conversation",
  ],
  [
    "and are fine with both",
    { callers: { ...noRights, tools: true } },
    withRoles(["user", "assistant", "tool"], toolParts),
  ],
  [
    "turns of tools need the right",
    {},
    withRoles(["user", "assistant", "tool"], toolParts),
    "/prompt/messages field_is_conversation",
  ],
  [
    "a schema of callers needs an output that has none",
    {
      callers: { ...noRights, outputSchema: true },
      output: { format: "json", schema: { type: "object" }, maxTokens: 100 },
    },
    list(turn),
    "/callers/outputSchema policy_can_act",
  ],
];
for (const [what, changes, field, ...broken] of rights) {
  test(what, () =>
    assert.deepEqual(
      brokenRules(chat(field, changes)).map(({ path, rule }) => `${path} ${rule}`),
      broken,
    ),
  );
}

test("without a conversation callers have no place for instructions, but can give tools for one answer", () => {
  const found = (right: "instructions" | "tools") =>
    brokenRules(
      sampleHarness({ callers: { ...noRights, [right]: true }, knobs: { output: { escalate: false, repair: false } } }),
    ).map(({ path }) => path);
  assert.deepEqual([found("instructions"), found("tools")], [["/callers/instructions"], []]);
});
