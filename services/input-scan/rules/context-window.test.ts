/** Each tier is sent what fits it, the instruction is whole, and what was cut is known in tokens and money. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { HarnessDefinition, ModelTier } from "../../../schemas/control/harness-definition.ts";
import { sampleHarness, sampleTier } from "../../../test/support/sample-definition.ts";
import { cutMessages } from "../../guards/prompt/cut-messages.ts";
import { cutMarker } from "../../guards/prompt/fit-tier.ts";
import { tokenizerOf } from "../../guards/tokens/tokenizer.ts";
import { fitContextWindow, type ContextOutcome } from "./context-window.ts";

function tier(contextWindowTokens: number, more: Partial<ModelTier> = {}): ModelTier {
  return sampleTier({ provider: "openai", model: `m${contextWindowTokens}`, contextWindowTokens, ...more });
}

interface Settings {
  readonly strategy?: "head" | "tail" | "middle" | "refuse";
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
    maxAttempts: 1,
  });
}

const atMs = Date.UTC(2026, 10, 22);
const long = Array.from({ length: 4000 }, (_, at) => `word${at}`).join(" ");
const fit = (settings: Settings, input: Record<string, unknown>) =>
  fitContextWindow(definitionOf(settings), input, { atMs });

/** The messages as the tier gets them; undefined when it is passed over. */
function sent({ prompt }: ContextOutcome, at = 0) {
  if (prompt.fits === undefined) return prompt.messages;
  const own = prompt.fits.find((each) => each.tier === at);
  return own === undefined ? undefined : cutMessages(prompt.messages, own.cuts);
}
const userOf = (outcome: ContextOutcome, at = 0) => sent(outcome, at)?.at(-1)?.content ?? "";

test("what fits is sent whole", () => {
  const outcome = fit({}, { text: "short", question: "why" });
  assert.equal(outcome.report.verdict, "passed");
  assert.equal(outcome.prompt.fits, undefined);
  assert.equal(userOf(outcome), "Read short and why");
});

test("head keeps the beginning, and everything else whole", () => {
  const outcome = fit({ strategy: "head" }, { text: long, question: "why?" });
  assert.equal(outcome.report.verdict, "truncated");
  assert.match(userOf(outcome), /^Read word0 word1 .* and why\?$/);
  assert.equal(outcome.prompt.context, long);
});

test("tail keeps the end", () => {
  assert.match(userOf(fit({ strategy: "tail" }, { text: long, question: "why?" })), /^Read .*word3999 and why\?$/);
});

test("middle keeps both ends, and says in between that something is missing", () => {
  const user = userOf(fit({ strategy: "middle" }, { text: long, question: "why?" }));
  assert.match(user, /^Read word0 [^[]*\n\[\.\.\. cut \.\.\.\]\n[^[]*word3999 and why\?$/);
});

test("refuse cuts nothing and says by how much it is too long", () => {
  const outcome = fit({ strategy: "refuse" }, { text: long, question: "why" });
  assert.equal(outcome.report.verdict, "blocked");
  assert.match(outcome.reasons[0]?.message ?? "", /about \d+ tokens or more, 880 are permitted, .* cuts nothing/);
  assert.equal(outcome.reasons[0]?.path, "/text");
});

test("refuse passes over a tier that is too small, as long as another takes the prompt whole", () => {
  const outcome = fit({ strategy: "refuse", models: [tier(100_000), tier(1000)] }, { text: long, question: "" });
  assert.equal(outcome.report.verdict, "passed");
  assert.match(outcome.report.detail ?? "", /m100000 takes it whole.*m1000 cannot take it/);
  assert.deepEqual([userOf(outcome, 0).length > long.length, sent(outcome, 1)], [true, undefined]);
});

test("when the rest alone is too long, the run is refused: the instruction is never cut", () => {
  const outcome = fit({ strategy: "head" }, { text: "short", question: long });
  assert.deepEqual(
    outcome.reasons.map(({ code }) => code),
    ["context_window"],
  );
});

test("what each tier is sent says how much was cut for it, as the report does, and nothing where nothing was", () => {
  const models = [tier(500), tier(100_000)];
  const { report, prompt } = fit({ strategy: "head", models }, { text: "word ".repeat(2000), question: "" });
  assert.equal(prompt.fits?.[0]?.tokens_cut, report.cuts?.[0]?.tokens_cut);
  assert.ok((prompt.fits?.[0]?.tokens_cut ?? 0) > 1000);
  assert.equal("tokens_cut" in (prompt.fits?.[1] ?? {}), false);
});

test("every tier gets as much as fits it: a small fallback costs the first choice nothing", () => {
  const models = [tier(128_000), tier(1000, { provider: "anthropic" }), tier(1500)];
  const outcome = fit({ models }, { text: long, question: "" });
  assert.equal(userOf(outcome, 0), `Read ${long} and `);
  for (const [at, permitted] of [
    [1, 880],
    [2, 1370],
  ] as const) {
    const tokens = outcome.prompt.fits?.[at]?.input_tokens ?? 0;
    assert.ok(tokens <= permitted && tokens > permitted - 20, String(tokens));
  }
  assert.deepEqual(
    outcome.report.cuts?.map((cut) => [cut.tier, cut.permitted]),
    [
      [1, 880],
      [2, 1370],
    ],
  );
});

test("OpenAI's models are counted exactly: not a token of the window is left to chance", () => {
  const models = [tier(1000, { model: "gpt-4o" })];
  const outcome = fit({ models }, { text: long, question: "" });
  const exact = tokenizerOf({ provider: "openai", model: "gpt-4o" });
  const counted = (sent(outcome) ?? []).reduce((sum, { content }) => sum + 4 + exact.count(content, Infinity), 3);
  assert.ok(counted <= 900 && counted > 890, String(counted));
  assert.deepEqual([outcome.report.cuts?.[0]?.counted, outcome.prompt.tokens], ["exact", counted]);
});

test("a prompt that is cut leaves room to ask again with the errors, where the harness does", () => {
  const definition = { ...definitionOf({}), maxAttempts: 2 };
  const { prompt } = fitContextWindow(definition, { text: long, question: "" });
  assert.ok(prompt.tokens <= 830 && prompt.tokens > 810, String(prompt.tokens));
});

test("a prompt that was counted takes the counts along: another model's estimate must not shut a tier out later", () => {
  const text = "word ".repeat(880);
  const models = [tier(1000, { model: "gpt-4o" }), tier(2000, { provider: "anthropic" })];
  const { prompt, report } = fit({ models }, { text, question: "" });
  assert.equal(report.verdict, "passed");
  assert.deepEqual(
    prompt.fits?.map(({ tier: at, cuts }) => [at, cuts]),
    [
      [0, []],
      [1, []],
    ],
  );
  assert.ok((prompt.fits?.[0]?.input_tokens ?? 1000) <= 900);
  assert.equal(prompt.tokens, prompt.fits?.[1]?.input_tokens);
});

test("what was cut is recorded with its tokens and what they would have cost", () => {
  const models = [tier(1000, { model: "gpt-4o" })];
  const [cut] = fit({ models }, { text: long, question: "" }).report.cuts ?? [];
  assert.equal(cut?.characters, long.length - (userOf(fit({ models }, { text: long, question: "" })).length - 10));
  assert.ok(cut.tokens_cut > 5000 && cut.strategy !== undefined);
  assert.equal(Number(cut.saved_usd), (cut.tokens_cut * 2.5) / 1e6);
});

test("without a known price the money is unknown, not zero", () => {
  assert.equal(fit({}, { text: long, question: "" }).report.cuts?.[0]?.saved_usd, null);
});

test("the schema of the output is sent too, and its tokens are counted", () => {
  const base = definitionOf({ models: [tier(1000)] });
  const properties = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`field_${at}`, { type: "string" }]));
  const output = { format: "json" as const, schema: { type: "object", properties }, maxTokens: 100 };
  const input = { text: long, question: "" };
  const lengths = [base, { ...base, output }].map((definition) => userOf(fitContextWindow(definition, input)).length);
  assert.ok((lengths[0] ?? 0) > (lengths[1] ?? 0) + 300, String(lengths));
});

