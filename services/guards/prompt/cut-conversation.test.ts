/** Conversations with tools that are too long: a call and its results go together, and tools are counted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sampleHarness, sampleTier } from "../../../test/support/sample-definition.ts";
import type { CallOptions } from "../../../schemas/parts/call-options.ts";
import type { Message } from "../../../schemas/parts/content.ts";
import { readConversation } from "./conversation.ts";
import { cutMessages } from "./cut-messages.ts";
import { fitTier, permittedTokens, type Fit } from "./fit-tier.ts";
import { optionTokens } from "./option-tokens.ts";
import { renderPrompt } from "./render.ts";

const all = { instructions: true, tools: true };
const harness = sampleHarness({
  input: { schema: { type: "object" } },
  prompt: { system: "Answer.", user: "", messages: "turns" },
  callers: { ...all, outputSchema: false, sampling: false },
});
const words = (count: number): string => "word ".repeat(count).trim();
const told: Message = { role: "system", content: "Be kind." };

interface Chat {
  readonly turns: readonly Message[];
  readonly window: number;
  readonly options?: CallOptions;
}

function fitted({ turns, window, options }: Chat): { readonly fit: Fit; readonly sent: readonly Message[] | null } {
  const prompt = renderPrompt(harness, { turns });
  assert.ok(prompt !== null);
  const tier = sampleTier({ contextWindowTokens: window });
  const fit = fitTier(prompt, tier, { ...harness, options });
  return { fit, sent: fit.cuts === null ? null : cutMessages(prompt.messages, fit.cuts) };
}

/** The user asks, tools are called some times over with arguments and results of some length, the assistant says something. */
const exchange = fc
  .tuple(
    fc.integer({ min: 1, max: 60 }),
    fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 90 })), { maxLength: 3 }),
  )
  .map(([length, rounds]): readonly Message[] => [
    { role: "user", content: words(length) },
    ...rounds.flatMap(([calls, size]): readonly Message[] => {
      const ids = Array.from({ length: calls }, (_, at) => `id${at}`);
      const asked = ids.map((id) => ({ id, name: "look_up", arguments: { query: words(size) } }));
      const results = ids.map((id): Message => ({ role: "tool", content: words(size), tool_call_id: id }));
      return [{ role: "assistant", content: "", tool_calls: asked }, ...results];
    }),
    { role: "assistant", content: words(length) },
  ]);
const talk = fc
  .tuple(fc.array(exchange, { maxLength: 6 }), exchange, fc.boolean())
  .map(([older, last, between]): readonly Message[] => [
    ...older.flat(),
    ...(between ? [told] : []),
    ...last.slice(0, -1),
  ]);

test("law: whatever is cut, no result is without its call and no call without its results", () => {
  fc.assert(
    fc.property(talk, fc.integer({ min: 200, max: 4000 }), (turns, window) => {
      const { fit, sent } = fitted({ turns, window });
      if (sent === null) return;
      assert.ok(fit.tokens <= fit.permitted);
      const read = readConversation(sent.slice(1), all);
      assert.ok(read.kind === "read", JSON.stringify(read));
      assert.equal(read.messages.find(({ role }) => role !== "system")?.role, "user");
      assert.equal(read.messages.filter(({ role }) => role === "system").length, turns.includes(told) ? 1 : 0);
      const lastAsked = turns.findLastIndex(({ role }) => role === "user");
      const kept = turns.slice(lastAsked).map(({ content }) => content);
      assert.deepEqual(
        sent.slice(-kept.length).map(({ content }) => content),
        kept,
      );
    }),
    { numRuns: 300 },
  );
});

test("arguments of calls count, as much as words do", () => {
  const query = words(1000);
  const turns: Message[] = [
    { role: "user", content: "?" },
    { role: "assistant", content: "", tool_calls: [{ id: "a", name: "look_up", arguments: { query } }] },
    { role: "tool", content: "none", tool_call_id: "a" },
  ];
  assert.equal(fitted({ turns, window: 1100 }).sent, null);
  assert.ok(fitted({ turns, window: 3000 }).fit.tokens > 1000);
});

const tool = { name: "look_up", description: words(600) };

test("tools and a schema of the caller take room from the conversation", () => {
  const turns: Message[] = [
    { role: "user", content: words(300) },
    { role: "assistant", content: words(300) },
    { role: "user", content: words(300) },
  ];
  const window = 1300;
  const bare = fitted({ turns, window });
  const offered = fitted({ turns, window, options: { tools: [tool] } });
  assert.deepEqual([bare.sent?.length, offered.sent?.length], [4, 2]);
  assert.ok(offered.fit.tokens >= optionTokens({ tools: [tool] }, "openai") + 300);
  assert.equal(fitted({ turns, window: 1000, options: { tools: [tool] } }).sent, null);
});

test("a shorter answer leaves more room, and a longer one than the harness's no less", () => {
  const tier = sampleTier({ contextWindowTokens: 1000 });
  const permitted = (tokens: number): number =>
    permittedTokens(tier, { output: harness.output, options: { max_output_tokens: tokens } });
  assert.equal(permitted(40) - permittedTokens(tier, harness), harness.output.maxTokens - 40);
  assert.equal(permitted(5000), permittedTokens(tier, harness));
});
