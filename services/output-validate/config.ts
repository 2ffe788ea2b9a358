/** The settings that output-validate reads beside those of every stage. */
import type { VariableName } from "../runtime/variables.ts";

export const outputValidateVariables = [
  "BREAKWATER_DEDUP_WINDOW_MS",
  "BREAKWATER_SECRET_KEY",
] as const satisfies readonly VariableName[];