test("a field that stands twice in the template is cut for both places", () => {
  const outcome = fit({ user: "{{text}} ... {{text}} {{question}}" }, { text: long, question: "?" });
  assert.equal(outcome.report.verdict, "truncated");
  assert.ok(outcome.prompt.tokens <= 880);
  const [first, second] = userOf(outcome).split(" ... ");
  assert.equal(`${first} ?`, second);
});

test("what frames a field stays whole around the cut text", () => {
  const frames = new Map([["text", { before: "<doc>", after: "</doc>" }]]);
  const outcome = fitContextWindow(definitionOf({}), { text: long, question: "?" }, { frames });
  assert.match(userOf(outcome), /^Read <doc>word0 .*<\/doc> and \?$/);
});

test("without a system prompt there is one message", () => {
  assert.deepEqual(fit({ system: "" }, { text: "a", question: "b" }).prompt.messages, [
    { role: "user", content: "Read a and b" },
  ]);
});

const words = fc.constantFrom("word ", "😀", "漢字", "12,5 ", "\n\n", "ü", "endless", "e\u0301", "👩‍👧");
const text = fc
  .tuple(fc.array(words, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 900 }))
  .map(([parts, times]) => parts.join("").repeat(times));
const strategy = fc.constantFrom("head" as const, "tail" as const, "middle" as const);
const model = fc.constantFrom(tier(1000), tier(1000, { model: "gpt-4o" }), tier(1000, { provider: "anthropic" }));

test("law: what is sent fits, holds the whole instruction, and is well formed", () => {
  fc.assert(
    fc.property(text, strategy, model, (value, keep, by) => {
      const outcome = fit({ strategy: keep, models: [by] }, { text: value, question: "WHY" });
      if (outcome.reasons.length > 0) return;
      const user = userOf(outcome);
      assert.ok(outcome.prompt.tokens <= 900);
      assert.ok(user.startsWith("Read ") && user.endsWith(" and WHY") && user.isWellFormed());
      assert.equal(sent(outcome)?.[0]?.content, "Be exact.");
    }),
    { numRuns: 200 },
  );
});

const withoutMarker = (message: string): string => message.replace(cutMarker, "");

/** What a token more of room can lose, characters: a longer piece can cost less than a shorter one. 32 were seen once in 6,000. */
const wobble = 48;

test("law: what fits is never cut, and a larger window gets no less, but for the last few characters", () => {
  fc.assert(
    fc.property(text, strategy, model, fc.integer({ min: 150, max: 1500 }), (value, keep, by, window) => {
      const kept = (contextWindowTokens: number): number =>
        withoutMarker(
          userOf(fit({ strategy: keep, models: [{ ...by, contextWindowTokens }] }, { text: value, question: "" })),
        ).length;
      const whole = fit({ strategy: keep, models: [by] }, { text: value, question: "" });
      if (whole.report.verdict === "passed") assert.equal(userOf(whole), `Read ${value} and `);
      assert.ok(kept(window + 1) >= kept(window) - wobble);
      assert.ok(kept(window * 2) >= kept(window));
    }),
    { numRuns: 200 },
  );
});
