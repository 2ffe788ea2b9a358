/**
 * The one harness definition that tests start from: a text harness of one
 * model, by the standard preset. A test names what it changes; knobs are merged
 * as deep as they go, everything else is replaced. Knobs come from the preset
 * table, so that a new one needs no edit here.
 */
import {
  policyKnobs,
  type HarnessDefinition,
  type ModelTier,
  type PolicyKnobs,
} from "../../schemas/control/harness-definition.ts";
import { presets } from "../../services/definitions/presets.ts";

type Some<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]?: Some<Value[Key]> }
    : Value;

export interface DefinitionChanges extends Partial<Omit<HarnessDefinition, "knobs">> {
  readonly knobs?: Some<PolicyKnobs>;
}

export function sampleHarness({ knobs = {}, ...changes }: DefinitionChanges = {}): HarnessDefinition {
  return {
    name: "sample",
    description: "",
    policy: "standard",
    knobs: knobsWith(knobs),
    input: { schema: { type: "object", properties: { text: { type: "string" } } }, longField: "text" },
    prompt: { system: "Be brief.", user: "{{text}}" },
    output: { format: "text", maxTokens: 100 },
    models: [sampleTier({ timeoutMs: 1000 })],
    deadlineMs: 60_000,
    maxAttempts: 3,
    ...changes,
  };
}

/** A tier of the chain, gpt-4o unless it is said otherwise, with the limits of the presets. */
export function sampleTier(changes: Partial<ModelTier> = {}): ModelTier {
  return { ...presets.standard.model, provider: "openai", model: "gpt-4o", contextWindowTokens: 128_000, ...changes };
}

/** The knobs of the standard preset, as far as a harness without context, canaries and moderation has them, with these changes. */
export function knobsWith(changes: Some<PolicyKnobs>): PolicyKnobs {
  const sample = merged(presets.standard.knobs, {
    grounding: { contradictions: "off", unsupported: "off" },
    leaks: { canaries: "off" },
    content: { moderation: "off" },
  });
  return policyKnobs.parse(merged(sample, changes));
}

function merged(base: unknown, changes: unknown): unknown {
  if (changes === undefined) return base;
  if (!isGroup(base) || !isGroup(changes)) return changes;
  const keys = new Set([...Object.keys(base), ...Object.keys(changes)]);
  return Object.fromEntries(Array.from(keys, (key) => [key, merged(base[key], changes[key])]));
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
