/**
 * Turns what an author wrote into a whole definition: the preset's knobs with
 * the author's overrides on top, every default written out. A preset's knob
 * that has nothing to act on in this harness is resolved to its idle value; an
 * author's override of that kind stays and fails the rules.
 */
import type { HarnessDefinition, ModelTier, PolicyKnobs } from "../../schemas/control/harness-definition.ts";
import { contentCategory } from "../../schemas/parts/codes.ts";
import type { Reason } from "../../schemas/parts/finding.ts";
import { declaredChannels, hasUntrusted } from "./input/channels.ts";
import { defaultModerator, type HarnessSpec } from "./harness-spec.ts";
import { withConversation } from "./prompt/conversation-schema.ts";
import { raisedKnobs } from "./compliance/compliance-presets.ts";
import { knownContextWindows, presets, type Preset } from "./presets.ts";

/** @throws Error when a model's context window is neither given nor known: see `unknownWindows`. */
export function resolveHarness(spec: HarnessSpec): HarnessDefinition {
  const preset = presets[spec.policy];
  const maxAttempts = spec.maxAttempts ?? preset.maxAttempts;
  const knobs = resolveKnobs(spec, maxAttempts);
  const moderation = spec.moderation ?? (knobs.content.moderation === "off" ? undefined : defaultModerator);
  return {
    name: spec.name,
    description: spec.description,
    policy: spec.policy,
    ...(spec.compliance === undefined ? {} : { compliance: spec.compliance }),
    knobs,
    input: { ...spec.input, schema: withConversation(spec), channels: declaredChannels(spec.input) },
    prompt: { ...spec.prompt },
    output: {
      format: spec.output.schema === undefined ? "text" : "json",
      ...(spec.output.schema === undefined ? {} : { schema: spec.output.schema }),
      maxTokens: spec.output.maxTokens,
      destination: spec.output.destination ?? (spec.output.schema === undefined ? "plain" : "json"),
    },
    models: spec.models.map((tier) => resolveTier(tier, preset.model)),
    ...(spec.temperature === undefined ? {} : { temperature: spec.temperature }),
    ...(spec.callers === undefined ? {} : { callers: spec.callers }),
    deadlineMs: spec.deadlineMs ?? preset.deadlineMs,
    maxAttempts,
    ...(spec.limits === undefined ? {} : { limits: spec.limits }),
    ...(moderation === undefined ? {} : { moderation }),
    ...(spec.hedge === undefined ? {} : { hedge: spec.hedge }),
    ...(spec.degrade === undefined ? {} : { degrade: spec.degrade }),
    ...(spec.fallbackAnswer === undefined ? {} : { fallbackAnswer: spec.fallbackAnswer }),
    ...(spec.helpAnswer === undefined ? {} : { helpAnswer: spec.helpAnswer }),
    ...(spec.review === undefined ? {} : { review: spec.review }),
    ...(spec.retention === undefined ? {} : { retention: spec.retention }),
    ...(spec.traces === undefined ? {} : { traces: spec.traces }),
  };
}

function resolveKnobs(spec: HarnessSpec, maxAttempts: number): PolicyKnobs {
  const knobs = raisedKnobs(spec.compliance ?? [], presets[spec.policy].knobs);
  const { injection, pii, contextWindow, output, grounding, leaks, retry } = spec.knobs;
  const canTruncate = spec.input.longField !== undefined || spec.prompt.messages !== undefined;
  const canSpotlight = hasUntrusted(spec);
  const canRepair = spec.output.schema !== undefined;
  const reask = output?.reask ?? knobs.output.reask;
  const canEscalate = spec.models.length > 1 && maxAttempts > 1 && reask;
  const ungrounded = { contradictions: "off", unsupported: "off" } as const;
  const hasCanaries = spec.prompt.canaries !== undefined;
  return {
    injection: {
      action: injection?.action ?? knobs.injection.action,
      documents: injection?.documents ?? knobs.injection.documents,
      model: injection?.model ?? knobs.injection.model,
      spotlight: injection?.spotlight ?? (canSpotlight ? knobs.injection.spotlight : "off"),
      failMode: injection?.failMode ?? knobs.injection.failMode,
    },
    pii: {
      entities: { ...knobs.pii.entities, ...pii?.entities },
      custom: pii?.custom ?? knobs.pii.custom,
      failMode: pii?.failMode ?? knobs.pii.failMode,
    },
    contextWindow: { strategy: contextWindow?.strategy ?? (canTruncate ? knobs.contextWindow.strategy : "refuse") },
    output: {
      repair: output?.repair ?? (canRepair && knobs.output.repair),
      reask,
      escalate: output?.escalate ?? (canEscalate && knobs.output.escalate),
    },
    content: resolveContent(spec, knobs.content),
    grounding: {
      ...knobs.grounding,
      ...(spec.input.contextField === undefined ? ungrounded : {}),
      ...grounding,
    },
    leaks: { ...knobs.leaks, ...(hasCanaries ? {} : { canaries: "off" }), ...leaks },
    retry: { ...knobs.retry, ...retry },
  };
}

/** What a preset says of moderation sends no answer to a provider that the harness does not name. */
function resolveContent({ knobs: { content }, models, moderation }: HarnessSpec, preset: PolicyKnobs["content"]) {
  const knobs = {
    hate: content?.hate ?? preset.hate,
    harassment: content?.harassment ?? preset.harassment,
    self_harm: content?.self_harm ?? preset.self_harm,
    sexual: content?.sexual ?? preset.sexual,
    violence: content?.violence ?? preset.violence,
    moderationFailMode: content?.moderationFailMode ?? preset.moderationFailMode,
  };
  const isNamed = moderation !== undefined || models.some(({ provider }) => provider === defaultModerator.provider);
  const canAct = contentCategory.options.some((category) => knobs[category] !== "off");
  return { ...knobs, moderation: content?.moderation ?? (isNamed && canAct ? preset.moderation : "off") };
}

function resolveTier(tier: HarnessSpec["models"][number], preset: Preset["model"]): ModelTier {
  const contextWindowTokens = windowOf(tier);
  if (contextWindowTokens === undefined) throw new Error(`the context window of ${tier.model} is not known`);
  return {
    provider: tier.provider,
    model: tier.model,
    timeoutMs: tier.timeoutMs ?? preset.timeoutMs,
    stream: tier.stream ?? preset.stream,
    connectTimeoutMs: tier.connectTimeoutMs ?? preset.connectTimeoutMs,
    firstTokenTimeoutMs: tier.firstTokenTimeoutMs ?? preset.firstTokenTimeoutMs,
    idleTimeoutMs: tier.idleTimeoutMs ?? preset.idleTimeoutMs,
    contextWindowTokens,
  };
}

/** Models whose window is neither given nor known: nobody can say what fits them. */
export function unknownWindows(spec: HarnessSpec): Reason[] {
  return spec.models.flatMap((tier, index) => {
    if (windowOf(tier) !== undefined) return [];
    const message = `the context window of ${tier.model} is not known here: give contextWindowTokens`;
    return [
      { code: "definition_invalid", path: `/models/${index}/contextWindowTokens`, rule: "window_is_known", message },
    ];
  });
}

function windowOf({ model, contextWindowTokens }: HarnessSpec["models"][number]): number | undefined {
  return contextWindowTokens ?? (Object.hasOwn(knownContextWindows, model) ? knownContextWindows[model] : undefined);
}
