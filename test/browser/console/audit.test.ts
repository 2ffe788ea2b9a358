/** The audit: who changed what, found by what stands in the address, a page at a time, with words that do no harm. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { events, toldEvents } from "../../support/console-audit.ts";
import { runId } from "../../support/console-runs.ts";
import { looks, openConsole } from "./open-console.ts";

const told = toldEvents();
const console = await openConsole({ parts: told.parts });
after(() => console.close());
const { page, visit } = console;
const rows = page.locator("tbody tr");

for (const look of looks) {
  test(`the audit is sound in ${look.colours} at ${look.width} px`, async () => {
    await visit("/audit");
    await console.look(look);
    assert.equal(await rows.count(), events.length);
    await console.assertSound();
    await console.screenshot(`audit-${look.colours}-${look.width}`);
  });
}

test("an operator's words are text, without what turns it or cannot be seen", async () => {
  await console.look({ colours: "light", width: 1280 });
  const text = await rows.nth(1).textContent();
  assert.match(text ?? "", /<script>window\.harmed = 1<\/script>/);
  for (const hidden of ["\u202E", "\u200b", "\u001b"]) assert.equal(text?.includes(hidden), false);
  assert.doesNotMatch((await rows.nth(6).textContent()) ?? "", /\u202E/);
  assert.equal(await page.evaluate("window.harmed"), undefined);
});

test("calls are shown when they are asked for, and a filter stands in the address", async () => {
  await visit("/audit");
  assert.equal(await page.getByText("openai/gpt-4o").count(), 0);
  await page.getByLabel("Kind").selectOption("call");
  await page.waitForURL(/kind=call/);
  await page.getByText("openai/gpt-4o").waitFor();
  await page.reload();
  await rows.first().waitFor();
  assert.equal(await page.getByLabel("Kind").inputValue(), "call");
  await page.getByRole("link", { name: "Show all" }).click();
  await rows.nth(1).waitFor();
});

test("a text is asked for when it is finished, and what is not there is said", async () => {
  await visit("/audit");
  await page.getByLabel("By", { exact: true }).fill(" nobody ");
  await page.keyboard.press("Enter");
  await page.getByText("Nothing is like this.").waitFor();
  assert.equal(told.asked.at(-1)?.params["actor"], "nobody");
  await console.assertSound();
});

test("what the gateway does not take is said in its words", async () => {
  await visit("/audit?cursor=x");
  await page.getByText("as `next` of the page before gives it").waitFor();
});

test("/ goes to the search, j goes to the rows that lead somewhere, Enter opens one", async () => {
  await visit("/audit");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate("document.activeElement.name"), "target");
  await page.keyboard.press("Escape");
  await page.locator("h1").click();
  await page.evaluate("document.activeElement.blur()");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/console/runs/${runId}`);
});

test("fifty stand on a page, and the next page goes on behind them", async () => {
  const many = Array.from({ length: 70 }, (_, no) => ({
    ...(events[0] ?? assert.fail()),
    event_id: `e${String(100 + no)}`,
    at: new Date(Date.now() - no * 1000).toISOString(),
    target: `harness-${no}`,
  }));
  const query = (sql: string, { afterId, limit }: Readonly<Record<string, unknown>> = {}) => {
    if (!sql.includes("FROM audit_events")) return Promise.resolve([]);
    const from = many.findIndex(({ event_id: id }) => id === afterId) + 1;
    return Promise.resolve(many.slice(from, from + Number(limit)));
  };
  const full = await openConsole({ parts: { ledger: { query } } });
  try {
    await full.visit("/audit");
    assert.equal(await full.page.locator("tbody tr").count(), 50);
    await full.page.getByRole("link", { name: "Older ones" }).click();
    await full.page.getByText("harness-50", { exact: true }).waitFor();
    assert.equal(await full.page.locator("tbody tr").count(), 20);
    await full.page.getByRole("link", { name: "To the newest" }).click();
    await full.page.getByText("harness-0", { exact: true }).waitFor();
    await full.assertSound();
  } finally {
    await full.close();
  }
});
