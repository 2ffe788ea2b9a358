/**
 * Hands an alert over, at least once: tries again after pauses that double, up
 * to a bound on how often. Between tries it listens for the process's end, and
 * then leaves the alert to the next owner.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { AlertRecord } from "../../../schemas/control/alert.ts";
import { TransientError } from "../../runtime/errors.ts";
import type { TryOutcome } from "./send-webhook.ts";
import { webhookMessage, type WebhookMessage } from "./webhook-message.ts";

export interface Delivery {
  readonly send: (message: WebhookMessage, signal: AbortSignal) => Promise<TryOutcome>;
  readonly secrets: readonly Buffer[];
  /** At most so many. */
  readonly tries: number;
  readonly firstPauseMs: number;
  readonly nowMs: () => number;
  readonly logger: { warn(fields: object, message: string): void };
}

export const longestPauseMs = 300_000;

export type Delivered = { readonly kind: "taken" } | { readonly kind: "given_up"; readonly why: string };

/** Errors: TransientError when the process is to stop. */
export async function deliver(delivery: Delivery, alert: AlertRecord, signal: AbortSignal): Promise<Delivered> {
  const { send, secrets, tries, firstPauseMs, nowMs, logger } = delivery;
  for (let tried = 1; ; tried += 1) {
    const outcome = await send(webhookMessage(alert, secrets, nowMs()), signal);
    if (outcome.kind === "taken") return outcome;
    if (signal.aborted) throw leftToNext();
    const { why } = outcome;
    logger.warn({ alert: alert.alert_id, tried, of: tries, why }, "the webhook did not take an alert");
    if (tried >= tries) return { kind: "given_up", why: `the webhook did not take it in ${tries} tries: ${why}` };
    await sleep(pauseMs(tried, firstPauseMs), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw leftToNext();
  }
}

/** After the n-th try, milliseconds. */
export function pauseMs(tried: number, firstPauseMs: number): number {
  return Math.min(firstPauseMs * 2 ** (tried - 1), longestPauseMs);
}

function leftToNext(): TransientError {
  return new TransientError("partition_lost", "the alert is left to the partition's next owner");
}
