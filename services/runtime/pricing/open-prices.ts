/**
 * The negotiated prices, from harness-prices: set, changed and unset while the
 * process runs, for every call that is priced from then on.
 */
import { priceIdOf, priceRecord, type PriceRecord } from "../../../schemas/control/price.ts";
import { NegotiatedPrices } from "../../pricing/negotiated-prices.ts";
import { tariffsOf, type TariffOf } from "../../pricing/tariff.ts";
import { openControlTable, type ControlTableOptions } from "../control-table.ts";
import type { ServiceRuntime } from "../process/run-service.ts";

export interface PriceSurroundings extends Pick<ControlTableOptions<PriceRecord>, "reader" | "logger"> {
  readonly onClose: ServiceRuntime["onClose"];
}

/** Errors: TransientError broker_unavailable, also when the topic does not exist. */
export async function openPrices({ reader, logger, onClose }: PriceSurroundings): Promise<NegotiatedPrices> {
  const table = await openControlTable({ reader, topic: "harness-prices", parse: readPrice, logger });
  onClose("prices", () => table.close());
  const negotiated = new NegotiatedPrices(table.entries().values());
  table.onChange((priceId, price) => (price === undefined ? negotiated.unset(priceId) : negotiated.set(price)));
  return negotiated;
}

/** For who makes calls. Errors: as of `openPrices`. */
export async function openTariffs(
  surroundings: PriceSurroundings,
  { pricedAs }: { readonly pricedAs: (account: string) => string },
): Promise<TariffOf> {
  return tariffsOf(pricedAs, await openPrices(surroundings));
}

function readPrice(value: unknown, key: string): PriceRecord {
  const price = priceRecord.parse(value);
  if (key !== price.price_id || key !== priceIdOf(price, price.valid_from_ms))
    throw new Error("a price's key is not the one that follows from what it is for");
  return price;
}
