/**
 * Ordinary texts come back unharmed: what the browser shows of them is the same
 * after sanitising as before, for each place in a page.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { benignAnswers, benignSpeeches } from "../../eval/output/sanitise/benign-texts.ts";
import { sanitise } from "../../services/guards/sanitise/sanitise.ts";
import { RealBrowser, type Case } from "./browser.ts";
import { places, renderers } from "./places.ts";

let browser: RealBrowser;
before(async () => {
  browser = await RealBrowser.open();
});
after(() => browser.close());

const speeches = benignSpeeches();
const texts = [...benignAnswers(), ...speeches].map(({ text }) => text);

test("there are texts of both kinds", () => {
  assert.ok(texts.length - speeches.length >= 30);
  assert.ok(speeches.length >= 200);
});

for (const [name, render] of renderers) {
  test(`Markdown by ${name}: the same text in the same elements as before`, async () => {
    const before = await show(texts.map(render));
    const after = await show(texts.map((text) => render(sanitise(text, "markdown").text)));
    assert.deepEqual(after, before);
  });
}

for (const place of places.filter(({ destination }) => destination !== "markdown")) {
  test(`${place.name}: the text that was written`, async () => {
    const made = texts.map((text) => sanitise(place.written?.(text) ?? text, place.destination).text);
    const seen =
      place.html === undefined
        ? await show(
            made.map(() => ""),
            made,
          )
        : await show(made.map(place.html));
    const wrong = texts.filter((text, at) => {
      const shown = seen[at];
      return shown === undefined || !place.isRight(shown, text) || sanitise(text, "plain").text !== text;
    });
    assert.deepEqual(wrong, []);
  });
}

async function show(made: readonly string[], contents?: readonly string[]): Promise<readonly Case[]> {
  const body = made.map((html) => `<div class="case">${html}</div>`).join("");
  const { cases, requests } = await browser.visit(body, contents);
  assert.equal(cases.length, made.length);
  assert.deepEqual(requests, []);
  return cases;
}
