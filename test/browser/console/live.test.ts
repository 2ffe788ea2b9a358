/**
 * What a page does over time: it asks again while it is looked at and not while
 * it is hidden, says that what it shows is old when the gateway fails or is not
 * reached, and is itself again when the gateway is back.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openConsole } from "./open-console.ts";

const console = await openConsole();
after(() => console.close());
const { page, visit } = console;

let asked = 0;
let failing: "nothing" | "answers" | "all" = "nothing";
await page.route("**/v1/status", async (route) => {
  asked += 1;
  if (failing === "all") return route.abort();
  if (failing === "nothing") return route.continue();
  const error = { code: "unavailable", message: "not now" };
  return route.fulfill({ status: 503, contentType: "application/json", body: JSON.stringify({ error }) });
});
await page.clock.install();

/** As browsers do it when another tab is chosen. */
const hide = (isHidden: boolean) =>
  page.evaluate(`Object.defineProperty(document, "hidden", { value: ${isHidden}, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));`);

test("a hidden page asks nothing, and asks at once when it is looked at again", async () => {
  await visit("/health");
  await page.getByText("Everything runs.").waitFor();
  await hide(true);
  await page.clock.runFor(6000);
  const before = asked;
  await page.clock.runFor(60_000);
  assert.equal(asked, before);
  const again = page.waitForRequest("**/v1/status");
  await hide(false);
  await again;
});

const failures = [
  ["answers", "Some of this page could not be brought up to date."],
  ["all", "The gateway does not answer."],
] as const;
for (const [how, sentence] of failures) {
  test(`when ${how} of it fails, what was there stays and is said to be old, until the gateway is back`, async () => {
    failing = "nothing";
    await visit("/health");
    await page.getByText("Everything runs.").waitFor();
    failing = how;
    await page.clock.runFor(6000);
    await page.getByText(sentence).waitFor();
    await page.getByText("What is shown is from").waitFor();
    await page.getByText("Everything runs.").waitFor();
    failing = "nothing";
    await page.clock.runFor(61_000);
    await page.getByText(sentence).waitFor({ state: "detached" });
  });
}
