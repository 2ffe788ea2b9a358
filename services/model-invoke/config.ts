/** The settings of model-invoke beside those of every stage: how long an attempt is remembered, and the providers. */
import type { VariableName } from "../runtime/variables.ts";

export const modelInvokeVariables = [
  "BREAKWATER_DEDUP_WINDOW_MS",
  "BREAKWATER_SECRET_KEY",
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_BASE_URL",
  "BREAKWATER_PROVIDERS_FILE",
] as const satisfies readonly VariableName[];
