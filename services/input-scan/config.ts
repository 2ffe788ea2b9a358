/**
 * The settings of input-scan beside those of every stage: the registry, needed
 * only for requests in the Confluent wire format, and the key of policies that
 * hash or pseudonymise.
 */
import type { Config } from "../runtime/config.ts";
import type { VariableName } from "../runtime/variables.ts";
import type { WireFormatConfig } from "../runtime/wire-format.ts";

export const inputScanVariables = [
  "SCHEMA_REGISTRY_URL",
  "SCHEMA_REGISTRY_USER",
  "SCHEMA_REGISTRY_PASSWORD",
  "BREAKWATER_SECRET_KEY",
] as const satisfies readonly VariableName[];

export function registryOf(config: Pick<Config, `SCHEMA_REGISTRY_${"URL" | "USER" | "PASSWORD"}`>): WireFormatConfig {
  const { SCHEMA_REGISTRY_URL, SCHEMA_REGISTRY_USER, SCHEMA_REGISTRY_PASSWORD } = config;
  if (SCHEMA_REGISTRY_URL === undefined) return {};
  return { SCHEMA_REGISTRY_URL, SCHEMA_REGISTRY_USER, SCHEMA_REGISTRY_PASSWORD };
}
