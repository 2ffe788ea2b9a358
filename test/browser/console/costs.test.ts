/** The costs page: what drove the bill, down to the runs; every section, look and filter. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { LeaseBook } from "../../../services/budgets/lease-book.ts";
import { sampleBudget } from "../../support/lease-log.ts";
import { ledgerOfCosts } from "./ledger-of-costs.ts";
import { looks, openConsole } from "./open-console.ts";

const { ledger, asked } = ledgerOfCosts(Date.now());
const budget = sampleBudget({
  budget_id: "client=acme/month",
  window: "month",
  limit_usd: "500",
  opened_at_ms: Date.now(),
  spent_before: { usd: "310.4", tokens: 0 },
});
const parts = { ledger, standings: { budgets: () => [budget], book: new LeaseBook() } };
const console = await openConsole({ parts });
after(() => console.close());
const { page, visit } = console;
const drill = page.getByRole("region", { name: /^What each/ });

for (const look of looks) {
  test(`the costs page is sound in ${look.colours} at ${look.width} px`, async () => {
    await visit("/costs");
    await console.look(look);
    await page.locator("canvas").waitFor();
    for (const title of [
      "What moved most",
      "What reliability costs",
      "What was saved",
      "Prompt caches",
      "What guards found",
    ])
      await page.getByRole("heading", { name: title }).waitFor();
    await console.assertSound();
    await console.screenshot(`costs-${look.colours}-${look.width}`);
  });
}

test("a row leads from the feature to the harness, to the model, to the runs, and the address keeps it", async () => {
  await console.look({ colours: "light", width: 1280 });
  await visit("/costs?since=7d");
  await drill.getByRole("link", { name: "weekly-report" }).click();
  await drill.getByRole("link", { name: "summarise" }).click();
  await drill.getByRole("link", { name: "gpt-4o", exact: true }).click();
  const address = new URL(page.url());
  assert.deepEqual(Object.fromEntries(address.searchParams), {
    since: "7d",
    feature: "weekly-report",
    harness: "summarise",
    model: "gpt-4o",
  });
  assert.partialDeepStrictEqual(asked.at(-1), { feature: "weekly-report", harness: "summarise" });
  await page.reload();
  await page.getByRole("link", { name: "Take away the filter model gpt-4o" }).click();
  assert.equal(new URL(page.url()).searchParams.get("model"), null);
  await page.getByRole("link", { name: "Show the runs" }).click();
  await page.getByRole("heading", { name: "Runs" }).waitFor();
  const { pathname, searchParams } = new URL(page.url());
  assert.deepEqual(
    [pathname, searchParams.get("feature"), searchParams.get("since")],
    ["/console/runs", "weekly-report", "7d"],
  );
});

test("the keyboard goes along the rows and opens one", async () => {
  await visit("/costs");
  await drill.getByRole("link").first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: /^Take away the filter feature/ }).waitFor();
});

test("period and split stand in the address, and unknown is never nothing", async () => {
  await visit("/costs");
  await page.getByLabel("Split by").selectOption("client");
  await page.getByLabel("Period").selectOption("90d");
  assert.equal(new URL(page.url()).search, "?by=client&since=90d");
  await visit("/costs?since=2026-10-01&until=2026-11-01");
  assert.equal(await page.getByLabel("From (UTC)").inputValue(), "2026-10-01");
  await drill.getByText("unknown").waitFor();
});

test("CSV comes as a file, without a formula that a spreadsheet would run", async () => {
  await visit("/costs");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "CSV" }).first().click(),
  ]);
  assert.match(download.suggestedFilename(), /^spend-.*\.csv$/);
  const text = readFileSync(await download.path(), "utf8");
  assert.match(text, /^feature,calls,.*\r\nweekly-report,/);
  assert.match(text, /\r\n'=cmd\(\),/);
});

test("a budget says when it will be gone", async () => {
  await visit("/costs");
  await page.getByText("client=acme/month").waitFor();
  await page.getByText("$310.40 of $500.00 (62.1%)").waitFor();
});
