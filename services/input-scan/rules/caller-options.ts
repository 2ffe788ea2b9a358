/**
 * Holds what a caller asks for beside the input to what the harness permits its
 * callers, and to what can be carried out. It narrows and adds: an answer longer
 * than the harness's is silently the harness's, and nothing that the definition
 * sets is replaced. Reasons name options, never what stands in them.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { CallerRights, CallOptions } from "../../../schemas/parts/call-options.ts";
import type { GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import type { Tool } from "../../../schemas/parts/tools.ts";
import { maxSchemaChars, readCallerSchema, weightOf, type JsonObject } from "../../guards/contract/caller-schema.ts";
import { outputLimit } from "../../guards/prompt/output-limit.ts";
import type { GuardOutcome } from "../policy.ts";

export interface OptionsOutcome extends GuardOutcome {
  /** As they may go on; undefined when nothing is asked for. */
  readonly options: CallOptions | undefined;
}

const guard = "caller_options";
/** Of all tools and the answer's schema together as JSON, UTF-16 code units. */
export const maxOfferedChars = 4 * maxSchemaChars;

/** Null when nothing is asked for. */
export function judgeOptions(definition: HarnessDefinition, options: CallOptions | undefined): OptionsOutcome | null {
  if (options === undefined || Object.keys(options).length === 0) return null;
  const tools = (options.tools ?? []).map(cleanTool);
  const schema = options.output_schema === undefined ? undefined : readCallerSchema(options.output_schema);
  const reasons = [
    ...notPermitted(definition, options),
    ...tooLong(options),
    ...tools.flatMap(({ reasons: own }, at) => own.map((reason) => invalid(`/tools/${at}${reason.path}`, reason))),
    ...repeatedNames(options),
    ...choiceOfNothing(options),
    ...(schema?.kind === "unusable"
      ? [invalid("/output_schema", { rule: "schema_is_usable", message: schema.why })]
      : []),
  ];
  if (reasons.length > 0) return { report: reportOf("blocked", options), reasons, options: undefined };
  const { tools: _tools, output_schema: _schema, max_output_tokens: most, ...rest } = options;
  const clean = {
    ...rest,
    ...(tools.length === 0 ? {} : { tools: tools.map(({ tool }) => tool) }),
    ...(schema?.kind === "usable" ? { output_schema: schema.schema } : {}),
    ...(most === undefined ? {} : { max_output_tokens: outputLimit(definition, options) }),
  };
  return { report: reportOf("passed", options), reasons, options: clean };
}

/** Names of options are ours; how many tools there are is worth knowing. */
function reportOf(verdict: GuardReport["verdict"], { tools, ...others }: CallOptions): GuardReport {
  const named = [...(tools === undefined ? [] : [`tools (${tools.length})`]), ...Object.keys(others)];
  return { guard, verdict, findings: [], detail: named.join(", ") };
}

const rightFor = {
  tools: "tools",
  tool_choice: "tools",
  parallel_tool_calls: "tools",
  output_schema: "outputSchema",
  temperature: "sampling",
  top_p: "sampling",
  stop: "sampling",
  max_output_tokens: null,
} as const satisfies Readonly<Record<keyof CallOptions, keyof CallerRights | null>>;

function notPermitted({ callers, temperature }: HarnessDefinition, options: CallOptions): readonly Reason[] {
  return Object.entries(rightFor).flatMap(([option, right]) => {
    if (right === null || !Object.hasOwn(options, option)) return [];
    if (callers?.[right] !== true) {
      const message = `this harness does not let its callers set ${option}: leave it out (its definition permits it by callers.${right})`;
      return [refusal(option, `callers.${right}`, message)];
    }
    if (option !== "temperature" || temperature === undefined) return [];
    return [refusal(option, "temperature", "this harness sets the temperature itself: leave it out")];
  });
}

function refusal(option: string, rule: string, message: string): Reason {
  return { code: "option_not_permitted", message, path: `/options/${option}`, rule };
}

interface Flaw {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

function invalid(path: string, { rule, message }: Omit<Flaw, "path">): Reason {
  return { code: "option_invalid", message, path: `/options${path}`, rule };
}

function cleanTool(tool: Tool): { readonly tool: Tool; readonly reasons: readonly Flaw[] } {
  if (tool.parameters === undefined) return { tool, reasons: [] };
  const read = readCallerSchema(tool.parameters);
  const flaw = (rule: string, message: string) => ({ tool, reasons: [{ path: "/parameters", rule, message }] });
  if (read.kind === "unusable") return flaw("schema_is_usable", read.why);
  if (!isOfObjects(read.schema)) return flaw("object_schema", 'must be a schema of type "object": arguments are one');
  return { tool: { ...tool, parameters: read.schema }, reasons: [] };
}

/** Providers refuse other ones; one that says nothing of the type is taken for what it must be. */
function isOfObjects({ type }: JsonObject): boolean {
  return type === undefined || type === "object";
}

function tooLong({ tools = [], output_schema: schema = {} }: CallOptions): readonly Reason[] {
  if (weightOf([tools, schema]) <= maxOfferedChars) return [];
  const message = `tools and output_schema together are longer than ${maxOfferedChars} characters`;
  return [invalid("", { rule: "options_size", message })];
}

function repeatedNames({ tools = [] }: CallOptions): readonly Reason[] {
  const names = tools.map(({ name }) => name);
  return names.flatMap((name, at) => {
    if (names.indexOf(name) === at) return [];
    return [invalid(`/tools/${at}/name`, { rule: "tool_once", message: "another tool has this name already" })];
  });
}

function choiceOfNothing({ tools = [], tool_choice: choice }: CallOptions): readonly Reason[] {
  const isOffered =
    choice === undefined ||
    (typeof choice === "string" ? tools.length > 0 : tools.some(({ name }) => name === choice.name));
  if (isOffered) return [];
  return [invalid("/tool_choice", { rule: "tool_is_offered", message: "names no tool among /options/tools" })];
}
