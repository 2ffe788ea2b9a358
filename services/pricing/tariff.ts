/**
 * How the calls through one configured provider are priced: by which name the
 * price table knows it, and which negotiated prices go before the list.
 */
import type { NegotiatedPrices } from "./negotiated-prices.ts";

export interface Tariff {
  /** Its name in the price table. */
  readonly provider: string;
  /** Its name in the providers file: a negotiated price can be for it alone. */
  readonly account?: string;
  readonly negotiated?: Pick<NegotiatedPrices, "find"> | undefined;
}

/** By the provider's name in the providers file. */
export type TariffOf = (account: string) => Tariff;

export function tariffsOf(pricedAs: (account: string) => string, negotiated: Pick<NegotiatedPrices, "find">): TariffOf {
  return (account) => ({ provider: pricedAs(account), account, negotiated });
}
