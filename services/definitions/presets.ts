/**
 * The policy presets: every knob's value for `strict` (finance), `standard`
 * (general use) and `minimal` (internal tools), in one table. Documentation
 * and definitions are made from it, so the two cannot disagree.
 */
import type { PolicyKnobs, PolicyPreset } from "../../schemas/control/harness-definition.ts";
import { piiPreset } from "./privacy/pii-presets.ts";

export interface Preset {
  readonly knobs: PolicyKnobs;
  readonly maxAttempts: number;
  /** From the request's broker timestamp to the last paid step, milliseconds. */
  readonly deadlineMs: number;
  /** Total time one call to one model may take, milliseconds. */
  readonly modelTimeoutMs: number;
}

export const presets: Readonly<Record<PolicyPreset, Preset>> = {
  strict: {
    knobs: {
      injection: { action: "block", documents: "block", model: "flag", spotlight: "delimit", failMode: "closed" },
      pii: { entities: piiPreset("strict"), custom: [], failMode: "closed" },
      contextWindow: { strategy: "refuse" },
      output: { repair: false, escalate: true },
    },
    maxAttempts: 3,
    deadlineMs: 600_000,
    modelTimeoutMs: 60_000,
  },
  standard: {
    knobs: {
      injection: { action: "block", documents: "block", model: "flag", spotlight: "off", failMode: "closed" },
      pii: { entities: piiPreset("standard"), custom: [], failMode: "closed" },
      contextWindow: { strategy: "head" },
      output: { repair: true, escalate: true },
    },
    maxAttempts: 3,
    deadlineMs: 600_000,
    modelTimeoutMs: 60_000,
  },
  minimal: {
    knobs: {
      injection: { action: "flag", documents: "flag", model: "off", spotlight: "off", failMode: "open" },
      pii: { entities: piiPreset("minimal"), custom: [], failMode: "closed" },
      contextWindow: { strategy: "head" },
      output: { repair: true, escalate: false },
    },
    maxAttempts: 2,
    deadlineMs: 600_000,
    modelTimeoutMs: 60_000,
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
