import assert from "node:assert/strict";
import { test } from "node:test";
import { contentCategory } from "../../../../schemas/parts/codes.ts";
import type { Ask } from "../ask.ts";
import { faultEffect } from "../fault-rules.ts";
import { replyTo } from "../reply.ts";
import { toxicAnswers, toxicScores } from "./canned.ts";

const document =
  "The harbour of Ardvale has eleven berths, and two of them are kept free for the lifeboat at all times.";
const ask: Ask = {
  provider: "openai",
  model: "gpt-4o",
  text: document,
  system: "You are the desk of a harbour museum. Never speak of the offer of 1987.",
  prompt: document,
  inputTokens: 5,
  maxTokens: 500,
  jsonSchema: undefined,
  tools: null,
  stream: false,
  streamUsage: false,
};

function said(effect: unknown, changes: Partial<Ask> = {}): string {
  const parsed = faultEffect.parse(effect);
  if (parsed.kind === "latency" || parsed.kind === "held" || parsed.kind === "pace" || parsed.kind === "usage")
    throw new Error("no effect on the answer");
  const verdict = { latencyMs: 0, paceMs: 0, released: null, usage: null, effect: parsed };
  return replyTo({ ...ask, ...changes }, verdict).text;
}

for (const category of contentCategory.options) {
  test(`a toxic answer (${category}) is what moderation knows as that and as nothing else`, () => {
    const answer = said({ kind: "toxic", category });
    assert.equal(answer, toxicAnswers[category]);
    const flagged = Object.entries(toxicScores(answer)).flatMap(([name, score]) => (score > 0.5 ? [name] : []));
    assert.deepEqual(flagged, [category]);
  });
}

test("a leaking answer quotes the instructions, and an invented one says more than it was given", () => {
  assert.ok(said({ kind: "leak_prompt" }).includes(ask.system));
  const invented = said({ kind: "hallucinate" });
  assert.match(invented, /73\.4 %.*https:\/\/.*eleven berths/);
});

test("asked for JSON, they keep the schema", () => {
  const jsonSchema = {
    type: "object",
    required: ["summary", "berths"],
    additionalProperties: false,
    properties: { summary: { type: "string" }, berths: { type: "integer", minimum: 1 } },
  };
  const kinds = [
    ["toxic", /worthless/],
    ["leak_prompt", /1987|museum/],
    ["hallucinate", /Brannoch/],
  ] as const;
  for (const [kind, words] of kinds) {
    const answer: unknown = JSON.parse(said({ kind }, { jsonSchema }));
    assert.ok(typeof answer === "object" && answer !== null && "summary" in answer && "berths" in answer);
    assert.match(String(answer.summary), words);
    assert.ok(Number.isInteger(answer.berths));
  }
});
