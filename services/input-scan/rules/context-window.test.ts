/** The prompt fits every model of the chain, the instruction is whole, and what was cut is known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { HarnessDefinition, ModelTier } from "../../../schemas/control/harness-definition.ts";
import { sampleHarness } from "../../../test/support/sample-definition.ts";
import { estimateTokens } from "../../guards/tokens/estimate.ts";
import { fitContextWindow } from "./context-window.ts";

function tier(contextWindowTokens: number, provider: ModelTier["provider"] = "openai"): ModelTier {
  return { provider, model: `m${contextWindowTokens}`, timeoutMs: 1000, contextWindowTokens };
}

interface Settings {
  readonly strategy?: "head" | "tail" | "refuse";
  readonly models?: ModelTier[];
  readonly user?: string;
  readonly system?: string;
}

function definitionOf({
  strategy = "head",
  models = [tier(1000)],
  user = "Read {{text}} and {{question}}",
  system = "Be exact.",
}: Settings): HarnessDefinition {
  return sampleHarness({
    knobs: { contextWindow: { strategy } },
    input: { schema: { type: "object" }, longField: "text", contextField: "text" },
    prompt: { system, user },
    models,
  });
}

const long = Array.from({ length: 4000 }, (_, at) => `word${at}`).join(" ");
const fit = (settings: Settings, input: Record<string, unknown>) => fitContextWindow(definitionOf(settings), input);
const userOf = (outcome: ReturnType<typeof fitContextWindow>) => outcome.prompt.messages.at(-1)?.content ?? "";

test("what fits is sent whole", () => {
  const outcome = fit({}, { text: "short", question: "why" });
  assert.equal(outcome.report.verdict, "passed");
  assert.equal(userOf(outcome), "Read short and why");
});

test("head keeps the beginning, and everything else whole", () => {
  const outcome = fit({ strategy: "head" }, { text: long, question: "why?" });
  assert.equal(outcome.report.verdict, "truncated");
  assert.match(userOf(outcome), /^Read word0 word1 .* and why\?$/);
  assert.equal(outcome.prompt.context, userOf(outcome).slice("Read ".length, -" and why?".length));
});

test("tail keeps the end", () => {
  assert.match(userOf(fit({ strategy: "tail" }, { text: long, question: "why?" })), /word3999 and why\?$/);
});

test("refuse cuts nothing and says by how much it is too long", () => {
  const outcome = fit({ strategy: "refuse" }, { text: long, question: "why" });
  assert.equal(outcome.report.verdict, "blocked");
  assert.match(outcome.reasons[0]?.message ?? "", /about \d+ tokens, 880 are permitted/);
  assert.equal(outcome.reasons[0]?.path, "/text");
});

test("when the rest alone is too long, the run is refused: the instruction is never cut", () => {
  const outcome = fit({ strategy: "head" }, { text: "short", question: long });
  assert.deepEqual(
    outcome.reasons.map(({ code }) => code),
    ["context_window"],
  );
});

test("the smallest window of the chain decides, each counted as its provider counts", () => {
  const outcome = fit({ models: [tier(128_000), tier(1000, "anthropic"), tier(1500)] }, { text: long, question: "" });
  const tokens = outcome.prompt.messages.reduce(
    (sum, { content }) => sum + 4 + estimateTokens(content, "anthropic"),
    0,
  );
  assert.ok(tokens <= 880 && tokens > 860, String(tokens));
});

test("what is told of a cut is of one model: what is left is no more than what that one permits", () => {
  const outcome = fit({ models: [tier(1000), tier(1500, "anthropic")] }, { text: long, question: "" });
  const [, after, permitted] = /tokens before, (\d+) after, (\d+) permitted$/.exec(outcome.report.detail ?? "") ?? [];
  assert.equal(permitted, "880");
  assert.ok(Number(after) <= 880 && Number(after) > 860, after);
});

test("a field that stands twice in the template is cut for both places", () => {
  const outcome = fit({ user: "{{text}} ... {{text}} {{question}}" }, { text: long, question: "?" });
  assert.equal(outcome.report.verdict, "truncated");
  assert.ok(outcome.prompt.tokens <= 880);
});

test("without a system prompt there is one message", () => {
  assert.deepEqual(fit({ system: "" }, { text: "a", question: "b" }).prompt.messages, [
    { role: "user", content: "Read a and b" },
  ]);
});

test("law: what is admitted fits, holds the whole instruction, and is well formed", () => {
  const words = fc.constantFrom("word ", "😀", "漢字", "12,5 ", "\n\n", "ü", "endless");
  const text = fc
    .tuple(fc.array(words, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 900 }))
    .map(([parts, times]) => parts.join("").repeat(times));
  fc.assert(
    fc.property(text, fc.constantFrom("head" as const, "tail" as const), (value, strategy) => {
      const outcome = fit({ strategy }, { text: value, question: "WHY" });
      if (outcome.reasons.length > 0) return;
      const user = userOf(outcome);
      assert.ok(outcome.prompt.tokens <= 880);
      assert.ok(user.startsWith("Read ") && user.endsWith(" and WHY") && user.isWellFormed());
      assert.equal(outcome.prompt.messages[0].content, "Be exact.");
    }),
    { numRuns: 200 },
  );
});
