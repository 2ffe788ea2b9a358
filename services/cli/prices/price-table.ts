/**
 * Negotiated prices for people: the table of `prices list`, and when one holds.
 */
import type { PriceRecord } from "../../../schemas/control/price.ts";
import type { Column, Table } from "../table.ts";

export type Standing = "in force" | "to come" | "over";

export function standingAt({ valid_from_ms: fromMs, valid_to_ms: toMs }: PriceRecord, atMs: number): Standing {
  if (atMs < fromMs) return "to come";
  return toMs !== undefined && atMs >= toMs ? "over" : "in force";
}

/** `2026-12-01`, with the time where it is not midnight. */
export function momentText(ms: number): string {
  const text = new Date(ms).toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text;
}

export function validity({ valid_from_ms: fromMs, valid_to_ms: toMs }: PriceRecord): string {
  return `${momentText(fromMs)} to ${toMs === undefined ? "further notice" : momentText(toMs)}`;
}

const columns: readonly Column[] = [
  { head: "price" },
  { head: "from", drop: 3 },
  { head: "to", drop: 2 },
  { head: "input", align: "right" },
  { head: "cached", align: "right" },
  { head: "cache write", align: "right", drop: 1 },
  { head: "output", align: "right" },
  { head: "reasoning", align: "right", drop: 1 },
  { head: "" },
];

export function priceTable(prices: readonly PriceRecord[], atMs: number): Table {
  return {
    columns,
    rows: prices.map((price) => {
      const { input, cached_input, cache_write, output, reasoning } = price.per_million;
      const name = price.price_id.slice(0, price.price_id.lastIndexOf("@"));
      const to = price.valid_to_ms === undefined ? "-" : momentText(price.valid_to_ms);
      const buckets = [input, cached_input ?? input, cache_write ?? input, output, reasoning ?? output];
      return [name, momentText(price.valid_from_ms), to, ...buckets, standingAt(price, atMs)];
    }),
  };
}
