/** The settings of the gateway beside those of every service, and what they mean for its server. */
import { readFileSync } from "node:fs";
import { maxRequestBytes } from "../../schemas/records/run-request.ts";
import { ledgerVariables } from "../ledger/settings.ts";
import type { Config } from "../runtime/config.ts";
import { ConfigError } from "../runtime/errors.ts";
import type { VariableName } from "../runtime/variables.ts";
import { limitVariables } from "./clients/limits/limits-in-force.ts";
import type { Hardening } from "./http/hardening.ts";

const serverVariables = [
  "BREAKWATER_GATEWAY_HOST",
  "BREAKWATER_GATEWAY_PORT",
  "BREAKWATER_GATEWAY_TLS_CERT_FILE",
  "BREAKWATER_GATEWAY_TLS_KEY_FILE",
  "BREAKWATER_GATEWAY_TRUST_PROXY",
  "BREAKWATER_GATEWAY_CORS_ORIGINS",
  "BREAKWATER_GATEWAY_MAX_CONNECTIONS",
  "BREAKWATER_GATEWAY_BODY_BYTES",
  "BREAKWATER_GATEWAY_HEADERS_TIMEOUT_MS",
  "BREAKWATER_GATEWAY_REQUEST_TIMEOUT_MS",
  "BREAKWATER_GATEWAY_KEEP_ALIVE_TIMEOUT_MS",
] as const satisfies readonly VariableName[];

export const gatewayVariables = [
  ...serverVariables,
  ...limitVariables,
  ...ledgerVariables,
  "BREAKWATER_GATEWAY_WAIT_MS",
  "BREAKWATER_GATEWAY_STREAM_KEEP_ALIVE_MS",
  "BREAKWATER_GATEWAY_STOP_DELAY_MS",
  "BREAKWATER_GATEWAY_MAX_WAIT_MS",
  "BREAKWATER_GATEWAY_KEY",
  "BREAKWATER_TRACE_URL_TEMPLATE",
  "BREAKWATER_REDIS_URL",
  "BREAKWATER_SECRET_KEY",
] as const satisfies readonly VariableName[];

export type GatewayConfig = Pick<Config, (typeof gatewayVariables)[number]>;

/** Errors: ConfigError for a certificate that cannot be read, or without its key. */
export function hardeningOf(config: Pick<Config, (typeof serverVariables)[number]>): Hardening {
  return {
    // A client's own limit may be above the usual one, but nothing above the topic's is ever read.
    bodyLimitBytes: Math.max(maxRequestBytes, config.BREAKWATER_GATEWAY_BODY_BYTES),
    clientBodyBytes: config.BREAKWATER_GATEWAY_BODY_BYTES,
    maxConnections: config.BREAKWATER_GATEWAY_MAX_CONNECTIONS,
    // Node wants all headers within the time of the whole request.
    headersTimeoutMs: Math.min(
      config.BREAKWATER_GATEWAY_HEADERS_TIMEOUT_MS,
      config.BREAKWATER_GATEWAY_REQUEST_TIMEOUT_MS,
    ),
    requestTimeoutMs: config.BREAKWATER_GATEWAY_REQUEST_TIMEOUT_MS,
    keepAliveTimeoutMs: config.BREAKWATER_GATEWAY_KEEP_ALIVE_TIMEOUT_MS,
    trustProxy: trustedProxies(config.BREAKWATER_GATEWAY_TRUST_PROXY),
    corsOrigins: config.BREAKWATER_GATEWAY_CORS_ORIGINS,
    tls: tlsOf(config),
  };
}

function trustedProxies(setting: string): Hardening["trustProxy"] {
  if (setting === "off") return false;
  return /^[1-9]$/.test(setting) ? Number(setting) : setting;
}

function tlsOf({
  BREAKWATER_GATEWAY_TLS_CERT_FILE: certFile,
  BREAKWATER_GATEWAY_TLS_KEY_FILE: keyFile,
}: Pick<Config, "BREAKWATER_GATEWAY_TLS_CERT_FILE" | "BREAKWATER_GATEWAY_TLS_KEY_FILE">): Hardening["tls"] {
  if (certFile === undefined && keyFile === undefined) return null;
  if (certFile === undefined || keyFile === undefined)
    throw new ConfigError("BREAKWATER_GATEWAY_TLS_CERT_FILE and BREAKWATER_GATEWAY_TLS_KEY_FILE go together");
  try {
    return { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  } catch {
    throw new ConfigError("BREAKWATER_GATEWAY_TLS_CERT_FILE or BREAKWATER_GATEWAY_TLS_KEY_FILE cannot be read");
  }
}
