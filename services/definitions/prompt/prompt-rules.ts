/**
 * What must hold of a definition's prompt: its fields exist, something of the
 * input reaches the model, what may be cut is text that is sent, a conversation
 * that is passed through is one, and every window has room for the instructions.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import { fixedTokens, permittedTokens } from "../../guards/prompt/fit-tier.ts";
import { estimateTokens } from "../../guards/tokens/estimate.ts";
import { parseTemplate } from "../template.ts";

type Fields = Readonly<Record<string, unknown>>;

export function brokenPromptRules(definition: HarnessDefinition): Reason[] {
  const fields = record(definition.input.schema["properties"]) ?? {};
  return [
    ...templateFieldsExist(definition, fields),
    ...conversationIsPassed(definition, fields),
    ...callersCanAct(definition),
    ...longFieldIsString(definition, fields),
    ...windowsHoldThePrompt(definition),
  ];
}

function broken(path: string, rule: string, message: string): Reason {
  return { code: "definition_invalid", path, rule, message };
}

function templateFieldsExist({ prompt }: HarnessDefinition, fields: Fields): Reason[] {
  const { parts, malformed } = parseTemplate(prompt.user);
  const used = parts.flatMap((part) => (part.kind === "field" ? [part.name] : []));
  const unknown = used.filter((name) => !Object.hasOwn(fields, name) && !malformed.some((text) => text.includes(name)));
  const reasons = [
    ...malformed.map((text) => broken("/prompt/user", "template_syntax", `${text} names no field`)),
    ...unknown.map((name) =>
      broken("/prompt/user", "template_field", `{{${name}}} is not a field of the input schema`),
    ),
  ];
  if (used.length === 0 && prompt.messages === undefined)
    reasons.push(broken("/prompt/user", "template_uses_input", "uses no input field: every run would ask the same"));
  return reasons;
}

/** The shape is asked of the schema, so that a client is told what is wrong by its own contract. */
function conversationIsPassed(definition: HarnessDefinition, fields: Fields): Reason[] {
  const { input, callers } = definition;
  const { messages: name } = definition.prompt;
  if (name === undefined) return [];
  if (!Object.hasOwn(fields, name))
    return [broken("/prompt/messages", "field_exists", `${name} is not a field of the input schema`)];
  const required = input.schema["required"];
  const list = resolved(fields[name], input.schema);
  const item = resolved(list?.["items"], input.schema);
  const parts = record(item?.["properties"]);
  const role = resolved(parts?.["role"], input.schema);
  const roles: readonly unknown[] = Array.isArray(role?.["enum"]) ? role["enum"] : [role?.["const"]];
  const permitted: readonly unknown[] = ["user", "assistant", ...rightsOf(callers).map((right) => rolesOf[right])];
  const needs: readonly unknown[] = Array.isArray(item?.["required"]) ? item["required"] : [];
  const isConversation =
    list?.["type"] === "array" &&
    Array.isArray(required) &&
    required.includes(name) &&
    needs.includes("role") &&
    needs.includes("content") &&
    roles.includes("user") &&
    roles.every((each) => permitted.includes(each)) &&
    (!roles.includes("tool") || turnsOfTools.every((part) => parts !== undefined && Object.hasOwn(parts, part))) &&
    resolved(parts?.["content"], input.schema)?.["type"] === "string";
  if (isConversation)
    return rightsOf(callers)
      .filter((right) => !roles.includes(rolesOf[right]))
      .map((right) => {
        const message = `needs ${rolesOf[right]} among the roles of ${name}: the conversation has no place for them`;
        return broken(`/callers/${right}`, "policy_can_act", message);
      });
  const message =
    `${name} must be a required array of objects with a required role (enum of ${permitted.join(", ")}) and a required ` +
    'content (string); "system" needs callers.instructions, "tool" callers.tools and the fields tool_calls and ' +
    "tool_call_id. A schema that is one: conversation() in TypeScript, $ref breakwater:conversation in YAML";
  return [broken("/prompt/messages", "field_is_conversation", message)];
}

const rolesOf = { instructions: "system", tools: "tool" } as const;
const turnsOfTools = ["tool_calls", "tool_call_id"];

function rightsOf(callers: HarnessDefinition["callers"]): readonly (keyof typeof rolesOf)[] {
  return (["instructions", "tools"] as const).filter((right) => callers?.[right] === true);
}

/** A right that nothing can come of is believed to do something. */
function callersCanAct({ callers, prompt, output }: HarnessDefinition): Reason[] {
  const idle = (right: string, message: string): Reason[] => [broken(`/callers/${right}`, "policy_can_act", message)];
  return [
    ...(callers?.instructions === true && prompt.messages === undefined
      ? idle("instructions", "needs prompt.messages: instructions of callers stand in their conversation")
      : []),
    ...(callers?.outputSchema === true && output.format === "json"
      ? idle("outputSchema", "the output has a schema already: callers can give one where it is text")
      : []),
  ];
}

function longFieldIsString({ input: { longField, schema }, prompt }: HarnessDefinition, fields: Fields): Reason[] {
  if (longField === undefined) return [];
  if (!Object.hasOwn(fields, longField))
    return [broken("/input/longField", "field_exists", `${longField} is not a field of the input schema`)];
  if (resolved(fields[longField], schema)?.["type"] !== "string")
    return [broken("/input/longField", "field_is_string", `${longField} must be a string to be truncated`)];
  const rendered = parseTemplate(prompt.user).parts.some((part) => part.kind === "field" && part.name === longField);
  if (rendered) return [];
  const message = `{{${longField}}} is not in the prompt: cutting it saves nothing`;
  return [broken("/input/longField", "field_is_rendered", message)];
}

function windowsHoldThePrompt(definition: HarnessDefinition): Reason[] {
  const { models, output, prompt } = definition;
  const instruction = parseTemplate(prompt.user)
    .parts.map((part) => (part.kind === "text" ? part.text : ""))
    .join("");
  return models.flatMap((tier, index) => {
    const tokens =
      estimateTokens(prompt.system, tier.provider) +
      estimateTokens(instruction, tier.provider) +
      fixedTokens(2, definition);
    if (tokens < permittedTokens(tier, definition)) return [];
    const message = `${tokens} tokens of instruction and ${output.maxTokens} of output leave no room for an input`;
    return [broken(`/models/${index}/contextWindowTokens`, "window_holds_prompt", message)];
  });
}

function record(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}

/** A schema, or what it refers to in the same document; one step, as schemas of fields are written. */
function resolved(schema: unknown, root: Fields): Fields | undefined {
  const own = record(schema);
  const reference = own?.["$ref"];
  if (typeof reference !== "string") return own;
  const path = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(reference);
  return record(record(root[path?.[1] ?? ""])?.[path?.[2] ?? ""]);
}
