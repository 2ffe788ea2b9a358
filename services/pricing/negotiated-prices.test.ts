import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Usage } from "../../schemas/parts/usage.ts";
import { agreed, priceRecordOf, type Agreed } from "../../test/support/negotiated.ts";
import { NegotiatedPrices } from "./negotiated-prices.ts";
import { priceOf, priceOfEnded } from "./price-of.ts";
import { addUsd } from "./usd.ts";

const none: Usage = {
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
};
const noon = Date.UTC(2026, 10, 22, 12);
const million = { ...none, input_tokens: 1_000_000 };
const openai = (model: string, input: string, more: Partial<Agreed> = {}): Agreed => ({
  provider: "openai",
  model,
  input,
  output: "8",
  ...more,
});

/** What a million input tokens cost; the list says 2.5 for gpt-4o, 0.15 for gpt-4o-mini. */
const cases: readonly {
  readonly name: string;
  readonly prices: readonly Agreed[];
  readonly model?: string;
  readonly account?: string;
  readonly atMs?: number;
  readonly costUsd: string | null;
}[] = [
  { name: "without an agreement the list holds", prices: [], costUsd: "2.5" },
  { name: "a negotiated price goes before the list", prices: [openai("gpt-4o", "2")], costUsd: "2" },
  {
    name: "a model that no list knows has the price that was agreed",
    prices: [openai("house-1", "1")],
    model: "house-1",
    costUsd: "1",
  },
  {
    name: "a whole name says nothing of longer ones",
    prices: [openai("gpt-4o", "2")],
    model: "gpt-4o-mini",
    costUsd: "0.15",
  },
  { name: "a * at the end stands for any end", prices: [openai("gpt-4o*", "2")], model: "gpt-4o-mini", costUsd: "2" },
  { name: "a * in front for any beginning", prices: [openai("*-mini", "2")], model: "gpt-4o-mini", costUsd: "2" },
  { name: "and both for anything around", prices: [openai("*4o*", "2")], model: "gpt-4o-mini", costUsd: "2" },
  {
    name: "a whole name goes before a pattern",
    prices: [openai("gpt-4o*", "1"), openai("gpt-4o", "2")],
    costUsd: "2",
  },
  { name: "a longer pattern before a shorter", prices: [openai("gpt*", "1"), openai("gpt-4*", "2")], costUsd: "2" },
  {
    name: "a price for the account before one for all, be that of the whole name",
    prices: [openai("gpt-4o", "1"), openai("gpt*", "2", { account: "openai-eu" })],
    account: "openai-eu",
    costUsd: "2",
  },
  {
    name: "a price for another account is nobody else's",
    prices: [openai("gpt-4o", "2", { account: "openai-eu" })],
    account: "openai",
    costUsd: "2.5",
  },
  {
    name: "it holds from its first millisecond",
    prices: [openai("gpt-4o", "2", { fromMs: noon })],
    costUsd: "2",
  },
  {
    name: "and not before",
    prices: [openai("gpt-4o", "2", { fromMs: noon })],
    atMs: noon - 1,
    costUsd: "2.5",
  },
  {
    name: "its end is not in it",
    prices: [openai("gpt-4o", "2", { toMs: noon })],
    costUsd: "2.5",
  },
  {
    name: "one follows the other without a gap",
    prices: [openai("gpt-4o", "3", { toMs: noon }), openai("gpt-4o", "1", { fromMs: noon })],
    atMs: noon - 1,
    costUsd: "3",
  },
  {
    name: "another provider's agreement is not taken",
    prices: [{ provider: "azure", model: "gpt-4o", input: "1", output: "1" }],
    costUsd: "2.5",
  },
];

for (const { name, prices, model = "gpt-4o", account = "openai", atMs = noon, costUsd } of cases) {
  test(name, () => {
    for (const order of [prices, prices.toReversed()]) {
      const priced = priceOf({
        provider: "openai",
        account,
        model,
        atMs,
        usage: million,
        negotiated: agreed(...order),
      });
      assert.equal(priced.costUsd, costUsd);
    }
  });
}

test("each bucket has its own price; what was not agreed follows input and output", () => {
  const usage = {
    input_tokens: 1000,
    cached_input_tokens: 10,
    cache_write_tokens: 20,
    output_tokens: 100,
    reasoning_tokens: 7,
  };
  const cost = (price: Agreed): string | null =>
    priceOf({ provider: "openai", model: "m", atMs: noon, usage, negotiated: agreed(price) }).costUsd;
  // 1,000 x 1.1 + 10 x 0.3333333 + 20 x 1.2 + 100 x 4 + 7 x 5 = 1,100 + 3.333333 + 24 + 400 + 35
  const all = { cached_input: "0.3333333", cache_write: "1.2", reasoning: "5" };
  assert.equal(cost({ provider: "openai", model: "m", input: "1.1", output: "4", ...all }), "0.001562333333");
  // 1,030 x 1 + 107 x 4
  assert.equal(cost({ provider: "openai", model: "m", input: "1", output: "4" }), "0.001458");
});

