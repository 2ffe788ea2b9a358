/**
 * A request's part of its client's minute: one request, and as many tokens as
 * its prompt is estimated at. Both or neither. Once the result is there, the
 * tokens are corrected to what was spent.
 */
import type { Limits } from "../clients/limits/limits-in-force.ts";
import type { MinuteCounter, Taken } from "../clients/limits/minute-counter.ts";
import type { Minute } from "../clients/limits/rate-limit-headers.ts";
import type { Refusal } from "./admission.ts";
import { refusals } from "./refusals.ts";

export interface TokensTaken {
  /** Corrects the estimate to what was used in fact. */
  readonly settle: (used: number) => Promise<void>;
  readonly giveBack: () => Promise<void>;
}

export interface MinuteTaken {
  readonly refusal: null;
  readonly left: Minute;
  readonly tokens: TokensTaken;
  /** The request and its tokens. */
  readonly giveBack: () => Promise<void>;
}

export async function takeMinute(
  counter: MinuteCounter,
  clientId: string,
  { limits, tokens: estimate }: { readonly limits: Limits; readonly tokens: number },
): Promise<MinuteTaken | { readonly refusal: Refusal; readonly left: Minute }> {
  const { requestsPerMinute, tokensPerMinute } = limits;
  const requests = await counter.take({ key: `requests/${clientId}`, amount: 1, limit: requestsPerMinute });
  if (!requests.fits) return { refusal: refusals.requestsExceeded(limits, requests.resetMs), left: { requests } };
  const tokens = await counter.take({ key: `tokens/${clientId}`, amount: estimate, limit: tokensPerMinute });
  if (!tokens.fits) {
    await requests.correct(-1);
    return { refusal: refusals.tokensExceeded(limits, tokens.resetMs), left: { requests: withOne(requests), tokens } };
  }
  const settle = (used: number): Promise<void> => tokens.correct(used - estimate);
  const giveBack = (): Promise<void> => settle(0);
  return {
    refusal: null,
    left: { requests, tokens },
    tokens: { settle, giveBack },
    giveBack: async () => {
      await Promise.all([requests.correct(-1), giveBack()]);
    },
  };
}

function withOne(requests: Taken): Taken {
  return { ...requests, left: requests.left + 1 };
}
