/** Each setting that nothing can come of: refused with field and rule; and what looks alike and can act is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readHarness } from "../define-harness.ts";

const models = [{ provider: "openai", model: "gpt-4o" }];
const author = {
  name: "idle",
  input: { schema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] } },
  prompt: { system: "Be brief.", user: "{{text}}" },
  models,
};

function broken(changes: object): readonly string[] {
  const read = readHarness({ ...author, ...changes });
  return read.kind === "loaded" ? [] : read.reasons.map(({ path = "", rule }) => `${path} ${rule}`);
}

const off = { action: "off", documents: "off", model: "off" };
const custom = { name: "badge", pattern: "b-[0-9]{6}", action: "hash" };
const tier = (settings: object) => ({ models: [{ provider: "openai", model: "gpt-4o", ...settings }] });
const grounded = { ...author.input, contextField: "text" };

const refused: readonly [what: string, changes: object, told: string][] = [
  [
    "the fail mode of an injection guard that is off",
    { knobs: { injection: { ...off, failMode: "open" } } },
    "/knobs/injection/failMode policy_can_act",
  ],
  [
    "the fail mode of a moderation that nobody asks",
    { knobs: { content: { moderation: "off", moderationFailMode: "closed" } } },
    "/knobs/content/moderationFailMode policy_can_act",
  ],
  [
    "a watch over instructions that are empty",
    { prompt: { user: "{{text}}" }, knobs: { leaks: { systemPrompt: "retry" } } },
    "/knobs/leaks/systemPrompt policy_can_act",
  ],
  [
    "figures without a source where there is always a context",
    { input: grounded, knobs: { grounding: { unsourced: "retry" } } },
    "/knobs/grounding/unsourced policy_can_act",
  ],
  [
    "canaries that nobody looks for",
    {
      prompt: { ...author.prompt, system: "Mark 7f3a-9c21.", canaries: ["7f3a-9c21"] },
      knobs: { leaks: { canaries: "off" } },
    },
    "/prompt/canaries policy_can_act",
  ],
  [
    "a canary that is not in the prompt",
    { prompt: { ...author.prompt, canaries: ["7f3a-9c21"] } },
    "/prompt/canaries/0 policy_can_act",
  ],
  [
    "a kind of one's own that another finds already",
    { knobs: { pii: { custom: [custom, { ...custom, name: "card7" }] } } },
    "/knobs/pii/custom/1/pattern policy_can_act",
  ],
  [
    "an answer with help that no action gives",
    { helpAnswer: "Call 112.", knobs: { content: { self_harm: "flag" } } },
    "/helpAnswer policy_can_act",
  ],
  [
    "asking again in the only attempt",
    { maxAttempts: 1, knobs: { output: { reask: true } } },
    "/knobs/output/reask policy_can_act",
  ],
  [
    "attempts that are never asked for",
    { maxAttempts: 3, knobs: { output: { reask: false } } },
    "/maxAttempts threshold_in_reach",
  ],
  [
    "falling back from the only model",
    { knobs: { retry: { timeout: "fall_back" } } },
    "/knobs/retry/timeout policy_can_act",
  ],
  [
    "a call that may take longer than the run",
    { deadlineMs: 5000, ...tier({ timeoutMs: 9000 }) },
    "/models/0/timeoutMs threshold_in_reach",
  ],
  [
    "a first token that may take longer than the call",
    tier({ timeoutMs: 5000, firstTokenTimeoutMs: 9000 }),
    "/models/0/firstTokenTimeoutMs threshold_in_reach",
  ],
  [
    "a pause between tokens where none is streamed",
    tier({ stream: false, idleTimeoutMs: 500 }),
    "/models/0/idleTimeoutMs policy_can_act",
  ],
  ["a prompt longer than any window", { limits: { promptTokens: 200_000 } }, "/limits/promptTokens threshold_in_reach"],
];
for (const [what, changes, told] of refused) {
  test(`refused: ${what}`, () => assert.deepEqual(broken(changes), [told]));
}

const allowed: readonly [what: string, changes: object][] = [
  [
    "a fail mode while one of the guard's parts is on",
    { knobs: { injection: { ...off, model: "flag", failMode: "open" } } },
  ],
  [
    "an action on documents where none can come: scan may be given one",
    { knobs: { injection: { documents: "flag" } } },
  ],
  [
    "figures without a source where the context may be missing",
    {
      input: { schema: { ...author.input.schema, required: [] }, contextField: "text" },
      knobs: { grounding: { unsourced: "flag" } },
    },
  ],
  ["a canary in the template", { prompt: { user: "7f3a-9c21 {{text}}", canaries: ["7f3a-9c21"] } }],
  [
    "one pattern beside other words",
    { knobs: { pii: { custom: [custom, { ...custom, name: "card7", context: ["staff"] }] } } },
  ],
  ["help where self-harm ends the run", { helpAnswer: "Call 112.", knobs: { content: { self_harm: "fallback" } } }],
  ["a preset's time limits beside a short call", tier({ timeoutMs: 500 })],
  [
    "falling back to a second model",
    {
      models: [...models, { provider: "openai", model: "gpt-4o-mini" }],
      knobs: { retry: { timeout: "fall_back" } },
    },
  ],
  ["a limit of the prompt within the window", { limits: { promptTokens: 100_000 } }],
];
for (const [what, changes] of allowed) {
  test(`allowed: ${what}`, () => assert.deepEqual(broken(changes), []));
}

test("what is refused as idle stands beside what breaks another rule", () => {
  const changes = { maxAttempts: 1, knobs: { output: { reask: true, repair: true } } };
  assert.deepEqual(broken(changes), ["/knobs/output/repair policy_can_act", "/knobs/output/reask policy_can_act"]);
});

test("a fail mode of personal data that is all allowed is idle", () => {
  const read = readHarness({ ...author, policy: "minimal" });
  assert.ok(read.kind === "loaded");
  const entities = Object.fromEntries(Object.keys(read.definition.knobs.pii.entities).map((name) => [name, "allow"]));
  assert.deepEqual(broken({ knobs: { pii: { entities, failMode: "open" } } }), ["/knobs/pii/failMode policy_can_act"]);
  assert.deepEqual(broken({ knobs: { pii: { entities, custom: [custom], failMode: "closed" } } }), []);
});
