/**
 * What a person should hear about the providers that harnesses name, before
 * runs find out: those that are not configured here, and models without a price.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { TariffOf } from "../../pricing/tariff.ts";
import { worstCase } from "../../pricing/worst-case.ts";
import type { ProviderBook } from "../../providers/configured/provider-book.ts";

interface Named {
  readonly definition: Pick<HarnessDefinition, "models" | "moderation">;
}

/** A sentence each. */
export function providerDoubts(
  harnesses: readonly Named[],
  { knows, tariffOf }: Pick<ProviderBook, "knows"> & { readonly tariffOf: TariffOf },
  atMs: number,
): readonly string[] {
  const tiers = harnesses.flatMap(({ definition }) => definition.models);
  const unknown = tiers.filter(({ provider }) => !knows(provider)).map(({ provider }) => provider);
  const moderators = harnesses.flatMap(({ definition }) => definition.moderation ?? []);
  const unasked = moderators.filter(({ provider }) => !knows(provider)).map(({ provider }) => provider);
  const unpriced = tiers.filter(({ provider, model }) => {
    const call = { ...tariffOf(provider), model, inputTokens: 1, maxOutputTokens: 1, atMs };
    return worstCase(call).highUsd === null;
  });
  return [
    ...[...new Set(unknown)].map(
      (provider) =>
        `The provider ${provider} is not configured here: where model-invoke does not know it either, its tiers are passed over (BREAKWATER_PROVIDERS_FILE).`,
    ),
    ...[...new Set(unasked)].map(
      (provider) =>
        `The provider ${provider} is not configured here: where output-validate does not know it either, its moderation does not run.`,
    ),
    ...[...new Set(unpriced.map(({ provider, model }) => `${provider} ${model}`))].map(
      (model) => `No price is known for ${model}: its calls will be of unknown cost.`,
    ),
  ];
}
