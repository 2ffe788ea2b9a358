/**
 * What an author wrote and nothing can come of: a setting of a guard that is off,
 * a limit that another one ends before, an answer for a case that never
 * comes. Judged on what was written, not on what a preset brought along, and
 * only where definitions are read from their authors: a definition that is
 * published already stays in force.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import type { HarnessSpec } from "../harness-spec.ts";

type Rule = (spec: HarnessSpec, definition: HarnessDefinition) => readonly Reason[];

/** [] when all can act. Paths are JSON pointers into what the author wrote. */
export function idleSettings(spec: HarnessSpec, definition: HarnessDefinition): readonly Reason[] {
  return rules.flatMap((rule) => rule(spec, definition));
}

const rules: readonly Rule[] = [
  failModesHaveGuards,
  leaksHaveSources,
  sourcesAreAskedFor,
  customEntitiesDiffer,
  helpCanBeGiven,
  attemptsCanBeMade,
  fallBackHasWhere,
  timeLimitsInReach,
  promptLimitInReach,
];

function idle(path: string, message: string): Reason {
  return { code: "definition_invalid", path, rule: "policy_can_act", message };
}

function outOfReach(path: string, message: string): Reason {
  return { code: "definition_invalid", path, rule: "threshold_in_reach", message };
}

function failModesHaveGuards({ knobs }: HarnessSpec, definition: HarnessDefinition): readonly Reason[] {
  const { injection, pii, content } = definition.knobs;
  const { action, documents, model } = injection;
  const reasons: Reason[] = [];
  if (knobs.injection?.failMode !== undefined && [action, documents, model].every((each) => each === "off"))
    reasons.push(idle("/knobs/injection/failMode", "action, documents and model are off: nothing can fail"));
  const actions = [...Object.values(pii.entities), ...pii.custom.map((custom) => custom.action)];
  if (knobs.pii?.failMode !== undefined && actions.every((each) => each === "allow"))
    reasons.push(idle("/knobs/pii/failMode", "every kind of personal data is allowed: nothing can fail"));
  if (knobs.content?.moderationFailMode !== undefined && content.moderation === "off")
    reasons.push(idle("/knobs/content/moderationFailMode", "knobs.content.moderation is off"));
  return reasons;
}

function leaksHaveSources({ knobs: { leaks, grounding }, prompt, input }: HarnessSpec): readonly Reason[] {
  const reasons: Reason[] = [];
  if (prompt.system === "" && leaks?.systemPrompt !== undefined && leaks.systemPrompt !== "off")
    reasons.push(idle("/knobs/leaks/systemPrompt", "prompt.system is empty: there is nothing to give away"));
  const { contextField, schema } = input;
  const required: unknown = schema["required"];
  const isGiven = contextField !== undefined && Array.isArray(required) && required.includes(contextField);
  if (isGiven && grounding?.unsourced !== undefined && grounding.unsourced !== "off") {
    const message = `it acts where there is no context, and ${contextField} is required: use unsupported`;
    reasons.push(idle("/knobs/grounding/unsourced", message));
  }
  return reasons;
}

function sourcesAreAskedFor({ prompt }: HarnessSpec, { knobs }: HarnessDefinition): readonly Reason[] {
  if (prompt.canaries === undefined) return [];
  if (knobs.leaks.canaries === "off") return [idle("/prompt/canaries", "knobs.leaks.canaries is off")];
  return prompt.canaries.flatMap((canary, index) =>
    prompt.system.includes(canary) || prompt.user.includes(canary)
      ? []
      : [idle(`/prompt/canaries/${index}`, "it stands nowhere in the prompt: no answer can give it away")],
  );
}

function customEntitiesDiffer({ knobs }: HarnessSpec): readonly Reason[] {
  const custom = knobs.pii?.custom ?? [];
  return custom.flatMap(({ pattern, context }, index) => {
    const first = custom.findIndex((other) => other.pattern === pattern && String(other.context) === String(context));
    const message = `${custom[first]?.name ?? ""} has the same pattern: what it finds is found already`;
    return first === index ? [] : [idle(`/knobs/pii/custom/${index}/pattern`, message)];
  });
}

function helpCanBeGiven({ helpAnswer }: HarnessSpec, { knobs }: HarnessDefinition): readonly Reason[] {
  if (helpAnswer === undefined || knobs.content.self_harm === "fallback") return [];
  return [idle("/helpAnswer", `knobs.content.self_harm is ${knobs.content.self_harm}: only fallback gives it`)];
}

function attemptsCanBeMade(spec: HarnessSpec, { knobs, maxAttempts }: HarnessDefinition): readonly Reason[] {
  const reasons: Reason[] = [];
  if (spec.knobs.output?.reask === true && maxAttempts === 1)
    reasons.push(idle("/knobs/output/reask", "maxAttempts is 1: there is no second attempt"));
  if (spec.maxAttempts !== undefined && spec.maxAttempts > 1 && !knobs.output.reask)
    reasons.push(outOfReach("/maxAttempts", "knobs.output.reask is false: there is no second attempt"));
  return reasons;
}

function fallBackHasWhere({ knobs, models }: HarnessSpec): readonly Reason[] {
  if (models.length > 1) return [];
  return Object.entries(knobs.retry ?? {}).flatMap(([outcome, action]) =>
    action === "fall_back" ? [idle(`/knobs/retry/${outcome}`, "there is no second model to fall back to")] : [],
  );
}

const partialLimits = ["connectTimeoutMs", "firstTokenTimeoutMs", "idleTimeoutMs"] as const;

function timeLimitsInReach({ models }: HarnessSpec, definition: HarnessDefinition): readonly Reason[] {
  return definition.models.flatMap(({ timeoutMs, stream }, index) => {
    const written = models[index];
    if (written === undefined) return [];
    const reasons: Reason[] = [];
    const at = (name: string) => `/models/${index}/${name}`;
    if (written.timeoutMs !== undefined && written.timeoutMs > definition.deadlineMs)
      reasons.push(outOfReach(at("timeoutMs"), `the run's time is over after ${definition.deadlineMs} ms`));
    for (const name of partialLimits) {
      const limit = written[name];
      if (limit === undefined) continue;
      if (!stream && name !== "connectTimeoutMs")
        reasons.push(idle(at(name), "stream is false: no token is seen before the last"));
      else if (limit > timeoutMs) reasons.push(outOfReach(at(name), `the whole call may take ${timeoutMs} ms`));
    }
    return reasons;
  });
}

function promptLimitInReach({ limits }: HarnessSpec, { models, output }: HarnessDefinition): readonly Reason[] {
  const room = Math.max(...models.map(({ contextWindowTokens }) => contextWindowTokens)) - output.maxTokens;
  if (limits?.promptTokens === undefined || limits.promptTokens <= room) return [];
  return [outOfReach("/limits/promptTokens", `no window has room for more than ${room} tokens of prompt`)];
}
