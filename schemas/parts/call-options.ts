/**
 * What a caller may ask for beside the harness's own settings, as far as the
 * harness's `callers` permit it. It narrows or adds, and replaces nothing that
 * the definition sets.
 */
import { z } from "zod";
import { tool, toolChoice } from "./tools.ts";

export const callOptions = z.strictObject({
  tools: z.array(tool).min(1).max(128).optional(),
  tool_choice: toolChoice.optional(),
  parallel_tool_calls: z.boolean().optional().describe("Whether one answer may call several; true when absent"),
  output_schema: z
    .record(z.string(), z.json())
    .optional()
    .describe("JSON Schema of the answer, where the harness answers in text; the answer then is JSON"),
  max_output_tokens: z.int().positive().optional().describe("At most the harness's own limit holds"),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().gt(0).max(1).optional(),
  stop: z.array(z.string().min(1).max(256)).min(1).max(4).optional().describe("The answer ends before one of these"),
});

/** What a harness permits of that; each is no unless its definition says so. */
export const callerRights = z.object({
  instructions: z.boolean().describe("System messages of their own in the conversation, after the harness's"),
  tools: z.boolean().describe("Tools of their own, and the model's calls of them as the answer"),
  outputSchema: z.boolean().describe("A JSON Schema of the answer; the harness's own output must be text"),
  sampling: z.boolean().describe("Temperature, top_p and stop sequences, where the harness sets none"),
});

export type CallerRights = z.infer<typeof callerRights>;
export type CallOptions = z.infer<typeof callOptions>;
