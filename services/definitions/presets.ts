/**
 * The policy presets: every knob's value for `strict` (finance), `standard`
 * (general use) and `minimal` (internal tools), in one table. Documentation
 * and definitions are made from it, so the two cannot disagree.
 */
import type { ModelTier, PolicyKnobs, PolicyPreset, RetryPolicy } from "../../schemas/control/harness-definition.ts";
import { piiPreset } from "./privacy/pii-presets.ts";

export interface Preset {
  readonly knobs: PolicyKnobs;
  readonly maxAttempts: number;
  /** From the request's broker timestamp to the last paid step, milliseconds. */
  readonly deadlineMs: number;
  /** What a tier of the chain gets where its author says nothing; milliseconds. */
  readonly model: Pick<
    ModelTier,
    "timeoutMs" | "stream" | "connectTimeoutMs" | "firstTokenTimeoutMs" | "idleTimeoutMs"
  >;
}

/** The same under every policy: what a model needs to answer does not depend on what is at stake. */
const modelDefaults: Preset["model"] = {
  timeoutMs: 60_000,
  stream: true,
  connectTimeoutMs: 5_000,
  firstTokenTimeoutMs: 30_000,
  idleTimeoutMs: 15_000,
};

/** The same under every policy: another model may do what this one could not, and none mends a bad request. */
const retryDefaults: RetryPolicy = {
  rate_limited: "fall_back",
  overloaded: "fall_back",
  server_error: "fall_back",
  timeout: "fall_back",
  connection: "fall_back",
  bad_request: "degrade",
  unauthorized: "fall_back",
  not_found: "fall_back",
  content_refused: "fall_back",
  truncated: "fall_back",
  malformed: "fall_back",
};

export const presets: Readonly<Record<PolicyPreset, Preset>> = {
  strict: {
    knobs: {
      injection: { action: "block", documents: "block", model: "flag", spotlight: "delimit", failMode: "closed" },
      pii: { entities: piiPreset("strict"), custom: [], failMode: "closed" },
      contextWindow: { strategy: "refuse" },
      output: { repair: false, reask: true, escalate: true },
      content: {
        hate: "fallback",
        harassment: "fallback",
        self_harm: "fallback",
        sexual: "fallback",
        violence: "flag",
        moderation: "always",
        moderationFailMode: "closed",
      },
      grounding: { contradictions: "retry", unsupported: "flag", unsourced: "flag" },
      leaks: { systemPrompt: "retry", canaries: "fallback", secrets: "fallback", personalData: "flag" },
      retry: retryDefaults,
    },
    maxAttempts: 3,
    deadlineMs: 600_000,
    model: modelDefaults,
  },
  standard: {
    knobs: {
      injection: { action: "block", documents: "block", model: "flag", spotlight: "off", failMode: "closed" },
      pii: { entities: piiPreset("standard"), custom: [], failMode: "closed" },
      contextWindow: { strategy: "head" },
      output: { repair: true, reask: true, escalate: true },
      content: {
        hate: "flag",
        harassment: "flag",
        self_harm: "fallback",
        sexual: "fallback",
        violence: "flag",
        moderation: "uncertain",
        moderationFailMode: "open",
      },
      grounding: { contradictions: "flag", unsupported: "flag", unsourced: "flag" },
      leaks: { systemPrompt: "retry", canaries: "fallback", secrets: "retry", personalData: "flag" },
      retry: retryDefaults,
    },
    maxAttempts: 3,
    deadlineMs: 600_000,
    model: modelDefaults,
  },
  minimal: {
    knobs: {
      injection: { action: "flag", documents: "flag", model: "off", spotlight: "off", failMode: "open" },
      pii: { entities: piiPreset("minimal"), custom: [], failMode: "closed" },
      contextWindow: { strategy: "head" },
      output: { repair: true, reask: true, escalate: false },
      content: {
        hate: "flag",
        harassment: "flag",
        self_harm: "flag",
        sexual: "flag",
        violence: "flag",
        moderation: "off",
        moderationFailMode: "open",
      },
      grounding: { contradictions: "off", unsupported: "off", unsourced: "off" },
      leaks: { systemPrompt: "flag", canaries: "flag", secrets: "flag", personalData: "off" },
      retry: retryDefaults,
    },
    maxAttempts: 2,
    deadlineMs: 600_000,
    model: modelDefaults,
  },
};

/** Context windows, input and output together, of models that people name most. Others state their own. */
export const knownContextWindows: Readonly<Record<string, number>> = {
  "gpt-4o": 128_000,
  "gpt-4o-mini": 128_000,
  "gpt-4.1": 1_047_576,
  "gpt-4.1-mini": 1_047_576,
  "gpt-4.1-nano": 1_047_576,
  "claude-3-5-sonnet-latest": 200_000,
  "claude-3-5-haiku-latest": 200_000,
  "claude-3-7-sonnet-latest": 200_000,
};
