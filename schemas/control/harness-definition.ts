/**
 * A harness as it is published on harness-definitions: every knob resolved,
 * nothing left to a default at read time, so that the version (a hash of this
 * document) pins the whole behaviour of a run.
 */
import { z } from "zod";
import { providerName } from "../parts/codes.ts";
import { harnessRef } from "../parts/identity.ts";

const jsonSchema = z.record(z.string(), z.json()).describe("A JSON Schema, draft 2020-12");

/** What a guard does with what it finds. */
export const injectionAction = z.enum(["block", "flag", "off"]);
export const piiAction = z.enum(["block", "redact", "allow"]);
/** What happens when a guard could not run. */
export const failMode = z.enum(["closed", "open"]);

export const policyPreset = z.enum(["strict", "standard", "minimal"]);

export const policyKnobs = z.object({
  injection: z.object({ action: injectionAction, failMode }),
  pii: z.object({
    card: piiAction,
    ssn: piiAction,
    email: piiAction,
    failMode,
  }),
  contextWindow: z.object({
    strategy: z.enum(["head", "tail", "refuse"]).describe("Which end of the long field is kept; refuse cuts nothing"),
  }),
  output: z.object({
    repair: z.boolean().describe("Mend malformed JSON before asking again"),
    escalate: z.boolean().describe("Ask again one tier further down the model chain"),
  }),
});

export const modelTier = z.object({
  provider: providerName,
  model: z.string().min(1),
  timeoutMs: z.int().min(100).max(600_000).describe("Total time one call may take, milliseconds"),
  contextWindowTokens: z.int().positive().describe("Input and output together"),
});

export const harnessDefinition = z.object({
  name: harnessRef.shape.name,
  description: z.string().max(1000),
  policy: policyPreset,
  knobs: policyKnobs,
  input: z.object({
    schema: jsonSchema,
    longField: z.string().optional().describe("The top-level input field that may be truncated to fit"),
    contextField: z.string().optional().describe("The top-level input field that the answer must be grounded in"),
  }),
  prompt: z.object({
    system: z.string().describe("Instructions; never truncated"),
    user: z.string().describe("Template: {{field}} is replaced by that top-level input field"),
  }),
  output: z.object({
    format: z.enum(["text", "json"]),
    schema: jsonSchema.optional().describe("Contract of a json answer"),
    maxTokens: z.int().min(1).max(200_000),
  }),
  models: z.array(modelTier).min(1).max(8).describe("The chain: first choice first"),
  temperature: z.number().min(0).max(2).optional(),
  deadlineMs: z.int().min(1000).max(86_400_000).describe("From the request's broker timestamp to the last paid step"),
  maxAttempts: z.int().min(1).max(3),
  fallbackAnswer: z.json().optional().describe("Given as the output of a degraded run"),
});

export type PolicyPreset = z.infer<typeof policyPreset>;
export type PolicyKnobs = z.infer<typeof policyKnobs>;
export type ModelTier = z.infer<typeof modelTier>;
export type HarnessDefinition = z.infer<typeof harnessDefinition>;

/** The record on the topic, under key `name@version`. */
export const publishedDefinition = z.object({
  kind: z.literal("definition"),
  version: harnessRef.shape.version,
  definition: harnessDefinition,
});

/** The record under key `name`: which version new runs get. */
export const currentDefinition = z.object({
  kind: z.literal("current"),
  name: harnessRef.shape.name,
  version: harnessRef.shape.version,
});

export const definitionRecord = z.discriminatedUnion("kind", [publishedDefinition, currentDefinition]);
export type PublishedDefinition = z.infer<typeof publishedDefinition>;
export type DefinitionRecord = z.infer<typeof definitionRecord>;
