/**
 * What an answer must be: what the harness says, within what its caller asked
 * for. A schema of the caller's makes JSON of a harness that answers in text;
 * one that answers in JSON keeps its own.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { CallOptions } from "../../../schemas/parts/call-options.ts";
import { rememberedSchema } from "../../guards/contract/remembered-schema.ts";
import { outputLimit } from "../../guards/prompt/output-limit.ts";

export function wantedOutput(
  output: HarnessDefinition["output"],
  options: CallOptions = {},
): HarnessDefinition["output"] {
  const { output_schema: schema } = options;
  const maxTokens = outputLimit({ output }, options);
  if (schema === undefined || output.format === "json") return { ...output, maxTokens };
  return { ...output, maxTokens, format: "json", schema: rememberedSchema(schema) };
}
