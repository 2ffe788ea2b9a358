/** The console's frame: logging in and out, the navigation, the keyboard, colours, and how little is fetched first. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Request } from "playwright-core";
import { looks, openConsole } from "./open-console.ts";

const console = await openConsole();
after(() => console.close());
const { page, visit } = console;

for (const look of looks) {
  test(`the overview of an empty system is sound in ${look.colours} at ${look.width} px`, async () => {
    await visit("/");
    await console.look(look);
    await console.assertSound();
    await console.screenshot(`overview-empty-${look.colours}-${look.width}`);
  });
}

test("an address that is no page says so, and leads back", async () => {
  await console.look({ colours: "light", width: 1280 });
  await visit("/nowhere");
  await page.getByText("There is no such page").waitFor();
  await page.getByRole("link", { name: "To the start" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
});

test("? shows the shortcuts, Escape closes them, and the focus is where it was", async () => {
  await visit("/");
  await page.getByRole("link", { name: "Overview" }).focus();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await dialog.waitFor();
  await console.assertSound();
  await console.screenshot("shortcuts");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.equal(await page.evaluate("document.activeElement.textContent"), "Overview");
});

test("g o goes to the overview", async () => {
  await visit("/nowhere");
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
});

test("the colours that somebody chose stay", async () => {
  await visit("/");
  await page.getByText("dark", { exact: true }).click();
  assert.equal(await page.evaluate("document.documentElement.dataset.theme"), "dark");
  await visit("/");
  assert.equal(await page.evaluate("document.documentElement.dataset.theme"), "dark");
  await page.getByText("system", { exact: true }).click();
});

test("a revoked key ends the session at the next request", async (t) => {
  const other = await openConsole();
  t.after(() => other.close());
  await other.visit("/");
  other.gateway.keys.delete("admin");
  await other.page.reload();
  await other.page.getByLabel("Key").waitFor();
});

test("a wrong key is told nothing but that; logging out ends the session", async (t) => {
  const other = await openConsole({ key: null });
  t.after(() => other.close());
  await other.page.getByLabel("Key").waitFor();
  await other.assertSound();
  await other.screenshot("login");
  await other.page.getByLabel("Key").fill("acme");
  await other.page.getByRole("button", { name: "Log in" }).click();
  await other.page.getByText("this key does not open the console").waitFor();
  await other.page.getByLabel("Key").fill("admin");
  await other.page.getByRole("button", { name: "Log in" }).click();
  await other.page.getByRole("button", { name: "Log out" }).click();
  await other.page.getByLabel("Key").waitFor();
  await other.page.reload();
  await other.page.getByLabel("Key").waitFor();
});

test("the first view is less than 200 kB compressed, all of it from this gateway", async (t) => {
  const other = await openConsole({ key: null });
  t.after(() => other.close());
  // Whoever comes for the first time has nothing kept; a route keeps the browser from what it has.
  await other.page.route("**", (route) => route.continue());
  const sizes: Promise<number>[] = [];
  const elsewhere: string[] = [];
  const weigh = (request: Request): void => {
    if (!request.url().startsWith(other.url)) elsewhere.push(request.url());
    sizes.push(
      request.sizes().then(({ responseBodySize, responseHeadersSize }) => responseBodySize + responseHeadersSize),
    );
  };
  other.page.on("requestfinished", weigh);
  await other.visit("/");
  await other.page.getByLabel("Key").fill("admin");
  await other.page.getByRole("button", { name: "Log in" }).click();
  await other.page.getByRole("heading", { name: "Overview" }).waitFor();
  await other.page.waitForLoadState("networkidle");
  // What the page asks from time to time is no part of it, and may not have ended when the page is closed.
  other.page.off("requestfinished", weigh);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  t.diagnostic(`${bytes} bytes in ${sizes.length} answers`);
  assert.ok(bytes > 5000 && bytes < 200_000, `${bytes} bytes`);
  assert.deepEqual(elsewhere, []);
});
