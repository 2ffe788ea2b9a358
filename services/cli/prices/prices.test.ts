import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { priceRecord, type PriceRecord } from "../../../schemas/control/price.ts";
import { nextPrice } from "./next-price.ts";
import { setOptions } from "./price-options.ts";
import { priceTable, validity } from "./price-table.ts";

const noon = Date.UTC(2026, 10, 22, 12);
const words = { provider: "openai", model: "gpt-4o*", input: "2.1", output: "8.4" };

function set(given: object, known: readonly PriceRecord[] = []): PriceRecord {
  const next = nextPrice(setOptions.parse({ ...words, ...given }), known, noon);
  assert.equal(next.kind, "price");
  return next.price;
}

test("a price holds from now on, for every account, unless it says otherwise", () => {
  assert.deepEqual(set({}), {
    kind: "price",
    price_id: "openai/gpt-4o*@2026-11-22T12:00:00.000Z",
    provider: "openai",
    model: "gpt-4o*",
    valid_from_ms: noon,
    per_million: { input: "2.1", output: "8.4" },
    set_at_ms: noon,
  });
});

test("days are UTC, and a model's name may hold anything a path may not", () => {
  const price = set({
    provider: "openrouter",
    model: "meta/llama-4",
    account: "router-eu",
    from: "2026-12-01",
    to: "2027-12-01",
    cachedInput: "1",
    cacheWrite: "3",
    reasoning: "9",
  });
  assert.equal(price.price_id, "openrouter/meta%2Fllama-4/router-eu@2026-12-01T00:00:00.000Z");
  assert.deepEqual(price.per_million, {
    input: "2.1",
    cached_input: "1",
    cache_write: "3",
    output: "8.4",
    reasoning: "9",
  });
  assert.equal(validity(price), "2026-12-01 to 2027-12-01");
  assert.equal(priceRecord.safeParse(price).success, true);
});

const known = set({ from: "2026-06-01", to: "2026-12-01" });
const overlaps: readonly (readonly [string, object, boolean])[] = [
  ["one that begins inside another", { from: "2026-11-30" }, true],
  ["one that ends inside it", { from: "2026-01-01", to: "2026-06-02" }, true],
  ["one around it", { from: "2026-01-01" }, true],
  ["one that begins when it ends", { from: "2026-12-01" }, false],
  ["one that ends when it begins", { from: "2026-01-01", to: "2026-06-01" }, false],
  ["another pattern at the same time", { model: "gpt-4o", from: "2026-07-01" }, false],
  ["an account's own at the same time", { account: "openai-eu", from: "2026-07-01" }, false],
  ["another provider's at the same time", { provider: "azure", from: "2026-07-01" }, false],
  ["the same one with another end: it is changed", { from: "2026-06-01", to: "2027-01-01" }, false],
];

for (const [name, given, isRefused] of overlaps) {
  test(`${name} is ${isRefused ? "refused" : "taken"}`, () => {
    const next = nextPrice(setOptions.parse({ ...words, ...given }), [known], noon);
    assert.equal(next.kind, isRefused ? "overlaps" : "price");
  });
}

test("law: of prices that were taken one after the other, no moment has two", () => {
  const day = fc.integer({ min: 1, max: 28 });
  fc.assert(
    fc.property(fc.array(fc.tuple(day, fc.option(day))), day, (spans, at) => {
      const taken = new Map<string, PriceRecord>();
      for (const [from, to] of spans) {
        const dayOf = (number: number): string => `2026-02-${String(number).padStart(2, "0")}`;
        const given = setOptions.safeParse({
          ...words,
          from: dayOf(from),
          ...(to === null ? {} : { to: dayOf(to) }),
        });
        const next = given.success ? nextPrice(given.data, taken.values(), noon) : null;
        if (next?.kind === "price") taken.set(next.price.price_id, next.price);
      }
      const atMs = Date.UTC(2026, 1, at);
      const holding = [...taken.values()].filter(
        (price) => price.valid_from_ms <= atMs && atMs < (price.valid_to_ms ?? Infinity),
      );
      assert.ok(holding.length <= 1);
    }),
  );
});

const refused: readonly (readonly [string, object])[] = [
  ["a price that ends before it begins", { from: "2026-12-01", to: "2026-11-01" }],
  ["an amount with an exponent", { input: "1e-3" }],
  ["a negative amount", { output: "-1" }],
  ["more decimals than money has", { input: "0.0000000000001" }],
  ["a pattern with a * in the middle", { model: "gpt-*-mini" }],
  ["a pattern of everything", { model: "*" }],
  ["a provider that cannot be one", { provider: "Open AI" }],
];

for (const [name, given] of refused) {
  test(`${name} is refused`, () => assert.equal(setOptions.safeParse({ ...words, ...given }).success, false));
}

test("the table says what every bucket costs, and which prices hold", () => {
  const prices = [known, set({ from: "2026-12-01" }), set({ model: "o3", from: "2026-01-01", to: "2026-02-01" })];
  assert.deepEqual(priceTable(prices, noon).rows, [
    ["openai/gpt-4o*", "2026-06-01", "2026-12-01", "2.1", "2.1", "2.1", "8.4", "8.4", "in force"],
    ["openai/gpt-4o*", "2026-12-01", "-", "2.1", "2.1", "2.1", "8.4", "8.4", "to come"],
    ["openai/o3", "2026-01-01", "2026-02-01", "2.1", "2.1", "2.1", "8.4", "8.4", "over"],
  ]);
});