test("the version changes with what was agreed and with nothing else", () => {
  const version = (price: Agreed): string =>
    priceOf({ provider: "openai", model: "gpt-4o", atMs: noon, usage: null, negotiated: agreed(price) }).priceVersion;
  const first = version(openai("gpt-4o", "2"));
  assert.match(first, /^negotiated#[0-9a-f]{12}$/);
  assert.equal(version(openai("gpt-4o", "2")), first);
  const others = [
    openai("gpt-4o", "2.1"),
    openai("gpt-4o", "2", { toMs: noon + 1 }),
    openai("gpt-4o", "2", { reasoning: "9" }),
  ];
  assert.equal(new Set([first, ...others.map(version)]).size, 4);
});

test("a price that is set again holds at once, and one that is unset no more", () => {
  const prices = agreed(openai("gpt-4o", "2"));
  const cost = (): string | null =>
    priceOf({ provider: "openai", model: "gpt-4o", atMs: noon, usage: million, negotiated: prices }).costUsd;
  assert.equal(cost(), "2");
  prices.set(priceRecordOf(openai("gpt-4o", "1.5")));
  assert.equal(cost(), "1.5");
  prices.unset(priceRecordOf(openai("gpt-4o", "1")).price_id);
  assert.equal(cost(), "2.5");
  prices.unset("nothing of that name");
  assert.deepEqual(prices.records(), []);
});

test("a dated model that answers is charged as agreed for the name that was asked", () => {
  const ended = (prices: readonly Agreed[], servedModel?: string): string | null =>
    priceOfEnded({
      provider: "openai",
      model: "gpt-4o",
      servedModel,
      atMs: noon,
      usage: million,
      negotiated: agreed(...prices),
    }).costUsd;
  assert.equal(ended([openai("gpt-4o", "2")], "gpt-4o-2024-08-06"), "2");
  assert.equal(ended([openai("gpt-4o", "2"), openai("gpt-4o-2024-08-06", "1")], "gpt-4o-2024-08-06"), "1");
  assert.equal(ended([openai("gpt-4o*", "2"), openai("gpt-4o-2024*", "1")], "gpt-4o-2024-08-06"), "1");
  assert.equal(ended([openai("gpt-4o", "2"), openai("gpt-4o-2024*", "1")], "gpt-4o-2024-08-06"), "2");
  assert.equal(ended([], "gpt-4o-mini"), "0.15", "the list goes by what answered");
  assert.equal(ended([], "no-such-model"), "2.5", "and by what was asked where that is unknown");
});

const price = fc.integer({ min: 0, max: 10_000_000 }).map((units) => String(units / 10_000));
const anyAgreed: fc.Arbitrary<Agreed> = fc
  .record({ input: price, cached_input: price, cache_write: price, output: price, reasoning: price })
  .map((prices) => ({ provider: "openai", model: "m", ...prices }));
const tokens = fc.nat(2_000_000);
const anyUsage = fc.record({
  input_tokens: tokens,
  cached_input_tokens: tokens,
  cache_write_tokens: tokens,
  output_tokens: tokens,
  reasoning_tokens: tokens,
});

test("law: a call split in two, bucket by bucket, costs what the whole does", () => {
  fc.assert(
    fc.property(anyAgreed, anyUsage, anyUsage, (prices, one, other) => {
      const negotiated = agreed(prices);
      const cost = (usage: Usage): string =>
        priceOf({ provider: "openai", model: "m", atMs: noon, usage, negotiated }).costUsd ?? assert.fail();
      const whole = {
        input_tokens: one.input_tokens + other.input_tokens,
        cached_input_tokens: one.cached_input_tokens + other.cached_input_tokens,
        cache_write_tokens: one.cache_write_tokens + other.cache_write_tokens,
        output_tokens: one.output_tokens + other.output_tokens,
        reasoning_tokens: one.reasoning_tokens + other.reasoning_tokens,
      };
      assert.equal(cost(whole), addUsd(cost(one), cost(other)));
    }),
  );
});

test("law: which price holds does not depend on the order they were set in", () => {
  const target = fc.record({
    model: fc.constantFrom("m", "m*", "*m", "*m*", "mm*"),
    account: fc.constantFrom(undefined, "eu", "us"),
    fromMs: fc.integer({ min: 0, max: 3 }),
    input: price,
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(target, { selector: ({ model, account, fromMs }) => `${model}/${account}/${fromMs}` }),
      fc.constantFrom("m", "mm", "mmm", "am", "ma"),
      (targets, model) => {
        const records = targets.map(({ account, ...rest }) =>
          priceRecordOf({ provider: "p", output: "1", ...rest, ...(account === undefined ? {} : { account }) }),
        );
        const call = { provider: "p", account: "eu", model, atMs: 2 };
        const forwards = new NegotiatedPrices(records).find(call);
        const backwards = new NegotiatedPrices(records.toReversed()).find(call);
        assert.equal(forwards?.version, backwards?.version);
      },
    ),
  );
});
