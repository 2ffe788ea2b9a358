/**
 * What a call that failed means for its attempt, by the harness's retry policy.
 * Some failures leave no choice: a call that we broke off or that was lost with
 * its process says nothing of the model, another key is tried by itself, and a
 * prompt too long for one window may fit a larger one.
 */
import type { RetryAction, RetryPolicy } from "../../../schemas/control/harness-definition.ts";
import { drawOf } from "../../guards/draw.ts";
import type { KnownCall } from "../journal/known-call.ts";
import { wasTooLong } from "./tiers.ts";

export function actionOn(call: KnownCall, policy: RetryPolicy): RetryAction {
  const outcome = call.end?.outcome ?? "cancelled";
  if (outcome === "ok" || outcome === "cancelled" || call.end?.otherKey === true || wasTooLong(call)) {
    return "fall_back";
  }
  return policy[outcome];
}

export interface FinalCall {
  readonly call: KnownCall;
  readonly action: "degrade" | "fail_fast";
}

/** The call after which this attempt asks nobody any more; null while it may go on. */
export function finalCall(calls: readonly KnownCall[], policy: RetryPolicy): FinalCall | null {
  for (const call of calls) {
    const action = actionOn(call, policy);
    if (action === "degrade" || action === "fail_fast") return { call, action };
  }
  return null;
}

/** Between a call and the second try of its tier, milliseconds: half a second as in the providers' SDKs, spread. */
export const backoff = { leastMs: 250, spreadMs: 500 } as const;

/** The same for the same call, so that whoever decides again decides the same. */
export function backoffMs(callId: string): number {
  return backoff.leastMs + Math.floor(drawOf(callId, "backoff") * backoff.spreadMs);
}
