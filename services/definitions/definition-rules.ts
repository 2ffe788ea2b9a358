/**
 * The rules that no single field can state: what one part of a definition says
 * must be possible beside the others. A policy that can match nothing is an
 * error too, because its author believes it does something.
 */
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { Reason } from "../../schemas/parts/finding.ts";
import { compileContract, contractDefect } from "../guards/contract.ts";
import { estimateTokens, tokensPerMessage } from "../guards/tokens/estimate.ts";
import { hasUntrusted } from "./input/channels.ts";
import { brokenPrivacyRules } from "./privacy/privacy-rules.ts";
import { parseTemplate } from "./template.ts";

type Rule = (definition: HarnessDefinition) => Reason[];

/** [] when the definition can be run. Paths are JSON pointers into the definition. */
export function brokenRules(definition: HarnessDefinition): Reason[] {
  return rules.flatMap((rule) => rule(definition));
}

const rules: readonly Rule[] = [
  inputSchemaCompiles,
  templateFieldsExist,
  longFieldIsString,
  contextFieldExists,
  channelsNameFields,
  outputHasContract,
  fallbackKeepsContract,
  windowsHoldThePrompt,
  chainNamesEachModelOnce,
  knobsCanAct,
  brokenPrivacyRules,
];

function broken(path: string, rule: string, message: string): Reason {
  return { code: "definition_invalid", path, rule, message };
}

function inputFields({ input }: Pick<HarnessDefinition, "input">): Readonly<Record<string, unknown>> {
  const fields = input.schema["properties"];
  return typeof fields === "object" && fields !== null && !Array.isArray(fields) ? fields : {};
}

function inputSchemaCompiles({ input }: HarnessDefinition): Reason[] {
  if (input.schema["type"] !== "object")
    return [broken("/input/schema", "object_schema", 'must be a schema of type "object"')];
  const defect = contractDefect(input.schema);
  return defect === null ? [] : [broken("/input/schema", "schema_compiles", defect)];
}

function templateFieldsExist(definition: HarnessDefinition): Reason[] {
  const { parts, malformed } = parseTemplate(definition.prompt.user);
  const fields = inputFields(definition);
  const used = parts.flatMap((part) => (part.kind === "field" ? [part.name] : []));
  const unknown = used.filter((name) => !Object.hasOwn(fields, name) && !malformed.some((text) => text.includes(name)));
  const reasons = [
    ...malformed.map((text) => broken("/prompt/user", "template_syntax", `${text} names no field`)),
    ...unknown.map((name) =>
      broken("/prompt/user", "template_field", `{{${name}}} is not a field of the input schema`),
    ),
  ];
  if (used.length === 0)
    reasons.push(broken("/prompt/user", "template_uses_input", "uses no input field: every run would ask the same"));
  return reasons;
}

function longFieldIsString(definition: HarnessDefinition): Reason[] {
  const { longField } = definition.input;
  if (longField === undefined) return [];
  const field = inputFields(definition)[longField];
  if (field === undefined)
    return [broken("/input/longField", "field_exists", `${longField} is not a field of the input schema`)];
  const isString = typeof field === "object" && field !== null && "type" in field && field.type === "string";
  if (!isString)
    return [broken("/input/longField", "field_is_string", `${longField} must be a string to be truncated`)];
  const rendered = parseTemplate(definition.prompt.user).parts.some(
    (part) => part.kind === "field" && part.name === longField,
  );
  return rendered
    ? []
    : [
        broken(
          "/input/longField",
          "field_is_rendered",
          `{{${longField}}} is not in the prompt: cutting it saves nothing`,
        ),
      ];
}

function contextFieldExists(definition: HarnessDefinition): Reason[] {
  const { contextField } = definition.input;
  if (contextField === undefined || Object.hasOwn(inputFields(definition), contextField)) return [];
  return [broken("/input/contextField", "field_exists", `${contextField} is not a field of the input schema`)];
}

function channelsNameFields({ input }: HarnessDefinition): Reason[] {
  const fields = inputFields({ input });
  return Object.keys(input.channels ?? {})
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => broken("/input/channels", "field_exists", `${name} is not a field of the input schema`));
}

function outputHasContract({ output }: HarnessDefinition): Reason[] {
  if (output.format === "text") {
    return output.schema === undefined
      ? []
      : [broken("/output/schema", "text_has_no_schema", "a text output has no schema: set format json")];
  }
  if (output.schema === undefined)
    return [broken("/output/schema", "json_needs_schema", "a json output needs a schema")];
  const defect = contractDefect(output.schema);
  return defect === null ? [] : [broken("/output/schema", "schema_compiles", defect)];
}

function fallbackKeepsContract({ output, fallbackAnswer }: HarnessDefinition): Reason[] {
  if (fallbackAnswer === undefined) return [];
  if (output.format === "text") {
    return typeof fallbackAnswer === "string"
      ? []
      : [broken("/fallbackAnswer", "fallback_is_text", "must be a string, as the output is text")];
  }
  if (output.schema === undefined || contractDefect(output.schema) !== null) return [];
  return compileContract(output.schema)(fallbackAnswer).map((reason) =>
    broken(`/fallbackAnswer${reason.path ?? ""}`, "fallback_keeps_contract", reason.message),
  );
}

function windowsHoldThePrompt({ models, output, prompt }: HarnessDefinition): Reason[] {
  const instruction = parseTemplate(prompt.user)
    .parts.map((part) => (part.kind === "text" ? part.text : ""))
    .join("");
  return models.flatMap((tier, index) => {
    const tokens =
      estimateTokens(prompt.system, tier.provider) + estimateTokens(instruction, tier.provider) + 2 * tokensPerMessage;
    if (tokens + output.maxTokens < tier.contextWindowTokens) return [];
    const message = `${tokens} tokens of instruction and ${output.maxTokens} of output leave no room for an input`;
    return [broken(`/models/${index}/contextWindowTokens`, "window_holds_prompt", message)];
  });
}

function chainNamesEachModelOnce({ models }: HarnessDefinition): Reason[] {
  return models.flatMap((tier, index) => {
    const first = models.findIndex((other) => other.provider === tier.provider && other.model === tier.model);
    if (first === index) return [];
    return [
      broken(
        `/models/${index}`,
        "model_once",
        `${tier.model} is already tier ${first}: a second try of it is no fallback`,
      ),
    ];
  });
}

function knobsCanAct({ knobs, input, output, models, maxAttempts }: HarnessDefinition): Reason[] {
  const reasons: Reason[] = [];
  const idle = (path: string, message: string) => reasons.push(broken(`/knobs/${path}`, "policy_can_act", message));
  if (knobs.contextWindow.strategy !== "refuse" && input.longField === undefined) {
    idle("contextWindow/strategy", "nothing can be truncated without input.longField");
  }
  if (knobs.injection.spotlight !== "off" && !hasUntrusted(input)) {
    idle("injection/spotlight", "no input field is a document or a tool's result");
  }
  if (knobs.output.repair && output.format === "text") idle("output/repair", "a text output has no JSON to repair");
  if (knobs.output.escalate && (models.length < 2 || maxAttempts < 2)) {
    idle("output/escalate", "needs a second model and a second attempt");
  }
  return reasons;
}
