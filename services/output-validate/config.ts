/** The settings that output-validate reads beside those of every stage: the providers' are for moderation. */
import type { VariableName } from "../runtime/variables.ts";

export const outputValidateVariables = [
  "BREAKWATER_DEDUP_WINDOW_MS",
  "BREAKWATER_SECRET_KEY",
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_BASE_URL",
  "BREAKWATER_PROVIDERS_FILE",
] as const satisfies readonly VariableName[];
