/** A chat completion as the OpenAPI document shows it; the SDK's own types are what holds. */
import { z } from "zod";
import { toolName } from "../../../schemas/parts/tools.ts";

const call = z.object({
  id: z.string(),
  type: z.literal("function"),
  function: z.object({ name: toolName, arguments: z.string().describe("JSON") }),
});

const choice = z.object({
  index: z.literal(0),
  message: z.object({
    role: z.literal("assistant"),
    content: z.string().nullable().describe("Structured output is given as its text"),
    refusal: z.null(),
    annotations: z.array(z.never()),
    tool_calls: z.array(call).optional(),
  }),
  logprobs: z.null(),
  finish_reason: z.enum(["stop", "tool_calls", "length"]),
});

export const chatDocument = z
  .object({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.int(),
    model: z.string().describe("The harness"),
    service_tier: z.literal("default"),
    system_fingerprint: z.string().nullable().describe("The harness's version"),
    choices: z.array(choice),
    usage: z
      .object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() })
      .describe("Of all calls that the run paid for"),
  })
  .describe("OpenAI's chat completion");
