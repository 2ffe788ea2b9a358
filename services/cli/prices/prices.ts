/**
 * `prices`: sets, lists and unsets negotiated prices. Running stages price the
 * next call by them; what is stamped on earlier calls stays.
 */
import { priceRecord, type PriceRecord } from "../../../schemas/control/price.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import { tellChanges, versions } from "../../runtime/audit/change-record.ts";
import type { Emission } from "../../runtime/stage.ts";
import { withKafka } from "../connections.ts";
import { readControlTopic } from "../control-topic.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { operatorOf, parseOptions, type CommandAction } from "../program/command.ts";
import { nextPrice } from "./next-price.ts";
import { setOptions } from "./price-options.ts";
import { priceTable, standingAt, validity } from "./price-table.ts";

export const setPrice: CommandAction = async ({ screen, env }, { options }) => {
  const given = parseOptions(setOptions, options);
  const atMs = Date.now();
  const price = await withKafka(env, async (kafka) => {
    const known = await pricesIn(kafka.reader);
    const next = nextPrice(given, known.values(), atMs);
    if (next.kind === "overlaps") throw overlapError(next.price, next.with);
    const { publish } = await kafka.producer();
    const { price_id: target } = next.price;
    await tellChanges(publish, operatorOf(options), [
      { action: "price.set", target, ...versions(next.price, known.get(target)) },
    ]);
    await publish([emissionOf(target, next.price)]);
    return next.price;
  });
  screen.result(`${price.price_id} is set, ${validity(price)}`);
  if (price.valid_from_ms < atMs)
    screen.note("Calls that are stamped keep their price: `breakwater prices reprice` shows what they would cost.");
  screen.document(price);
  return exitCodes.ok;
};

export const unsetPrice: CommandAction = async ({ screen, env }, { words, options }) => {
  const [id = ""] = words;
  const wasSet = await withKafka(env, async (kafka) => {
    const before = (await pricesIn(kafka.reader)).get(id);
    if (before === undefined) return false;
    const { publish } = await kafka.producer();
    await tellChanges(publish, operatorOf(options), [
      { action: "price.unset", target: id, ...versions(undefined, before) },
    ]);
    await publish([emissionOf(id, null)]);
    return true;
  });
  screen.result(wasSet ? `${id} is unset` : `There is no price ${id}.`);
  screen.document({ price_id: id, unset: wasSet });
  return wasSet ? exitCodes.ok : exitCodes.notOk;
};

export const listPrices: CommandAction = async ({ screen, env }) => {
  const atMs = Date.now();
  const prices = [...(await withKafka(env, ({ reader }) => pricesIn(reader))).values()].toSorted((left, right) =>
    left.price_id < right.price_id ? -1 : 1,
  );
  screen.document({ prices: prices.map((price) => ({ ...price, standing: standingAt(price, atMs) })) });
  if (prices.length === 0) screen.note("No price is negotiated: the list prices hold.");
  else screen.table(priceTable(prices, atMs));
  return exitCodes.ok;
};

/** By id. Records that are no good are left out: the stages ignore them too. */
export async function pricesIn(reader: Pick<LogReader, "offsets" | "read">): Promise<ReadonlyMap<string, PriceRecord>> {
  const found = new Map<string, PriceRecord>();
  for (const [key, value] of await readControlTopic(reader, "harness-prices")) {
    const price = priceRecord.safeParse(value);
    if (price.success) found.set(key, price.data);
  }
  return found;
}

function overlapError(price: PriceRecord, other: PriceRecord): CommandError {
  return new CommandError(
    exitCodes.usage,
    `${price.price_id} (${validity(price)}) overlaps ${other.price_id} (${validity(other)}).
Rule: two prices of one provider, model pattern and account never hold at the same time. Set the other one again
with its own --from and an earlier --to, or take it away: breakwater prices unset '${other.price_id}'. Nothing was set.`,
  );
}

function emissionOf(id: string, value: PriceRecord | null): Emission {
  return { topic: "harness-prices", key: id, id: `${id}/${Date.now()}`, type: "breakwater.price", value };
}
