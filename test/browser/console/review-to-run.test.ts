/**
 * From a held answer to its run's page, through the real parts: a gateway as a
 * process, stages, broker and ledger, and a person's keys and clicks in a real
 * browser, logged in with a key that was granted as an operator grants it.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium, type Browser, type Page } from "playwright-core";
import { z } from "zod";
import { harness as summarise } from "../../../harnesses/summarise/harness.ts";
import { publishHarnesses } from "../../../services/cli/harness/publish-harnesses.ts";
import { stageNames } from "../../../services/cli/up/stage-process.ts";
import { buildConsole } from "../../../services/console/build.ts";
import { definitionVersion } from "../../../services/definitions/version.ts";
import { grantKey } from "../../support/gateway-keys.ts";
import { WholeSystem } from "../../support/whole-system.ts";
import { chromiumFlags, chromiumPath } from "../browser.ts";

/** Far beyond what a slow machine needs. */
const patienceMs = 120_000;
const reviewed = {
  ...summarise,
  name: "reviewed",
  review: { when: "always", timeoutMs: 600_000, onTimeout: "reject" } as const,
};

let system: WholeSystem;
let browser: Browser;
let page: Page;
let url = "";
let client = "";

before(async () => {
  assert.notEqual(await buildConsole(), "no Vite here");
  system = await WholeSystem.open(0);
  const loaded = { file: "reviewed", version: definitionVersion(reviewed), definition: reviewed };
  await publishHarnesses([loaded], (emissions) => system.stages.producer.publish(emissions));
  client = await grantKey(system.stages, { client: "acme" });
  const admin = await grantKey(system.stages, { client: "operator", admin: true, label: "Ines" });
  const { told } = await system.startOne("gateway", { BREAKWATER_GATEWAY_PORT: "0" });
  url = z.object({ address: z.url() }).parse(told).address;
  for (const stage of stageNames) await system.start(stage);
  browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumFlags] });
  page = await browser.newPage();
  page.setDefaultTimeout(patienceMs);
  await page.goto(`${url}/console/reviews`);
  await page.getByLabel("Key").fill(admin);
  await page.getByRole("button", { name: "Log in" }).click();
});
after(async () => {
  await browser.close();
  await system.close();
});

test("an answer comes into the queue by itself, is edited with the keyboard, and its run tells all of it", async () => {
  await page.getByText("Nothing waits for a person.").waitFor();
  const asked = await fetch(`${url}/v1/runs`, {
    method: "POST",
    headers: { authorization: `Bearer ${client}`, "content-type": "application/json", prefer: "respond-async" },
    body: JSON.stringify({ harness: "reviewed", input: { document: "The harbour of Bristol was opened in 1809." } }),
  });
  const { run_id: runId } = z.object({ run_id: z.uuid() }).parse(await asked.json());

  await page.getByRole("button", { name: "Edit" }).waitFor();
  await page.keyboard.press("e");
  await page.getByRole("textbox", { name: "The whole output" }).fill("It was opened in 1809. <b>By hand.</b>");
  await page.getByText("keeps the contract").waitFor();
  await page.locator(".edit-form button[type=submit]:enabled").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByText("Nothing waits for a person.").waitFor();

  await page.goto(`${url}/console/runs/${runId}`);
  await page.getByText("It was opened in 1809. <b>By hand.</b>").waitFor();
  await page.getByText("edit by operator/Ines").waitFor();
  const lanes = await page.locator(".lane h3").allTextContents();
  assert.deepEqual(lanes, ["input-scan", "model-invoke", "output-validate", "review"]);
  await page.goto(`${url}/console/runs?status=released`);
  await page.getByRole("link", { name: runId }).waitFor();
});
