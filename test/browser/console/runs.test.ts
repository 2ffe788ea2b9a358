/** The list of runs: found by what stands in the address, opened with the keyboard, empty with a way on. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { found, runId, toldRuns } from "../../support/console-runs.ts";
import { looks, openConsole } from "./open-console.ts";

const told = toldRuns();
const console = await openConsole({ parts: told.parts });
after(() => console.close());
const { page, visit } = console;
const rows = page.locator("tbody tr");

for (const look of looks) {
  test(`runs are sound in ${look.colours} at ${look.width} px`, async () => {
    await visit("/runs");
    await console.look(look);
    assert.equal(await rows.count(), found.length);
    await console.assertSound();
    await console.screenshot(`runs-${look.colours}-${look.width}`);
  });
}

test("a name that would turn the direction of text is shown without that", async () => {
  await console.look({ colours: "light", width: 1280 });
  const text = await rows.nth(5).textContent();
  assert.match(text ?? "", /support-chat/);
  assert.doesNotMatch(text ?? "", /\u202E/);
});

test("a filter stands in the address and asks the gateway; showing all takes it away", async () => {
  await visit("/runs");
  await page.getByLabel("Status").selectOption("failed_validation");
  await page.waitForURL(/status=failed_validation/);
  await rows.nth(1).waitFor({ state: "detached" });
  assert.equal(told.asked.at(-1)?.["status"], "failed_validation");
  await page.reload();
  await rows.first().waitFor();
  assert.equal(await page.getByLabel("Status").inputValue(), "failed_validation");
  await page.getByRole("link", { name: "Show all" }).click();
  await rows.nth(1).waitFor();
});

test("a text is asked for when it is finished, with spaces cut off", async () => {
  await visit("/runs");
  await page.getByLabel("Harness", { exact: true }).fill(" nothing ");
  await page.keyboard.press("Enter");
  await page.getByText("No run is like this.").waitFor();
  assert.equal(told.asked.at(-1)?.["harness"], "nothing");
  await console.assertSound();
  await console.screenshot("runs-none");
});

test("what the gateway does not take is said in its words", async () => {
  await visit("/runs?run=xyz");
  await page.getByText("the first characters of a run's id").waitFor();
});

test("/ goes to the search, j and k go along the rows, Enter opens one", async () => {
  await visit("/runs");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate("document.activeElement.name"), "run");
  await page.keyboard.press("Escape");
  await page.locator("h1").click();
  await page.evaluate("document.activeElement.blur()");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/console/runs/${runId}`);
});
