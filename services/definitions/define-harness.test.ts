/** Authoring: what few fields become, and what overrides do to a preset. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { policyPreset } from "../../schemas/control/harness-definition.ts";
import { defineHarness, wholeHarness, type HarnessSource } from "./define-harness.ts";
import { presets } from "./presets.ts";

const least: HarnessSource = {
  name: "least",
  input: { schema: z.object({ text: z.string(), tone: z.string().default("plain") }), longField: "text" },
  prompt: { user: "{{text}} {{tone}}" },
  models: [
    { provider: "openai", model: "gpt-4o" },
    { provider: "anthropic", model: "claude-3-5-sonnet-latest" },
  ],
};

/** What the presets say of a model's answer. */
const streamed = { stream: true, connectTimeoutMs: 5_000, firstTokenTimeoutMs: 30_000, idleTimeoutMs: 15_000 };

test("few fields become a whole definition, by the standard preset", () => {
  assert.deepEqual(defineHarness(least), {
    name: "least",
    description: "",
    policy: "standard",
    knobs: {
      ...presets.standard.knobs,
      output: { repair: false, reask: true, escalate: true },
      grounding: { ...presets.standard.knobs.grounding, contradictions: "off", unsupported: "off" },
      leaks: { ...presets.standard.knobs.leaks, canaries: "off" },
    },
    input: {
      schema: {
        type: "object",
        properties: { text: { type: "string" }, tone: { default: "plain", type: "string" } },
        required: ["text"],
      },
      longField: "text",
      channels: { text: "document" },
    },
    prompt: { system: "", user: "{{text}} {{tone}}" },
    output: { format: "text", maxTokens: 1024, destination: "plain" },
    models: [
      { provider: "openai", model: "gpt-4o", timeoutMs: 60_000, contextWindowTokens: 128_000, ...streamed },
      {
        provider: "anthropic",
        model: "claude-3-5-sonnet-latest",
        timeoutMs: 60_000,
        contextWindowTokens: 200_000,
        ...streamed,
      },
    ],
    moderation: { provider: "openai", model: "omni-moderation-latest" },
    deadlineMs: 600_000,
    maxAttempts: 3,
  });
});

test("an output schema makes the output JSON, closed and with its defaults required", () => {
  const { output } = defineHarness({
    ...least,
    output: { schema: z.object({ a: z.number(), b: z.string().default("") }) },
  });
  assert.equal(output.format, "json");
  assert.deepEqual(output.schema?.["required"], ["a", "b"]);
  assert.equal(output.schema?.["additionalProperties"], false);
});

for (const policy of policyPreset.options) {
  test(`${policy}: every knob is the preset's where it can act, and one override changes that one alone`, () => {
    const input = { ...least.input, contextField: "text" };
    const prompt = { ...least.prompt, system: "Mark: canary-7f3a.", canaries: ["canary-7f3a"] };
    const source = { ...least, policy, input, prompt, output: { schema: z.object({ a: z.number() }) } };
    assert.deepEqual(defineHarness(source).knobs, presets[policy].knobs);
    const { pii, ...others } = presets[policy].knobs;
    const changed = defineHarness({ ...source, knobs: { pii: { entities: { email: "block" } } } }).knobs;
    assert.deepEqual(changed, { ...others, pii: { ...pii, entities: { ...pii.entities, email: "block" } } });
  });
}

test("a retry policy says only what it changes; what is written out is the whole of it", () => {
  const { knobs } = defineHarness({ ...least, knobs: { retry: { timeout: "retry" } } });
  assert.deepEqual(knobs.retry, { ...presets.standard.knobs.retry, timeout: "retry" });
  const degrade = { lastGoodAnswer: { maxAgeMs: 60_000 } };
  assert.deepEqual(defineHarness({ ...least, degrade }).degrade, degrade);
});

test("the presets differ, and personal data fails closed in all of them", () => {
  assert.notDeepEqual(presets.strict.knobs, presets.standard.knobs);
  assert.notDeepEqual(presets.standard.knobs, presets.minimal.knobs);
  for (const { knobs } of Object.values(presets)) assert.equal(knobs.pii.failMode, "closed");
});

test("a preset's knob with nothing to act on is idle; the same as an override is an error", () => {
  const { longField: _long, ...input } = least.input;
  assert.equal(defineHarness({ ...least, input }).knobs.contextWindow.strategy, "refuse");
  const override = { ...least, input, knobs: { contextWindow: { strategy: "tail" as const } } };
  assert.throws(() => defineHarness(override), /\/knobs\/contextWindow\/strategy: nothing can be truncated/);
});

