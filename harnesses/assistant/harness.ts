/**
 * Worked example, policy `standard`: a general assistant for applications that
 * bring their own conversation, instructions, tools and answer's schema, as
 * clients of OpenAI's and Anthropic's APIs do. A conversation that is too long
 * for a model loses its oldest turns, a call of a tool never without its result.
 */
import { z } from "zod";
import { conversation, defineHarness } from "../../services/definitions/define-harness.ts";

const callers = { instructions: true, tools: true, outputSchema: true, sampling: true };

export const harness = defineHarness({
  name: "assistant",
  description: "Answers a conversation, with the caller's own instructions, tools and answer's schema",
  policy: "standard",
  input: {
    schema: z.strictObject({ messages: conversation(callers) }),
  },
  prompt: { messages: "messages" },
  output: { maxTokens: 4096 },
  models: [
    { provider: "openai", model: "gpt-4o", timeoutMs: 60_000, contextWindowTokens: 128_000 },
    { provider: "anthropic", model: "claude-3-5-sonnet-latest", timeoutMs: 60_000, contextWindowTokens: 200_000 },
    { provider: "openai", model: "gpt-4o-mini", timeoutMs: 30_000, contextWindowTokens: 128_000 },
  ],
  callers,
  deadlineMs: 300_000,
});
