/** The page of the API's document in a real browser: it shows every route, under a policy that stops nothing it needs. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openConsole } from "./console/open-console.ts";

const opened = await openConsole();
after(() => opened.close());
const { page, url } = opened;

test("/docs lists the routes, opens one with its answers, and fails in nothing", async () => {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.goto(`${url}/docs/`);
  const route = page.locator(".opblock", { has: page.locator('[data-path="/v1/status"]') });
  // Far beyond what a slow machine needs: the page draws all routes at once.
  await route.waitFor({ timeout: 120_000 });
  assert.ok((await page.locator(".opblock").count()) > 30);
  await route.getByRole("button").first().click();
  await route.getByText("a part that cannot be asked for is null").waitFor();
  assert.deepEqual(problems, []);
});