const asked = { provider: "openai", model: "omni-moderation-latest" };
const anthropicAlone = [{ provider: "anthropic", model: "claude-3-5-haiku-latest" }];
const quiet = { hate: "off", harassment: "off", self_harm: "off", sexual: "off", violence: "off" } as const;
const moderations: readonly (readonly [name: string, source: Partial<HarnessSource>, mode: string, who: unknown])[] = [
  ["standard asks OpenAI, which the chain names, where the guard is not sure", {}, "uncertain", asked],
  ["strict always asks", { policy: "strict" }, "always", asked],
  ["minimal never does", { policy: "minimal" }, "off", undefined],
  ["a chain without OpenAI sends it no answers by a preset's word", { models: anthropicAlone }, "off", undefined],
  ["the author's word does", { models: anthropicAlone, moderation: {} }, "uncertain", asked],
  ["as a knob too", { models: anthropicAlone, knobs: { content: { moderation: "always" } } }, "always", asked],
  [
    "another provider is asked by its name",
    { moderation: { provider: "eu", model: "omni" } },
    "uncertain",
    { provider: "eu", model: "omni" },
  ],
  ["nobody is asked where no kind of content matters", { knobs: { content: quiet } }, "off", undefined],
];
for (const [name, source, mode, who] of moderations) {
  test(`moderation: ${name}`, () => {
    const { knobs, moderation } = defineHarness({ ...least, ...source });
    assert.deepEqual([knobs.content.moderation, moderation], [mode, who]);
  });
}

test("what is made of a definition is made once: the same source, the same document", () => {
  assert.deepEqual(defineHarness(least), defineHarness({ ...least }));
});

const mistakes: readonly [what: string, source: unknown, message: RegExp][] = [
  ["an unknown knob", { ...yamlLike(), knobs: { pii: { entities: { fone: "block" } } } }, /\/knobs\/pii.*fone/],
  ["an unknown preset", { ...yamlLike(), policy: "relaxed" }, /\/policy/],
  [
    "a value that a knob does not know",
    { ...yamlLike(), knobs: { injection: { action: "warn" } } },
    /\/knobs\/injection\/action/,
  ],
  [
    "an outcome that no call has",
    { ...yamlLike(), knobs: { retry: { rate_limit: "retry" } } },
    /\/knobs\/retry.*rate_limit/,
  ],
  ["an action that is none", { ...yamlLike(), knobs: { retry: { timeout: "again" } } }, /\/knobs\/retry\/timeout/],
  [
    "a retry that cannot help",
    { ...yamlLike(), knobs: { retry: { not_found: "retry" } } },
    /not_found: .*\(retry_can_help\)/,
  ],
  ["a degrade that says nothing", { ...yamlLike(), degrade: {} }, /\/degrade\/lastGoodAnswer/],
  [
    "answers that are wanted longer than results are kept",
    { ...yamlLike(), degrade: { lastGoodAnswer: { maxAgeMs: 604_800_001 } } },
    /\/degrade\/lastGoodAnswer\/maxAgeMs/,
  ],
  ["no models", { ...yamlLike(), models: [] }, /\/models/],
  ["a bad name", { ...yamlLike(), name: "No Spaces" }, /\/name/],
  ["everything missing", {}, /\/name[\s\S]*\/input[\s\S]*\/prompt[\s\S]*\/models/],
  ["no object at all", "name: x", /expected object/],
];
for (const [what, source, message] of mistakes) {
  test(`names the path of ${what}`, () => assert.throws(() => wholeHarness(source), message));
}

test("a format of Zod's is checked by its name, without the pattern that no linear engine takes", () => {
  const schema = z.object({ text: z.email(), tone: z.string().regex(/^[a-z]+$/), on: z.iso.date().optional() });
  const { input } = defineHarness({ ...least, input: { schema } });
  assert.deepEqual(input.schema["properties"], {
    text: { type: "string", format: "email" },
    tone: { type: "string", pattern: "^[a-z]+$" },
    on: { type: "string", format: "date" },
  });
});

test("a pattern with look-around is refused where it is written", () => {
  const schema = z.object({ text: z.string().regex(/^(?!x)/), tone: z.string() });
  assert.throws(() => defineHarness({ ...least, input: { schema } }), /\/input\/schema: .*look-around/);
});

test("Zod that has no JSON Schema is an error where it is written", () => {
  const input = { schema: z.object({ text: z.string().transform((text) => text.length) }) };
  assert.doesNotThrow(() =>
    defineHarness({ ...least, input: { schema: z.object({ text: z.string(), tone: z.string() }) } }),
  );
  assert.throws(() => defineHarness({ ...least, input: { schema: z.object({ text: z.date(), tone: z.string() }) } }));
  assert.throws(() => defineHarness({ ...least, output: { schema: input.schema } }));
});

test("a hedge is kept as it is written, and there is none where nothing is said", () => {
  const models = [...yamlLike().models, { provider: "anthropic", model: "claude-3-5-haiku-latest" }];
  assert.deepEqual(wholeHarness({ ...yamlLike(), models, hedge: { maxShare: 0.1 } }).hedge, { maxShare: 0.1 });
  assert.equal(wholeHarness(yamlLike()).hedge, undefined);
  assert.throws(() => wholeHarness({ ...yamlLike(), models, hedge: { share: 0.1 } }), /\/hedge/);
  assert.throws(() => wholeHarness({ ...yamlLike(), hedge: { maxShare: 0.1 } }), /\/hedge: needs a second model/);
});

function yamlLike() {
  return {
    name: "yaml",
    input: { schema: { type: "object", properties: { text: { type: "string" } } } },
    prompt: { user: "{{text}}" },
    models: [{ provider: "openai", model: "gpt-4o" }],
  };
}
