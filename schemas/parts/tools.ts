/**
 * Tools that a caller lets the model use, and the model's calls of them. The
 * names and shapes are those that OpenAI's and Anthropic's APIs share;
 * arguments are a JSON object, so that what is redacted in one leaves it JSON.
 */
import { z } from "zod";

export const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, "letters, digits, _ and -, at most 64");

const toolCallId = z.string().min(1).max(128);

export const tool = z.strictObject({
  name: toolName,
  description: z.string().max(8192).optional().describe("Tells the model what it is for"),
  parameters: z.record(z.string(), z.json()).optional().describe("JSON Schema of its arguments; none when absent"),
});

export const toolChoice = z
  .union([z.enum(["auto", "none", "required"]), z.strictObject({ name: toolName })])
  .describe("Whether the model may, must not or must use one, or which; auto when absent");

export const toolCall = z.strictObject({
  id: toolCallId,
  name: toolName,
  arguments: z.record(z.string(), z.json()),
});

/** As the model wrote it: the arguments may be anything. */
export const writtenToolCall = z.object({
  id: toolCallId,
  name: z.string().max(256),
  arguments: z.string().describe("JSON if the model kept to it"),
});

export type Tool = z.infer<typeof tool>;
export type ToolChoice = z.infer<typeof toolChoice>;
export type ToolCall = z.infer<typeof toolCall>;
export type WrittenToolCall = z.infer<typeof writtenToolCall>;
