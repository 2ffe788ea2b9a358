/** A message as the OpenAPI document shows it; the SDK's own types are what holds. */
import { z } from "zod";
import { toolName } from "../../../schemas/parts/tools.ts";

const block = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string(), citations: z.null() }),
  z.object({
    type: z.literal("tool_use"),
    id: z.string(),
    caller: z.object({ type: z.literal("direct") }),
    name: toolName,
    input: z.record(z.string(), z.json()),
  }),
]);

export const messageDocument = z
  .looseObject({
    id: z.string(),
    type: z.literal("message"),
    role: z.literal("assistant"),
    model: z.string().describe("The harness"),
    content: z.array(block).describe("Structured output is given as its text"),
    stop_reason: z.enum(["end_turn", "tool_use", "max_tokens"]),
    stop_sequence: z.null(),
    usage: z
      .looseObject({ input_tokens: z.int(), output_tokens: z.int() })
      .describe("Of all calls that the run paid for"),
  })
  .describe("Anthropic's message");
