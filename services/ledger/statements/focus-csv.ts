/**
 * Charges under the column names of FOCUS 1.2 (the FinOps Open Cost and Usage
 * Specification): every mandatory column, those beside that the ledger can
 * fill, then our own with `x_`. A row mixes tokens of several unit prices, so
 * it names none, and list and contracted cost are the billed one, as the
 * specification has it then. A provider, as it is configured, is the billing account.
 */
import { csvText, type Cell } from "../answers/csv.ts";
import type { FocusCharge } from "./read-focus.ts";
import { spanOf } from "./statement-month.ts";

const dayMs = 86_400_000;

interface FocusColumn {
  readonly name: string;
  readonly cell: (charge: FocusCharge) => Cell;
  /** Where its text is ours, or a number. */
  readonly isSafe?: true;
}

const fixed = (name: string, text: string | null): FocusColumn => ({ name, cell: () => text, isSafe: true });
const billed = (name: string): FocusColumn => ({ name, cell: ({ cost_usd: usd }) => usd, isSafe: true });
const provider = (name: string): FocusColumn => ({ name, cell: (charge) => charge.provider });
const tokens = (name: string): FocusColumn => ({
  name,
  cell: ({ input_tokens: input, output_tokens: output }) => input + output,
  isSafe: true,
});
const moment = (name: string, atMs: (charge: FocusCharge) => number): FocusColumn => ({
  name,
  cell: (charge) => new Date(atMs(charge)).toISOString().replace(".000Z", "Z"),
  isSafe: true,
});

export const focusColumns: readonly FocusColumn[] = [
  billed("BilledCost"),
  provider("BillingAccountId"),
  fixed("BillingAccountName", null),
  fixed("BillingCurrency", "USD"),
  moment("BillingPeriodEnd", ({ day }) => spanOf(day.slice(0, 7)).untilMs),
  moment("BillingPeriodStart", ({ day }) => spanOf(day.slice(0, 7)).sinceMs),
  fixed("ChargeCategory", "Usage"),
  fixed("ChargeClass", null),
  {
    name: "ChargeDescription",
    cell: ({ provider: of, model, harness, calls }) => `${of} ${model} for ${harness}, calls: ${calls}`,
  },
  fixed("ChargeFrequency", "Usage-Based"),
  moment("ChargePeriodEnd", ({ day }) => Date.parse(day) + dayMs),
  moment("ChargePeriodStart", ({ day }) => Date.parse(day)),
  tokens("ConsumedQuantity"),
  fixed("ConsumedUnit", "Tokens"),
  billed("ContractedCost"),
  billed("EffectiveCost"),
  provider("InvoiceIssuerName"),
  billed("ListCost"),
  fixed("PricingCategory", "Standard"),
  tokens("PricingQuantity"),
  fixed("PricingUnit", "Tokens"),
  provider("ProviderName"),
  provider("PublisherName"),
  fixed("ServiceCategory", "AI and Machine Learning"),
  provider("ServiceName"),
  fixed("ServiceSubcategory", "Generative AI"),
  { name: "SkuId", cell: ({ provider: of, model }) => `${of}/${model}` },
  fixed("SkuMeter", "Tokens"),
  { name: "SubAccountId", cell: ({ client }) => client },
  { name: "Tags", cell: tagsOf, isSafe: true },
  { name: "x_Calls", cell: ({ calls }) => calls, isSafe: true },
  { name: "x_InputTokens", cell: ({ input_tokens: input }) => input, isSafe: true },
  { name: "x_OutputTokens", cell: ({ output_tokens: output }) => output, isSafe: true },
  { name: "x_PriceVersion", cell: ({ price_version: version }) => version },
];

export function focusCsv(charges: readonly FocusCharge[]): string {
  return csvText(
    focusColumns.map(({ name, isSafe }) => ({ name, isText: isSafe !== true })),
    charges.map((charge) => focusColumns.map(({ cell }) => cell(charge))),
  );
}

function tagsOf({ feature, harness, harness_version: version }: FocusCharge): string {
  return JSON.stringify({ ...(feature === null ? {} : { feature }), harness, harness_version: version });
}
