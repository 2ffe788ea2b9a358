/** Conversations that are too long: the oldest turns go first, and never what the model must have. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sampleHarness, sampleTier } from "../../../test/support/sample-definition.ts";
import type { Message } from "../../../schemas/parts/content.ts";
import { cutMessages } from "./cut-messages.ts";
import { cutMarker, fitTier, type Strategy } from "./fit-tier.ts";
import { renderPrompt } from "./render.ts";

const words = (count: number): string => "word ".repeat(count).trim();
const turn = (role: "user" | "assistant", count: number): Message => ({ role, content: words(count) });

interface Chat {
  readonly turns: readonly Message[];
  readonly knowledge?: string;
  readonly strategy?: Strategy;
  readonly window?: number;
}

function fitted({ turns, knowledge = "", strategy = "head", window = 1100 }: Chat) {
  const harness = sampleHarness({
    input: { schema: { type: "object" }, longField: "knowledge" },
    prompt: { system: "Answer.", user: "Know: {{knowledge}}", messages: "turns" },
    knobs: { contextWindow: { strategy } },
    maxAttempts: 1,
  });
  const prompt = renderPrompt(harness, { knowledge, turns });
  assert.ok(prompt !== null);
  const fit = fitTier(prompt, sampleTier({ model: "gpt-4o", contextWindowTokens: window }), harness);
  return { fit, sent: fit.cuts === null ? null : cutMessages(prompt.messages, fit.cuts), turnsFrom: prompt.turnsFrom };
}

const long = [turn("user", 300), turn("assistant", 300), turn("user", 300), turn("assistant", 300), turn("user", 300)];

test("a conversation that fits is sent whole", () => {
  assert.deepEqual(fitted({ turns: long, window: 4000 }).fit.cuts, []);
});

test("the oldest turns go first, as few as it takes; what stays begins with the user", () => {
  const { sent } = fitted({ turns: long });
  assert.deepEqual(sent?.slice(2), long.slice(2));
});

test("when turns are enough, the knowledge stays whole", () => {
  const { sent } = fitted({ turns: long, knowledge: words(300) });
  assert.equal(sent?.[1]?.content, `Know: ${words(300)}`);
  assert.deepEqual(sent.slice(2), long.slice(4));
});

test("when they are not, only the last turn stays and the knowledge is cut", () => {
  const { sent, fit } = fitted({ turns: long, knowledge: words(5000) });
  assert.deepEqual(sent?.slice(2), long.slice(4));
  assert.match(sent[1]?.content ?? "", /^Know: word( word)+$/);
  assert.ok(fit.tokens <= 1000 && fit.tokens > 990, String(fit.tokens));
});

test("the last turn is never cut: what does not fit with it does not fit", () => {
  assert.equal(fitted({ turns: [turn("user", 2000)] }).fit.cuts, null);
  assert.equal(fitted({ turns: [...long, turn("user", 2000)], knowledge: words(10) }).fit.cuts, null);
});

test("refuse leaves out no turn", () => {
  assert.equal(fitted({ turns: long, strategy: "refuse" }).fit.cuts, null);
});

test("the middle's mark stands once for what is missing, and its tokens are counted", () => {
  const { sent, fit } = fitted({ turns: [turn("user", 5)], knowledge: words(5000), strategy: "middle" });
  assert.equal(sent?.[1]?.content.split(cutMarker).length, 2);
  assert.ok(fit.tokens <= 1000 && fit.tokens > 985, String(fit.tokens));
});

const turns = fc
  .array(fc.tuple(fc.constantFrom("user" as const, "assistant" as const), fc.integer({ min: 1, max: 400 })), {
    maxLength: 12,
  })
  .map((list) => [...list.map(([role, count]) => turn(role, count)), turn("user", 50)]);

test("law: what is sent fits, ends with the last turn whole, keeps the instructions, and more window never sends less", () => {
  const strategy = fc.constantFrom<Strategy>("head", "tail", "middle");
  fc.assert(
    fc.property(
      turns,
      strategy,
      fc.integer({ min: 0, max: 800 }),
      fc.integer({ min: 250, max: 2000 }),
      (list, keep, size, window) => {
        const chat = { turns: list, knowledge: words(size), strategy: keep };
        const { fit, sent } = fitted({ ...chat, window });
        const wider = fitted({ ...chat, window: window + 1 });
        if (sent === null) return;
        assert.ok(fit.tokens <= fit.permitted);
        assert.equal(sent[0]?.content, "Answer.");
        assert.match(sent[1]?.content ?? "", /^Know: /);
        assert.equal(sent.at(-1)?.content, words(50));
        assert.equal(sent[2]?.role === "user" || sent.length === list.length + 2, true);
        const length = (messages: readonly Message[] | null): number =>
          (messages ?? []).map(({ content }) => content).join("").length;
        assert.ok(length(wider.sent) >= length(sent) || (wider.sent?.length ?? 0) > sent.length);
      },
    ),
    { numRuns: 200 },
  );
});
