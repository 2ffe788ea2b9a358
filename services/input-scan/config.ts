/**
 * The settings of input-scan beside those of every stage: the registry, needed
 * only for requests in the Confluent wire format, the key of policies that hash
 * or pseudonymise, and who the clients are.
 */
import type { Config } from "../runtime/config.ts";
import type { VariableName } from "../runtime/variables.ts";
import { ConfigError } from "../runtime/errors.ts";
import type { KafkaLogger } from "../runtime/kafka/client.ts";
import type { WireFormatConfig } from "../runtime/wire-format.ts";
import { noClients, readClients } from "./clients/client-keys.ts";
import { openClientTrust } from "./clients/client-trust.ts";
import { RateLimits } from "./clients/rate-limits.ts";
import type { Clients } from "./clients/throttle.ts";

export const inputScanVariables = [
  "SCHEMA_REGISTRY_URL",
  "SCHEMA_REGISTRY_USER",
  "SCHEMA_REGISTRY_PASSWORD",
  "BREAKWATER_SECRET_KEY",
  "BREAKWATER_REQUESTS_KEPT_MS",
  "BREAKWATER_CLIENT_TRUST",
  "BREAKWATER_CLIENT_KEYS_FILE",
] as const satisfies readonly VariableName[];

export function registryOf(config: Pick<Config, `SCHEMA_REGISTRY_${"URL" | "USER" | "PASSWORD"}`>): WireFormatConfig {
  const { SCHEMA_REGISTRY_URL, SCHEMA_REGISTRY_USER, SCHEMA_REGISTRY_PASSWORD } = config;
  if (SCHEMA_REGISTRY_URL === undefined) return {};
  return { SCHEMA_REGISTRY_URL, SCHEMA_REGISTRY_USER, SCHEMA_REGISTRY_PASSWORD };
}

const openTrust = "clients are believed as records name them: whoever can write to the topic can be any of them";

/** Says so when everybody is believed. Errors: ConfigError when clients must sign and nobody's key is known. */
export function clientsOf(
  config: Pick<Config, "BREAKWATER_CLIENT_TRUST" | "BREAKWATER_CLIENT_KEYS_FILE">,
  logger: Pick<KafkaLogger, "warn">,
): Clients {
  const { BREAKWATER_CLIENT_TRUST: trust, BREAKWATER_CLIENT_KEYS_FILE: file } = config;
  if (trust === "signed" && file === undefined)
    throw new ConfigError("BREAKWATER_CLIENT_TRUST=signed needs BREAKWATER_CLIENT_KEYS_FILE: nobody's key is known");
  if (trust === "open") logger.warn({ trust }, openTrust);
  return { trust: openClientTrust(trust, file === undefined ? noClients : readClients(file)), rates: new RateLimits() };
}
