/**
 * What became of each tier of an attempt, as reasons for the result and the
 * audit. Never a provider's words, which can quote the prompt.
 */
import type { CallOutcome } from "../../../schemas/parts/codes.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import type { KnownCall } from "../journal/known-call.ts";
import type { Situation, SkippedTier } from "./situation.ts";
import { isPassedOver, shutBy } from "./tiers.ts";

/** In the chain's order. */
export function tierReasons(situation: Situation): Reason[] {
  const { definition, calls } = situation;
  return definition.models.map(({ provider, model }, tier) => {
    const last = calls.findLast((call) => call.tier === tier);
    const code = last === undefined ? untriedCode(situation, tier) : endCode(last);
    const own = last?.end?.code;
    const detail = own === undefined || own === code ? "" : ` (${own})`;
    return { code, message: `${provider}/${model}: ${code}${detail}`, rule: `tier_${tier}` };
  });
}

function untriedCode(situation: Situation, tier: number): SkippedTier["why"] | "not_called" {
  if (isPassedOver(situation, tier)) return "context_window";
  return shutBy(situation, tier) ?? (situation.crowdedTiers.has(tier) ? "no_capacity" : "not_called");
}

function endCode(call: KnownCall): CallOutcome | "lost" {
  return call.end?.outcome ?? "lost";
}
