/** The settings of alerts beside those of every stage: the ledger, the webhook, and what an anomaly is worth. */
import { ledgerVariables } from "../ledger/settings.ts";
import type { Config } from "../runtime/config.ts";
import { ConfigError } from "../runtime/errors.ts";
import type { VariableName } from "../runtime/variables.ts";
import type { Delivery } from "./webhook/deliver.ts";
import { sendWebhook } from "./webhook/send-webhook.ts";
import { addressDefect } from "./webhook/webhook-address.ts";
import { webhookSecrets } from "./webhook/webhook-message.ts";

const webhookVariables = [
  "BREAKWATER_ALERT_WEBHOOK_URL",
  "BREAKWATER_ALERT_WEBHOOK_SECRET",
  "BREAKWATER_ALERT_WEBHOOK_PLAIN_HTTP",
  "BREAKWATER_ALERT_WEBHOOK_TRIES",
  "BREAKWATER_ALERT_WEBHOOK_PAUSE_MS",
] as const satisfies readonly VariableName[];

export const alertsVariables = [
  ...ledgerVariables,
  ...webhookVariables,
  "BREAKWATER_ALERT_ANOMALY_USD",
] as const satisfies readonly VariableName[];

/** Null when no webhook is set. @throws ConfigError for an address that alerts are not sent to, or without a good secret. */
export function deliveryOf(
  config: Pick<Config, (typeof webhookVariables)[number]>,
  { nowMs, logger }: Pick<Delivery, "nowMs" | "logger">,
): Delivery | null {
  const url = config.BREAKWATER_ALERT_WEBHOOK_URL;
  if (url === undefined) return null;
  const defect = addressDefect(url, config.BREAKWATER_ALERT_WEBHOOK_PLAIN_HTTP);
  if (defect !== null) throw new ConfigError(`BREAKWATER_ALERT_WEBHOOK_URL must be ${defect}`);
  const secrets = webhookSecrets(config.BREAKWATER_ALERT_WEBHOOK_SECRET ?? "");
  if (secrets === null)
    throw new ConfigError("BREAKWATER_ALERT_WEBHOOK_SECRET must be whsec_ and 24 to 64 bytes as base64");
  return {
    send: (message, signal) => sendWebhook(url, message, signal),
    secrets,
    tries: config.BREAKWATER_ALERT_WEBHOOK_TRIES,
    firstPauseMs: config.BREAKWATER_ALERT_WEBHOOK_PAUSE_MS,
    nowMs,
    logger,
  };
}
