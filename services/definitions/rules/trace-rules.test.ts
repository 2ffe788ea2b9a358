/** When a harness may not ask for prompts or answers in traces. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readHarness } from "../define-harness.ts";

const author = {
  name: "traced",
  input: { schema: { type: "object", properties: { text: { type: "string" } } } },
  prompt: { user: "{{text}}" },
  models: [{ provider: "openai", model: "gpt-4o" }],
};
const canaries = { canaries: ["7f3a-9c21"] };
const prompts = { traces: { inputMessages: true } };
const answers = { traces: { outputMessages: true } };
const pii = (changes: object) => ({ knobs: { pii: changes } });

const cases: readonly [what: string, changes: object, told: readonly string[]][] = [
  [
    "both, where personal data is looked for and secrets are taken out",
    { traces: { inputMessages: true, outputMessages: true } },
    [],
  ],
  [
    "marks in the instructions, which stand in no trace",
    { ...prompts, prompt: { ...author.prompt, system: "7f3a-9c21", ...canaries } },
    [],
  ],
  ["neither", { traces: {} }, ["/traces policy_can_act"]],
  [
    "a guard that fails open",
    { ...prompts, ...pii({ failMode: "open" }) },
    ["/traces/inputMessages traces_hold_no_secret"],
  ],
  [
    "secrets that are let through",
    { ...answers, ...pii({ entities: { secret: "allow" } }) },
    ["/traces/outputMessages traces_hold_no_secret"],
  ],
  [
    "a mark in the template",
    { ...prompts, prompt: { user: "7f3a-9c21 {{text}}", ...canaries } },
    ["/traces/inputMessages traces_hold_no_secret"],
  ],
  [
    "content that has to end",
    { ...answers, retention: { contentMs: 86_400_000 } },
    ["/traces/outputMessages traces_hold_no_secret"],
  ],
];
for (const [what, changes, told] of cases)
  test(`${told.length === 0 ? "allowed" : "refused"}: ${what}`, () => {
    const read = readHarness({ ...author, ...changes });
    const reasons = read.kind === "loaded" ? [] : read.reasons.map(({ path, rule }) => `${path} ${rule}`);
    assert.deepEqual(reasons, told);
  });
