/**
 * Every page of the list, in a system where nothing has happened: in all looks
 * it is sound and moves nothing while it loads, and the keyboard gets through
 * it. What pages look like with something on them, their own tests see.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { looks, openConsole } from "./open-console.ts";

const console = await openConsole();
after(() => console.close());
const { page, visit } = console;

/** As the list says in its words: what it imports is for browsers alone. */
const list = readFileSync(path.resolve(import.meta.dirname, "../../../services/console/pages.ts"), "utf8");
const entry = / path: "([^"]+)",\s+title: "([^"]+)",(?:\s+letter: "(.)",)?/g;
const pages = [...list.matchAll(entry)].map(([, at = "", title = "", letter]) => ({ at, title, letter }));

/** What stands for the parts of an address that a page names. */
const examples: Readonly<Record<string, string>> = {
  ":id": "0198c5a0-0000-7000-8000-999999999999",
  ":group": "0123456789abcdef",
  ":topic": "harness-requests-dlq",
  ":partition": "0",
  ":offset": "1",
  ":name": "summarise",
};
const places = pages.map(({ at, title }) => ({
  title,
  place: at.replaceAll(/:[a-z]+/g, (part) => examples[part] ?? assert.fail(`no example of ${part}`)),
}));

test("the whole list was read", () => assert.equal(pages.length, list.split("load: () => import(").length - 1));

for (const { title, place } of places) {
  for (const look of looks) {
    test(`${title} (${place}) with nothing to show is sound in ${look.colours} at ${look.width} px`, async () => {
      await visit(place);
      await console.look(look);
      // A thing that does not exist is answered with 404, which the browser logs.
      await console.assertSound({ but: /404/ });
      assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
      assert.equal(await page.title(), `${title} · Breakwater`);
      const name = place === "/" ? "overview" : place.slice(1).replaceAll("/", "-").slice(0, 40);
      await console.screenshot(`empty-${name}-${look.colours}-${look.width}`);
    });
  }
}

test("Tab begins with the way past the navigation, and what has the focus shows it", async () => {
  await visit("/runs");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate("document.activeElement.textContent"), "Skip to the page");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate("document.activeElement.id"), "main");
  for (const { place } of places) {
    await visit(place);
    for (let stop = 0; stop < 12; stop += 1) {
      await page.keyboard.press("Tab");
      const shown = await page.evaluate(`(() => {
        const { activeElement: on } = document;
        if (on === document.body) return "past the end";
        const marked = on.matches(".theme-switch input") ? on.nextElementSibling : on;
        const { outlineStyle, outlineWidth } = getComputedStyle(marked);
        return outlineStyle === "none" || outlineWidth === "0px" ? on.outerHTML : "";
      })()`);
      assert.ok(shown === "" || shown === "past the end", `${place}: ${String(shown)}`);
    }
  }
});

test("every page of the navigation is reached by its letter", async () => {
  await visit("/");
  for (const { letter, title } of pages) {
    if (letter === undefined) continue;
    await page.keyboard.press("g");
    await page.keyboard.press(letter);
    await page.getByRole("heading", { name: title, level: 1 }).waitFor();
  }
});
