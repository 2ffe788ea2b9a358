/** The export against what FOCUS 1.2 asks of a usage charge: columns, order, nulls, allowed values and formats. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { Decimal, toUsd } from "../../pricing/usd.ts";
import { focusColumns, focusCsv } from "./focus-csv.ts";
import type { FocusCharge } from "./read-focus.ts";

/** The specification's mandatory columns; in a usage charge, those of `mayBeNull` alone may be empty. */
const mandatory =
  "BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart ChargeCategory ChargeClass ChargeDescription ChargePeriodEnd ChargePeriodStart ContractedCost EffectiveCost InvoiceIssuerName ListCost PricingQuantity PricingUnit ProviderName PublisherName ServiceCategory ServiceName".split(
    " ",
  );
const mayBeNull = ["BillingAccountName", "ChargeClass"];
/** Of the recommended and conditional ones, those that a ledger of calls can fill. */
const beside =
  "ChargeFrequency ConsumedQuantity ConsumedUnit PricingCategory ServiceSubcategory SkuId SkuMeter SubAccountId Tags".split(
    " ",
  );
const allowed: Readonly<Record<string, string>> = {
  BillingCurrency: "USD",
  ChargeCategory: "Usage",
  ChargeFrequency: "Usage-Based",
  ConsumedUnit: "Tokens",
  PricingCategory: "Standard",
  PricingUnit: "Tokens",
  ServiceCategory: "AI and Machine Learning",
  ServiceSubcategory: "Generative AI",
};

const charged: FocusCharge = {
  day: "2026-02-28",
  client: "acme",
  feature: "digest",
  harness: "summarise",
  harness_version: "0123456789abcdef",
  provider: "openai",
  model: "gpt-4o",
  price_version: "p1",
  calls: 3,
  input_tokens: 1200,
  output_tokens: 34,
  cost_usd: "0.000000000001",
};

function rowsOf(charges: readonly FocusCharge[]): readonly Readonly<Record<string, string>>[] {
  return parse(focusCsv(charges), { columns: true });
}

test("every mandatory column is there, by the alphabet, and ours stand behind them", () => {
  const names = focusColumns.map(({ name }) => name);
  const own = names.filter((name) => name.startsWith("x_"));
  assert.deepEqual(names, [...[...mandatory, ...beside].toSorted(), ...own]);
  assert.deepEqual(own, own.toSorted());
});

test("a charge is of one day, in the month's billing period, with what made it as tags", () => {
  const [row] = rowsOf([charged]);
  assert.partialDeepStrictEqual(row, {
    ...allowed,
    BilledCost: "0.000000000001",
    BillingPeriodStart: "2026-02-01T00:00:00Z",
    BillingPeriodEnd: "2026-03-01T00:00:00Z",
    ChargePeriodStart: "2026-02-28T00:00:00Z",
    ChargePeriodEnd: "2026-03-01T00:00:00Z",
    ChargeDescription: "openai gpt-4o for summarise, calls: 3",
    ConsumedQuantity: "1234",
    SkuId: "openai/gpt-4o",
    SubAccountId: "acme",
    Tags: '{"feature":"digest","harness":"summarise","harness_version":"0123456789abcdef"}',
    x_Calls: "3",
    x_PriceVersion: "p1",
  });
});

test("a call of no feature has no such tag", () => {
  const [row] = rowsOf([{ ...charged, feature: null }]);
  assert.equal(row?.["Tags"], '{"harness":"summarise","harness_version":"0123456789abcdef"}');
});

test("no month, no charge: the names alone", () => {
  assert.equal(focusCsv([]), `${focusColumns.map(({ name }) => name).join(",")}\r\n`);
});

const text = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" });
const charge = fc.record<FocusCharge>({
  day: fc
    .date({ min: new Date("2001-01-01"), max: new Date("2098-12-31"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  client: fc.oneof(text, fc.constant("=1+1")),
  feature: fc.option(text),
  harness: text,
  harness_version: text,
  provider: text,
  model: text,
  price_version: text,
  calls: fc.nat(),
  input_tokens: fc.nat(),
  output_tokens: fc.nat(),
  cost_usd: fc.bigInt({ min: 0n, max: 10n ** 24n }).map((units) => toUsd(new Decimal(units.toString()).times("1e-12"))),
});

test("whatever was charged: nulls, times, numbers and tags are as asked, no cell runs, and the sum is exact", () => {
  fc.assert(
    fc.property(fc.array(charge, { maxLength: 8 }), (charges) => {
      const rows = rowsOf(charges);
      assert.equal(rows.length, charges.length);
      for (const row of rows) {
        for (const name of [...mandatory, ...beside]) assert.equal(row[name] === "", mayBeNull.includes(name), name);
        for (const [name, value] of Object.entries(row)) {
          if (name.includes("Period")) assert.match(value, /^\d{4}-\d\d-\d\dT00:00:00Z$/);
          if (/Cost$|Quantity$|Calls$|Tokens$/.test(name)) assert.match(value, /^\d+(?:\.\d+)?$/);
          assert.doesNotMatch(value, /^\s*[=+\-@]/, name);
        }
        const start = Date.parse(row["ChargePeriodStart"] ?? "");
        assert.ok(Date.parse(row["BillingPeriodStart"] ?? "") <= start);
        assert.equal(Date.parse(row["ChargePeriodEnd"] ?? "") - start, 86_400_000);
        assert.ok(Date.parse(row["BillingPeriodEnd"] ?? "") >= start + 86_400_000);
        for (const value of Object.values(JSON.parse(row["Tags"] ?? ""))) assert.equal(typeof value, "string");
      }
      const sumOf = (amounts: readonly string[]): string =>
        amounts.reduce((sum, amount) => sum.plus(amount), new Decimal(0)).toFixed();
      const expected = sumOf(charges.map(({ cost_usd: usd }) => usd));
      for (const name of ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"])
        assert.equal(sumOf(rows.map((row) => row[name] ?? "")), expected);
    }),
  );
});
