/** Reading definitions: every rule between the parts has a case that breaks it and nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { sampleHarness, sampleTier } from "../../test/support/sample-definition.ts";
import { describeReasons, loadDefinition } from "./load-definition.ts";
import { definitionVersion } from "./version.ts";

const good = sampleHarness({
  name: "good",
  input: {
    schema: {
      type: "object",
      properties: { text: { type: "string" }, count: { type: "integer" } },
      required: ["text"],
    },
    longField: "text",
    contextField: "text",
  },
  prompt: { system: "Be brief.", user: "{{text}} ({{count}})" },
  output: {
    format: "json",
    schema: { type: "object", properties: { answer: { type: "string" } }, required: ["answer"] },
    maxTokens: 100,
  },
  models: [
    sampleTier({ provider: "openai", model: "gpt-4o", timeoutMs: 1000, contextWindowTokens: 128_000 }),
    sampleTier({ provider: "openai", model: "gpt-4o-mini", timeoutMs: 1000, contextWindowTokens: 128_000 }),
  ],
  fallbackAnswer: { answer: "none" },
});

const asked = { provider: "openai", model: "omni-moderation-latest" };
const noContent = {
  hate: "off",
  harassment: "off",
  self_harm: "off",
  sexual: "off",
  violence: "off",
  moderationFailMode: "open",
} as const;

test("a good definition is loaded with the hash of its document as version", () => {
  assert.deepEqual(loadDefinition(good), { kind: "loaded", definition: good, version: definitionVersion(good) });
});

type Change = (definition: HarnessDefinition) => HarnessDefinition;
const text: Change = (it) => {
  const { schema: _schema, ...output } = it.output;
  return {
    ...it,
    output: { ...output, format: "text" },
    fallbackAnswer: "none",
    knobs: { ...it.knobs, output: { repair: false, reask: true, escalate: true } },
  };
};

const broken: readonly [what: string, change: Change, path: string, rule: string][] = [
  [
    "json output without a schema",
    (it) => ({ ...it, output: { format: "json", maxTokens: 100 } }),
    "/output/schema",
    "json_needs_schema",
  ],
  [
    "text output with a schema",
    (it) => ({ ...text(it), output: { ...it.output, format: "text" } }),
    "/output/schema",
    "text_has_no_schema",
  ],
  [
    "an output schema that does not compile",
    (it) => ({ ...it, output: { ...it.output, schema: { type: "objet" } } }),
    "/output/schema",
    "schema_compiles",
  ],
  [
    "an input schema that does not compile",
    (it) => ({ ...it, input: { ...it.input, schema: { ...it.input.schema, requird: [] } } }),
    "/input/schema",
    "schema_compiles",
  ],
  [
    "an input that is no object",
    (it) => ({ ...it, input: { ...it.input, schema: { ...it.input.schema, type: "array" } } }),
    "/input/schema",
    "object_schema",
  ],
  [
    "a template field that is not in the input",
    (it) => ({ ...it, prompt: { ...it.prompt, user: "{{text}} {{txet}}" } }),
    "/prompt/user",
    "template_field",
  ],
  [
    "a placeholder that names nothing",
    (it) => ({ ...it, prompt: { ...it.prompt, user: "{{text}} {{ }}" } }),
    "/prompt/user",
    "template_syntax",
  ],
  [
    "a placeholder with an expression",
    (it) => ({ ...it, prompt: { ...it.prompt, user: "{{text}} {{text.length}}" } }),
    "/prompt/user",
    "template_syntax",
  ],
  [
    "a long field that is not in the input",
    (it) => ({ ...it, input: { ...it.input, longField: "body" } }),
    "/input/longField",
    "field_exists",
  ],
  [
    "a long field that is no string",
    (it) => ({ ...it, input: { ...it.input, longField: "count" } }),
    "/input/longField",
    "field_is_string",
  ],
  [
    "a long field that is not in the prompt",
    (it) => ({ ...it, prompt: { ...it.prompt, user: "{{count}}" } }),
    "/input/longField",
    "field_is_rendered",
  ],
  [
    "a context field that is not in the input",
    (it) => ({ ...it, input: { ...it.input, contextField: "source" } }),
    "/input/contextField",
    "field_exists",
  ],
  [
    "a channel of a field that is not in the input",
    (it) => ({ ...it, input: { ...it.input, channels: { page: "document" as const } } }),
    "/input/channels",
    "field_exists",
  ],
  [
    "a declared answer that breaks the contract",
    (it) => ({ ...it, fallbackAnswer: { answer: 1 } }),
    "/fallbackAnswer/answer",
    "fallback_keeps_contract",
  ],
  [
    "a declared answer that is no text",
    (it) => ({ ...text(it), fallbackAnswer: { a: 1 } }),
    "/fallbackAnswer",
    "fallback_is_text",
  ],
  [
    "a window that the output alone fills",
    (it) => ({ ...it, output: { ...it.output, maxTokens: 128_000 } }),
    "/models/0/contextWindowTokens",
    "window_holds_prompt",
  ],
  [
    "a model named twice",
    (it) => ({ ...it, models: [...it.models, ...it.models.slice(0, 1)] }),
    "/models/2",
    "model_once",
  ],
  [
    "a hedge without a second model",
    (it) => ({ ...it, models: it.models.slice(0, 1), hedge: { maxShare: 0.1 } }),
    "/hedge",
    "hedge_needs_second_model",
  ],
  [
    "a hedge after every call has timed out",
    (it) => ({ ...it, hedge: { afterMs: 600_000, maxShare: 0.1 } }),
    "/hedge/afterMs",
    "policy_can_act",
  ],
  ["a share of hedges above a half", (it) => ({ ...it, hedge: { maxShare: 0.6 } }), "/hedge/maxShare", "too_big"],
  [
    "truncation without a long field",
    ({ input: { longField: _long, ...input }, ...it }) => ({ ...it, input }),
    "/knobs/contextWindow/strategy",
    "policy_can_act",
  ],
  ["repair of a text", (it) => ({ ...text(it), knobs: it.knobs }), "/knobs/output/repair", "policy_can_act"],
  [
    "escalation with one model",
    (it) => ({ ...it, models: it.models.slice(0, 1) }),
    "/knobs/output/escalate",
    "policy_can_act",
  ],
  [
    "escalation where nothing is asked again",
    (it) => ({ ...it, knobs: { ...it.knobs, output: { repair: false, reask: false, escalate: true } } }),
    "/knobs/output/escalate",
    "policy_can_act",
  ],
  [
    "a look for contradictions where there is no context",
    ({ input: { contextField: _context, ...input }, ...it }) => ({
      ...it,
      input,
      knobs: { ...it.knobs, grounding: { contradictions: "flag", unsupported: "off", unsourced: "off" } },
    }),
    "/knobs/grounding/contradictions",
    "policy_can_act",
  ],
  [
    "a look for canaries where there are none",
    (it) => ({ ...it, knobs: { ...it.knobs, leaks: { ...it.knobs.leaks, canaries: "retry" } } }),
    "/knobs/leaks/canaries",
    "policy_can_act",
  ],
  [
    "a second opinion that nobody is named for",
    (it) => ({ ...it, knobs: { ...it.knobs, content: { ...it.knobs.content, moderation: "always" } } }),
    "/knobs/content/moderation",
    "policy_can_act",
  ],
  [
    "a second opinion on content that nothing is done about",
    (it) => ({ ...it, moderation: asked, knobs: { ...it.knobs, content: { ...noContent, moderation: "always" } } }),
    "/knobs/content/moderation",
    "policy_can_act",
  ],
  ["somebody to ask who is never asked", (it) => ({ ...it, moderation: asked }), "/moderation", "policy_can_act"],
  [
    "a text of help that breaks the contract",
    (it) => ({ ...it, helpAnswer: { answer: 1 } }),
    "/helpAnswer/answer",
    "fallback_keeps_contract",
  ],
  ["escalation with one attempt", (it) => ({ ...it, maxAttempts: 1 }), "/knobs/output/escalate", "policy_can_act"],
];
for (const [what, change, path, rule] of broken) {
  test(`refuses ${what}, by path and rule`, () => {
    const loaded = loadDefinition(change(good));
    assert.equal(loaded.kind, "rejected");
    assert.ok(loaded.kind === "rejected");
    assert.deepEqual(
      loaded.reasons[0] && [loaded.reasons[0].path, loaded.reasons[0].rule],
      [path, rule],
      describeReasons(loaded.reasons),
    );
  });
}

test("a prompt that uses no input field is refused", () => {
  const loaded = loadDefinition({ ...good, prompt: { system: "", user: "Say hello." } });
  assert.ok(loaded.kind === "rejected");
  assert.ok(loaded.reasons.some(({ rule }) => rule === "template_uses_input"));
});

test("a wrong shape is refused with the path of every field", () => {
  const loaded = loadDefinition({ ...good, deadlineMs: 1, models: [{ ...good.models[0], provider: "Acme Inc." }] });
  assert.ok(loaded.kind === "rejected");
  assert.deepEqual(loaded.reasons.map(({ path }) => path ?? "").toSorted(), ["/deadlineMs", "/models/0/provider"]);
});

for (const value of [null, undefined, 3, "x", [], {}]) {
  test(`never throws: ${JSON.stringify(value)} is rejected`, () =>
    assert.equal(loadDefinition(value).kind, "rejected"));
}

test("reasons are described a line each", () => {
  const reasons = [
    { code: "c", message: "is bad", path: "/a", rule: "r" },
    { code: "c", message: "is worse" },
  ];
  assert.equal(describeReasons(reasons), "/a: is bad (r)\nis worse (c)");
});
