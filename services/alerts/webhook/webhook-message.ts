/**
 * An alert as it is sent: body and headers in the form of the Standard Webhooks
 * specification. The signature is HMAC-SHA256 over id, timestamp and body, one
 * for each secret, so that a secret can be replaced without a gap. The id is
 * the alert's, so that a receiver knows a repeat.
 */
import { createHmac } from "node:crypto";
import type { AlertRecord } from "../../../schemas/control/alert.ts";

export interface WebhookMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const prefix = "whsec_";

/** Bytes of `whsec_<base64>` secrets, comma separated; null when one of them is none: 24 to 64 bytes each. */
export function webhookSecrets(text: string): readonly Buffer[] | null {
  const secrets = text.split(",").map((part) => secretOf(part.trim()));
  return secrets.every((secret) => secret !== null) ? secrets : null;
}

function secretOf(text: string): Buffer | null {
  const encoded = text.startsWith(prefix) ? text.slice(prefix.length) : "";
  const bytes = Buffer.from(encoded, "base64");
  const isWhole = bytes.toString("base64").replaceAll("=", "") === encoded.replaceAll("=", "");
  return isWhole && bytes.length >= 24 && bytes.length <= 64 ? bytes : null;
}

/** `sentAtMs`: of this try; receivers refuse what is old. */
export function webhookMessage(alert: AlertRecord, secrets: readonly Buffer[], sentAtMs: number): WebhookMessage {
  const { kind, alert_id: id, raised_at_ms: raisedAtMs, ...data } = alert;
  const body = JSON.stringify({ type: kind, timestamp: new Date(raisedAtMs).toISOString(), data });
  const timestamp = String(Math.floor(sentAtMs / 1000));
  const signatures = secrets.map((secret) => `v1,${signatureOf(secret, `${id}.${timestamp}.${body}`)}`);
  return {
    body,
    headers: {
      "content-type": "application/json",
      "user-agent": "breakwater",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": signatures.join(" "),
    },
  };
}

function signatureOf(secret: Buffer, signed: string): string {
  return createHmac("sha256", secret).update(signed).digest("base64");
}
