/**
 * The rules that no single field can state: what one part of a definition says
 * must be possible beside the others. A policy that can match nothing is an
 * error too, because its author believes it does something.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import { contentCategory } from "../../../schemas/parts/codes.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import { authoringDefect, compileContract, contractDefect } from "../../guards/contract.ts";
import { hasUntrusted } from "../input/channels.ts";
import { brokenPrivacyRules } from "../privacy/privacy-rules.ts";
import { brokenPromptRules } from "../prompt/prompt-rules.ts";
import { brokenReviewRules } from "../review/review-rules.ts";
import { brokenRetentionRules } from "./retention-rules.ts";
import { brokenTraceRules } from "./trace-rules.ts";

type Rule = (definition: HarnessDefinition) => Reason[];

/** [] when the definition can be run. Paths are JSON pointers into the definition. */
export function brokenRules(definition: HarnessDefinition): Reason[] {
  return rules.flatMap((rule) => rule(definition));
}

const rules: readonly Rule[] = [
  inputSchemaCompiles,
  brokenPromptRules,
  contextFieldExists,
  channelsNameFields,
  outputHasContract,
  declaredAnswersKeepContract,
  chainNamesEachModelOnce,
  hedgeCanAct,
  knobsCanAct,
  moderationCanAct,
  retryCanHelp,
  brokenPrivacyRules,
  brokenReviewRules,
  brokenRetentionRules,
  brokenTraceRules,
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
  const defect = authoringDefect(input.schema);
  return defect === null ? [] : [broken("/input/schema", "schema_compiles", defect)];
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
  const defect = authoringDefect(output.schema);
  return defect === null ? [] : [broken("/output/schema", "schema_compiles", defect)];
}

function declaredAnswersKeepContract({ output, fallbackAnswer, helpAnswer }: HarnessDefinition): Reason[] {
  return Object.entries({ fallbackAnswer, helpAnswer }).flatMap(([name, answer]) => {
    if (answer === undefined) return [];
    if (output.format === "text") {
      if (typeof answer === "string") return [];
      return [broken(`/${name}`, "fallback_is_text", "must be a string, as the output is text")];
    }
    if (output.schema === undefined || contractDefect(output.schema) !== null) return [];
    return compileContract(output.schema)(answer).map(({ path = "", message }) =>
      broken(`/${name}${path}`, "fallback_keeps_contract", message),
    );
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

function hedgeCanAct({ hedge, models }: HarnessDefinition): Reason[] {
  if (hedge === undefined) return [];
  if (models.length < 2) return [broken("/hedge", "hedge_needs_second_model", "needs a second model to ask")];
  const longestMs = Math.max(...models.map(({ timeoutMs }) => timeoutMs));
  if (hedge.afterMs === undefined || hedge.afterMs < longestMs) return [];
  const message = `no call takes longer than ${longestMs} ms: its time limit ends it before`;
  return [broken("/hedge/afterMs", "policy_can_act", message)];
}

function knobsCanAct(definition: HarnessDefinition): Reason[] {
  const { knobs, input, prompt, output, models, maxAttempts } = definition;
  const reasons: Reason[] = [];
  const idle = (path: string, message: string) => reasons.push(broken(`/knobs/${path}`, "policy_can_act", message));
  if (knobs.contextWindow.strategy !== "refuse" && input.longField === undefined && prompt.messages === undefined) {
    idle("contextWindow/strategy", "nothing can be truncated without input.longField or prompt.messages");
  }
  if (knobs.injection.spotlight !== "off" && !hasUntrusted(definition)) {
    idle("injection/spotlight", "no input field is a document, and no tool's result can be in the input");
  }
  if (knobs.output.repair && output.format === "text") idle("output/repair", "a text output has no JSON to repair");
  if (knobs.output.escalate && (models.length < 2 || maxAttempts < 2 || !knobs.output.reask)) {
    idle("output/escalate", "needs a second model, a second attempt and output/reask");
  }
  for (const concern of ["contradictions", "unsupported"] as const) {
    if (knobs.grounding[concern] !== "off" && input.contextField === undefined)
      idle(`grounding/${concern}`, "nothing is known to hold the answer against without input.contextField");
  }
  if (knobs.leaks.canaries !== "off" && prompt.canaries === undefined) {
    idle("leaks/canaries", "prompt.canaries names none");
  }
  return reasons;
}

function moderationCanAct({ knobs: { content }, moderation }: HarnessDefinition): Reason[] {
  const idle = (path: string, message: string): Reason[] => [broken(path, "policy_can_act", message)];
  if (content.moderation === "off")
    return moderation === undefined ? [] : idle("/moderation", "knobs.content.moderation is off");
  if (moderation === undefined) return idle("/knobs/content/moderation", "nobody is named to be asked: moderation");
  if (contentCategory.options.some((category) => content[category] !== "off")) return [];
  return idle("/knobs/content/moderation", "every kind of content is off: nothing would be done about what it finds");
}

/** Failures that the same request to the same model with the same keys meets again. */
const lasting = ["bad_request", "unauthorized", "not_found"] as const;

function retryCanHelp({ knobs }: HarnessDefinition): Reason[] {
  return lasting
    .filter((outcome) => knobs.retry[outcome] === "retry")
    .map((outcome) =>
      broken(`/knobs/retry/${outcome}`, "retry_can_help", "the same request to the same model would end the same way"),
    );
}
