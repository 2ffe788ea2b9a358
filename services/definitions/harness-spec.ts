/**
 * What an author writes: a definition with few required fields, contracts as
 * JSON Schema (YAML) or, through defineHarness, as Zod. Unknown fields are
 * errors, so that a misspelt knob cannot be a silent default.
 */
import { z } from "zod";
import {
  customEntity,
  destination,
  failMode,
  groundingKnobs,
  harnessDefinition,
  hedge,
  injectionAction,
  leakKnobs,
  modelTier,
  moderation,
  moderationMode,
  outputAction,
  piiAction,
  policyPreset,
  retryAction,
  retryPolicy,
  spotlight,
} from "../../schemas/control/harness-definition.ts";
import { contextStrategy } from "../../schemas/parts/codes.ts";
import { callerRights } from "../../schemas/parts/call-options.ts";
import { retentionPolicy } from "../../schemas/policies/retention-policy.ts";
import { reviewPolicy } from "../../schemas/policies/review-policy.ts";
import { tracePolicy } from "../../schemas/policies/trace-policy.ts";
import { piiEntities } from "../guards/pii/entity.ts";

/** Who is asked for a second opinion on content where the author names nobody. */
export const defaultModerator = { provider: "openai", model: "omni-moderation-latest" } as const;

const shape = harnessDefinition.shape;
const degradeShape = shape.degrade.unwrap().shape;
const entity = z.enum(piiEntities.map((row) => row.entity));
const customEntitySpec = z.strictObject({
  ...customEntity.shape,
  severity: customEntity.shape.severity.default("medium"),
  context: customEntity.shape.context.default([]),
});

export const knobOverrides = z.strictObject({
  injection: z
    .strictObject({ action: injectionAction, documents: injectionAction, model: injectionAction, spotlight, failMode })
    .partial()
    .optional(),
  pii: z
    .strictObject({ entities: z.partialRecord(entity, piiAction), custom: z.array(customEntitySpec).max(20), failMode })
    .partial()
    .optional(),
  contextWindow: z.strictObject({ strategy: contextStrategy }).partial().optional(),
  output: z.strictObject({ repair: z.boolean(), reask: z.boolean(), escalate: z.boolean() }).partial().optional(),
  content: z
    .strictObject({
      hate: outputAction,
      harassment: outputAction,
      self_harm: outputAction,
      sexual: outputAction,
      violence: outputAction,
      moderation: moderationMode,
      moderationFailMode: failMode,
    })
    .partial()
    .optional(),
  grounding: z.partialRecord(groundingKnobs.keyof(), outputAction).optional(),
  leaks: z.partialRecord(leakKnobs.keyof(), outputAction).optional(),
  retry: z.partialRecord(retryPolicy.keyof(), retryAction).optional(),
});

export const harnessSpec = z.strictObject({
  name: shape.name,
  description: shape.description.default(""),
  policy: policyPreset.default("standard"),
  compliance: shape.compliance,
  knobs: knobOverrides.default({}),
  input: z.strictObject({ ...shape.input.shape }),
  prompt: z.strictObject({
    ...shape.prompt.shape,
    system: shape.prompt.shape.system.default(""),
    user: shape.prompt.shape.user.default(""),
  }),
  output: z
    .strictObject({
      schema: shape.output.shape.schema,
      maxTokens: shape.output.shape.maxTokens.default(1024),
      destination: destination.optional(),
    })
    .prefault({}),
  models: z
    .array(
      z.strictObject({
        provider: modelTier.shape.provider,
        model: modelTier.shape.model,
        timeoutMs: modelTier.shape.timeoutMs.optional(),
        stream: modelTier.shape.stream.optional(),
        connectTimeoutMs: modelTier.shape.connectTimeoutMs.optional(),
        firstTokenTimeoutMs: modelTier.shape.firstTokenTimeoutMs.optional(),
        idleTimeoutMs: modelTier.shape.idleTimeoutMs.optional(),
        contextWindowTokens: modelTier.shape.contextWindowTokens.optional(),
      }),
    )
    .min(1)
    .max(8),
  temperature: shape.temperature,
  callers: z
    .strictObject({
      instructions: callerRights.shape.instructions.default(false),
      tools: callerRights.shape.tools.default(false),
      outputSchema: callerRights.shape.outputSchema.default(false),
      sampling: callerRights.shape.sampling.default(false),
    })
    .optional(),
  deadlineMs: shape.deadlineMs.optional(),
  maxAttempts: shape.maxAttempts.optional(),
  limits: z.strictObject(shape.limits.unwrap().shape).optional(),
  moderation: z
    .strictObject({
      provider: moderation.shape.provider.default(defaultModerator.provider),
      model: moderation.shape.model.default(defaultModerator.model),
    })
    .optional(),
  hedge: z.strictObject(hedge.shape).optional(),
  degrade: z.strictObject({ lastGoodAnswer: z.strictObject(degradeShape.lastGoodAnswer.shape) }).optional(),
  fallbackAnswer: shape.fallbackAnswer,
  helpAnswer: shape.helpAnswer,
  review: z
    .strictObject({
      ...reviewPolicy.shape,
      when: reviewPolicy.shape.when.default("found"),
      onTimeout: reviewPolicy.shape.onTimeout.default("reject"),
    })
    .optional(),
  retention: z.strictObject(retentionPolicy.shape).optional(),
  traces: z
    .strictObject({
      inputMessages: tracePolicy.shape.inputMessages.default(false),
      outputMessages: tracePolicy.shape.outputMessages.default(false),
    })
    .optional(),
});

export type HarnessSpec = z.output<typeof harnessSpec>;
export type HarnessSpecInput = z.input<typeof harnessSpec>;
export type KnobOverrides = z.output<typeof knobOverrides>;
