/**
 * One try to hand a message to the receiver: any 2xx is taken, everything else
 * is not. A redirect is not followed: what is signed goes where the operator
 * said and nowhere else. The answer's body is not read.
 */
import type { WebhookMessage } from "./webhook-message.ts";

export type TryOutcome =
  | { readonly kind: "taken" }
  /** `why`: a status, or the name of what went wrong; never words of the receiver. */
  | { readonly kind: "not_taken"; readonly why: string };

const tryMs = 10_000;

export async function sendWebhook(url: string, message: WebhookMessage, signal: AbortSignal): Promise<TryOutcome> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: message.headers,
      body: message.body,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(tryMs)]),
    });
    await answer.body?.cancel();
    return answer.ok ? { kind: "taken" } : { kind: "not_taken", why: `status ${answer.status}` };
  } catch (error) {
    return { kind: "not_taken", why: nameOf(error) };
  }
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const cause = error.cause;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return error.name === "TimeoutError" ? `no answer within ${tryMs / 1000} s` : error.name;
}
