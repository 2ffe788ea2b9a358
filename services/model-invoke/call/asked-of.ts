/**
 * What every call of a run asks of its model beside the messages: the harness's
 * own settings, and what its caller may add to them. It is the same for the
 * first call, a fallback, a hedge and a further attempt.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { CallOptions } from "../../../schemas/parts/call-options.ts";
import type { ProviderCall } from "../../providers/provider-call.ts";

export type Asked = Pick<
  ProviderCall,
  "temperature" | "topP" | "stop" | "tools" | "toolChoice" | "parallelToolCalls" | "jsonSchema"
>;

/** A temperature and a schema of the harness's own hold, whatever the caller asks for. */
export function askedOf(
  { temperature, output }: Pick<HarnessDefinition, "temperature" | "output">,
  options: CallOptions = {},
): Asked {
  return {
    temperature: temperature ?? options.temperature,
    topP: options.top_p,
    stop: options.stop,
    tools: options.tools,
    toolChoice: options.tool_choice,
    parallelToolCalls: options.parallel_tool_calls,
    jsonSchema: output.format === "json" ? output.schema : options.output_schema,
  };
}
