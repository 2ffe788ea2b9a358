/**
 * The negotiated prices, from harness-prices: set, changed and unset while the
 * process runs, for every call that is priced from then on.
 */
import { priceIdOf, priceRecord, type PriceRecord } from "../../schemas/control/price.ts";
import { NegotiatedPrices } from "../pricing/negotiated-prices.ts";
import { openControlTable, type ControlTableOptions } from "./control-table.ts";

export interface OpenPrices {
  readonly negotiated: NegotiatedPrices;
  readonly close: () => Promise<void>;
}

/** Errors: TransientError broker_unavailable, also when the topic does not exist. */
export async function openPrices({
  reader,
  logger,
}: Pick<ControlTableOptions<PriceRecord>, "reader" | "logger">): Promise<OpenPrices> {
  const table = await openControlTable({ reader, topic: "harness-prices", parse: readPrice, logger });
  const negotiated = new NegotiatedPrices(table.entries().values());
  table.onChange((priceId, price) => (price === undefined ? negotiated.unset(priceId) : negotiated.set(price)));
  return { negotiated, close: () => table.close() };
}

function readPrice(value: unknown, key: string): PriceRecord {
  const price = priceRecord.parse(value);
  if (key !== price.price_id || key !== priceIdOf(price, price.valid_from_ms))
    throw new Error("a price's key is not the one that follows from what it is for");
  return price;
}
