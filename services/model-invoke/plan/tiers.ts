/**
 * The order in which an attempt may use the tiers of its chain, and which of
 * them its prompt fits: each in its own provider's tokens.
 */
import type { ModelTier } from "../../../schemas/control/harness-definition.ts";
import { outputLimit } from "../../guards/prompt/output-limit.ts";
import { tokensFor } from "../../guards/tokens/estimate.ts";
import type { KnownCall } from "../journal/known-call.ts";
import type { Situation, SkippedTier } from "./situation.ts";

/** From the attempt's first tier to the end of the chain, then the cheaper ones before it: better than no answer. */
export function chainOrder({ definition, task }: Situation): number[] {
  const count = definition.models.length;
  const first = Math.min(task.first_tier, count - 1);
  return definition.models.map((_, index) => (first + index) % count);
}

/** The chain without the tiers that the prompt is too long for. */
export function tiersInOrder(situation: Situation): number[] {
  const roomy = chainOrder(situation).filter((tier) => !isRefusedAsTooLong(situation, tier));
  const fitting = roomy.filter((tier) => fits(situation, tier));
  // An estimate errs high: where no tier seems to fit, the provider decides.
  return fitting.length > 0 ? fitting : roomy;
}

/** A provider said of a prompt no shorter than this tier's that it is too long for a window no smaller. */
function isRefusedAsTooLong({ definition: { models }, task, calls }: Situation, tier: number): boolean {
  return calls
    .filter(wasTooLong)
    .some(
      (call) => windowOf(models, tier) <= windowOf(models, call.tier) && cutFor(task, tier) <= cutFor(task, call.tier),
    );
}

/** Characters and messages that are left out for a tier. */
function cutFor({ fits: own }: Situation["task"], tier: number): number {
  const cuts = own?.find((fit) => fit.tier === tier)?.cuts ?? [];
  return cuts.reduce((sum, { start, end }) => sum + 1 + end - start, 0);
}

/**
 * Each tier in its own provider's tokens: a prompt cut to fit the first model
 * must not be too long for it here. Where the prompt was fitted tier by tier,
 * those counts hold.
 */
function fits({ definition, task }: Situation, tier: number): boolean {
  const { models } = definition;
  const model = models[tier];
  if (model === undefined) return false;
  const tokens = inputTokens(models, task, tier);
  return tokens !== undefined && tokens + outputLimit(definition, task.options) <= model.contextWindowTokens;
}

function inputTokens(models: readonly ModelTier[], task: Situation["task"], tier: number): number | undefined {
  const provider = models[tier]?.provider;
  if (provider === undefined) return undefined;
  if (task.fits !== undefined) return task.fits.find((fit) => fit.tier === tier)?.input_tokens;
  const chain = models.map((model) => model.provider);
  return tokensFor(task.input_tokens_estimate, chain, provider);
}

/** What a call of this tier can cost at most: its input, and every output token that it is permitted. */
export function mostTokens({ definition, task }: Pick<Situation, "definition" | "task">, tier: number): number {
  const tokens = inputTokens(definition.models, task, tier) ?? task.input_tokens_estimate;
  return tokens + outputLimit(definition, task.options);
}

/** What lets no call through to a tier now; null when nothing does. */
export function shutBy({ openTiers, orders }: Situation, tier: number): SkippedTier["why"] | null {
  if (orders.pausedTiers.has(tier)) return "paused";
  return openTiers.has(tier) ? "breaker_open" : null;
}

export function isPassedOver(situation: Situation, tier: number): boolean {
  return !tiersInOrder(situation).includes(tier);
}

function windowOf(models: readonly ModelTier[], tier: number): number {
  return models[tier]?.contextWindowTokens ?? 0;
}

/** The one bad request that another model may well answer. */
export function wasTooLong({ end }: KnownCall): boolean {
  return end?.outcome === "bad_request" && end.code === "context_length_exceeded";
}
