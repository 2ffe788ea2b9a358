/** The page of a statement, as a gateway gives it, in Chromium: on a screen, on paper and on a phone. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openConsole, type Look } from "./open-console.ts";

const model = (name: string, fields: object = {}) => ({
  feature: "weekly-report",
  harness: "summarise",
  provider: "openai",
  model: name,
  price_version: "genai-prices@0.1.8#3f6c20a1b9de",
  kind: "known",
  calls: "12345",
  input_tokens: "123456789",
  output_tokens: "2345678",
  cost_usd: "1234.567890123456",
  low_usd: "1234.567890123456",
  high_usd: "1234.567890123456",
  ...fields,
});
const parts = [
  model("gpt-4o"),
  model("gpt-4o-mini", { feature: "<img src=x onerror=alert(1)>", cost_usd: "0.000000000001" }),
  model("claude-sonnet-4-20250514", { feature: null, provider: "anthropic", harness: "contract-clauses-of-the-year" }),
  model("gpt-4o", { kind: "orphan", calls: "2", cost_usd: null, low_usd: "0.000125", high_usd: "0.00525" }),
  ...Array.from({ length: 60 }, (_, index) => model("gpt-4o", { feature: `feature-${index}`, cost_usd: "0.25" })),
];
const repriced = {
  repricing_id: "019a0000-0000-7000-8000-000000000001",
  repriced_at: "2026-11-02T09:30:00.000Z",
  calls: "12345",
  unknown_calls: "3",
  cost_usd: "1234.567890123456",
  repriced_usd: "1111.1",
};
const console = await openConsole({
  parts: {
    ledger: {
      query: (sql) => {
        if (sql.includes("FROM repriced_calls")) return Promise.resolve([repriced]);
        return Promise.resolve(sql.includes("AS kind") ? parts : []);
      },
    },
  },
});
after(() => console.close());
const { page } = console;
const looks: readonly (Look & { readonly media: "screen" | "print"; readonly name: string })[] = [
  { name: "on a screen", media: "screen", colours: "light", width: 1280 },
  { name: "on paper", media: "print", colours: "light", width: 794 },
  { name: "on a phone", media: "screen", colours: "light", width: 390 },
];

for (const { name, media, ...look } of looks)
  test(`a statement is sound ${name}`, async () => {
    await page.emulateMedia({ media });
    await page.goto(`${console.url}/v1/statements/2026-10/page?client=acme`);
    await console.look(look);
    await page.getByRole("heading", { name: "Statement 2026-10, acme" }).waitFor();
    for (const title of ["By feature, harness and model", "Outside the sum", "Prices", "Priced again"])
      await page.getByRole("heading", { name: title }).waitFor();
    await page.getByText("<img src=x onerror=alert(1)>").waitFor();
    await console.assertSound();
    await console.screenshot(`statement-${media}-${look.width}`);
  });

test("on A4 it takes several sheets, each under the names of its columns", async () => {
  await page.emulateMedia({ media: "print" });
  const pdf = await page.pdf({ format: "A4" });
  const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
  assert.ok(sheets.length >= 2, `${sheets.length} sheets`);
});
