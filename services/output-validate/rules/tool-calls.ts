/**
 * Judges the tools that an answer calls. Reading: each call names a tool that
 * was offered, its arguments are one JSON object (mended where the policy
 * allows it, never coerced), and there are as many calls as were asked for.
 * Holding: the arguments keep the tool's own schema. Reasons name call, field
 * and rule, never a value: `/tool_calls/0/arguments/city`.
 */
import type { CallOptions } from "../../../schemas/parts/call-options.ts";
import type { GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import type { Tool, ToolCall, WrittenToolCall } from "../../../schemas/parts/tools.ts";
import { rememberedSchema } from "../../guards/contract/remembered-schema.ts";
import { breachesOf, type JsonSchema } from "../../guards/output/judge-contract.ts";
import type { JsonValue } from "../../guards/output/json-value.ts";
import { faultMessage, readJson } from "./read-output.ts";

export type CallRules = Pick<
  CallOptions,
  "tools" | "tool_choice" | "parallel_tool_calls" | "max_output_tokens" | "output_schema"
>;

export interface ReadCalls {
  /** Those that could be read. */
  readonly calls: readonly ToolCall[];
  /** Empty: all is as it was asked for. */
  readonly reasons: readonly Reason[];
  readonly report: GuardReport;
}

/** Deepest nesting of arguments: code reads them, and most of it reads them recursively. */
export const maxArgumentsDepth = 64;

/** An answer may hold many calls, each with many faults: of these its records and the model are told. */
const mostReasons = 20;

/** Null when the answer calls no tool and need not. */
export function readToolCalls(
  written: readonly WrittenToolCall[],
  rules: CallRules,
  mayRepair: boolean,
): ReadCalls | null {
  const missing = missingCall(written, rules);
  if (written.length === 0 && missing.length === 0) return null;
  const read = written.map((call, index) => readCall(call, rules, mayRepair, `/tool_calls/${index}`));
  const faults = [...missing, ...tooMany(written, rules), ...read.flatMap((one) => one.reasons)];
  const reasons = faults.slice(0, mostReasons);
  const calls = read.flatMap(({ call }) => call ?? []);
  const mended = read.filter(({ isMended }) => isMended).length;
  if (reasons.length > 0) return { calls, reasons, report: reportOf("tool_calls", reasons) };
  const done = mended === 0 ? {} : { verdict: "repaired" as const, detail: `arguments of ${mended} mended` };
  return { calls, reasons, report: { ...reportOf("tool_calls", []), ...done } };
}

/** `calls`: as they were read, each of a tool that is offered, the values of pseudonyms back in them. */
export function judgeArguments(
  calls: readonly ToolCall[],
  { tools = [] }: CallRules,
): { readonly reasons: readonly Reason[]; readonly report: GuardReport } {
  const faults = calls.flatMap(({ name, arguments: given }, index) =>
    breachesOf(given, schemaOf(tools.find((tool) => tool.name === name))).map(({ path = "", ...reason }) => ({
      ...reason,
      path: `/tool_calls/${index}/arguments${path}`,
    })),
  );
  const reasons = faults.slice(0, mostReasons);
  return { reasons, report: reportOf("tool_arguments", reasons) };
}

interface ReadCall {
  readonly call?: ToolCall;
  readonly isMended: boolean;
  readonly reasons: readonly Reason[];
}

function readCall(
  { id, name, arguments: text }: WrittenToolCall,
  { tools = [], tool_choice: choice = "auto" }: CallRules,
  mayRepair: boolean,
  path: string,
): ReadCall {
  const unread = (...reasons: readonly Reason[]): ReadCall => ({ isMended: false, reasons });
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined || choice === "none")
    return unread({ code: "tool_not_offered", message: "no such tool is offered", path: `${path}/name` });
  if (typeof choice === "object" && choice.name !== name)
    return unread({ code: "tool_not_chosen", message: `${choice.name} alone is to be called`, path: `${path}/name` });
  const at = `${path}/arguments`;
  // What providers send of a call without arguments.
  const isBlank = text.trim() === "" && mayRepair;
  const read = readJson(isBlank ? "{}" : text, { ...schemaOf(tool), type: "object" }, mayRepair);
  if (read.kind === "unreadable")
    return unread({ code: read.fault, message: faultMessage(read.fault, "the arguments' text"), path: at });
  const defect = isObject(read.value) ? defectIn(read.value, 1) : notAnObject;
  if (defect !== null || !isObject(read.value)) return unread({ ...(defect ?? notAnObject), path: at });
  return { call: { id, name, arguments: read.value }, isMended: isBlank || read.steps.length > 0, reasons: [] };
}

const notAnObject: Reason = { code: "arguments_not_object", message: "the arguments must be a JSON object" };
const tooDeep: Reason = { code: "json_too_deep", message: `the arguments are nested deeper than ${maxArgumentsDepth}` };
const unsafeKey: Reason = { code: "json_key_refused", message: "no field may be named __proto__" };

/** What could hurt the code that gets them. A value that was read has a bounded depth, so this may recurse. */
function defectIn(value: JsonValue, depth: number): Reason | null {
  if (typeof value !== "object" || value === null) return null;
  if (depth > maxArgumentsDepth) return tooDeep;
  if (Object.hasOwn(value, "__proto__")) return unsafeKey;
  for (const inner of Object.values(value)) {
    const defect = defectIn(inner, depth + 1);
    if (defect !== null) return defect;
  }
  return null;
}

function missingCall(written: readonly WrittenToolCall[], { tool_choice: choice = "auto" }: CallRules): Reason[] {
  if (written.length > 0 || choice === "auto" || choice === "none") return [];
  const which = choice === "required" ? "a tool" : choice.name;
  return [{ code: "tool_call_missing", message: `the answer must call ${which}`, path: "/tool_calls" }];
}

function tooMany(written: readonly WrittenToolCall[], { parallel_tool_calls: parallel = true }: CallRules): Reason[] {
  const path = "/tool_calls";
  const ids = new Set(written.map(({ id }) => id));
  return [
    ...(parallel || written.length < 2
      ? []
      : [{ code: "tool_calls_too_many", message: "one tool alone may be called at a time", path }]),
    ...(ids.size === written.length
      ? []
      : [{ code: "tool_call_id_repeated", message: "two calls have the same id", path }]),
  ];
}

const withoutParameters: JsonSchema = { type: "object", additionalProperties: false };

function schemaOf(tool: Tool | undefined): JsonSchema {
  return tool?.parameters === undefined ? withoutParameters : rememberedSchema(tool.parameters);
}

function reportOf(guard: string, reasons: readonly Reason[]): GuardReport {
  const findings = reasons.map(({ code, rule = code, path, message }) => ({
    rule,
    version: "1",
    severity: "high" as const,
    field: path?.slice(1) ?? "answer",
    message,
  }));
  return { guard, verdict: reasons.length === 0 ? "passed" : "failed", findings };
}

function isObject(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
