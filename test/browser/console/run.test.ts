/** One run: its timeline, its costs, its links, and an answer that means harm and does none. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runId, toldRuns, trace } from "../../support/console-runs.ts";
import { looks, openConsole } from "./open-console.ts";

const console = await openConsole({ parts: toldRuns().parts });
after(() => console.close());
const { page, visit } = console;

for (const look of looks) {
  test(`a run is sound in ${look.colours} at ${look.width} px`, async () => {
    await visit(`/runs/${runId}`);
    await console.look(look);
    await console.assertSound();
    await console.screenshot(`run-${look.colours}-${look.width}`);
  });
}

test("its status, cost, time and trace are told", async () => {
  await visit(`/runs/${runId}`);
  await console.look({ colours: "light", width: 1280 });
  const facts = (await page.getByRole("region", { name: "About this run" }).textContent()) ?? "";
  for (const part of ["released", "$0.0095", "2 h 0 min", "acme", "summarise", "letters/march.txt"])
    assert.ok(facts.includes(part), `${part} in ${facts}`);
  const link = page.getByRole("link", { name: "in the trace viewer" });
  assert.equal(await link.getAttribute("href"), `https://traces.example/trace/${trace}`);
});

test("the lanes stand in the order of the journey, with each call, and waiting does not press them flat", async () => {
  const lanes = await page.locator(".lane h3").allTextContents();
  assert.deepEqual(lanes, ["input-scan", "model-invoke", "output-validate", "review"]);
  const bars = await page.locator(".lane-label").allTextContents();
  assert.deepEqual(
    bars.filter((bar) => bar.includes("gpt") || bar.includes("claude")),
    ["gpt-4o-mini", "claude-sonnet-4-5", "gpt-4o-mini", "gpt-4o-mini, hedge"],
  );
  const width = await page
    .locator(".lane", { hasText: "model-invoke" })
    .locator(".lane-bar")
    .nth(1)
    .getAttribute("width");
  assert.ok(Number(width) > 100, `${width} of 1000`);
});

test("calls say their end, tokens and cost, or between what it lies", async () => {
  const rows = await page.getByRole("region", { name: "Calls of this run" }).locator("tbody tr").allTextContents();
  assert.equal(rows.length, 5);
  assert.match(rows[0] ?? "", /rate limited rate_limit_exceeded, HTTP 429/);
  assert.match(rows[1] ?? "", /1\.2anthropic claude-sonnet-4-5\$0\.0087okanother try, tier 11,840 \+ 212/);
  assert.match(rows[3] ?? "", /\$0\.0003 – \$0\.0009no end seenhedge/);
  assert.match(rows[4] ?? "", /moderation/);
});

test("decisions name verdicts and rules, and a review who decided", async () => {
  const text = (await page.locator("main").textContent()) ?? "";
  for (const part of [
    "pii.email",
    "redacted",
    "contract_broken",
    "/total",
    "grounding.number",
    "desk/Ines",
    "<b>here</b>",
  ])
    assert.ok(text.includes(part), part);
});

test("a hostile answer is shown as text, runs nothing, and hides nothing", async () => {
  const answer = page.getByLabel("The answer");
  const text = (await answer.textContent()) ?? "";
  assert.ok(text.includes('<img src=x onerror="window.harmed = 1">'));
  assert.ok(text.includes("5 hidden characters taken out"), text);
  assert.doesNotMatch(text, /[\u202a-\u202e\u200b]/);
  assert.equal(await answer.locator("img, script").count(), 0);
  assert.equal(await page.evaluate("window.harmed"), undefined);
  await console.assertSound();
});

test("a run that nobody knows leads to the search", async () => {
  await visit("/runs/019aa0f1-2c00-7000-8000-00000000dead");
  await page.getByText("There is no such run.").waitFor();
  await page
    .getByRole("link", { name: "All runs" })
    .or(page.getByRole("link", { name: /Search for runs/ }))
    .first()
    .click();
  await page.getByRole("heading", { name: "Runs" }).waitFor();
});
