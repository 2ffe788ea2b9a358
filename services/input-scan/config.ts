/**
 * The settings of input-scan beside those of every stage: the registry, needed
 * only for requests in the Confluent wire format.
 */
import type { VariableName } from "../runtime/variables.ts";

export const inputScanVariables = [
  "SCHEMA_REGISTRY_URL",
  "SCHEMA_REGISTRY_USER",
  "SCHEMA_REGISTRY_PASSWORD",
] as const satisfies readonly VariableName[];
