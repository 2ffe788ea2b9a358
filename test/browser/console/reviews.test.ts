/** The review queue: read, decided with the keyboard, edited against the contract, by one and by two at once. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { decidedByOmar, followedReviews, heldReviews } from "../../support/console-reviews.ts";
import { goodEdit } from "../../support/review-topic.ts";
import { looks, openConsole, type OpenConsole } from "./open-console.ts";

async function opened(t: { readonly after: (end: () => Promise<void>) => void }, key = "reviewer") {
  const held = heldReviews();
  const reviews = await followedReviews(held);
  const console = await openConsole({ parts: reviews.parts, key });
  t.after(async () => {
    await console.close();
    await reviews.live.close();
  });
  return { ...console, console, reviews, held };
}

const waitingIn = async ({ page }: OpenConsole, count: number): Promise<void> => {
  await page.locator(".queue-list li").nth(count).waitFor({ state: "detached" });
  assert.equal(await page.locator(".queue-list li").count(), count);
};

const shared = await opened({ after });

for (const look of looks) {
  test(`the queue is sound in ${look.colours} at ${look.width} px`, async () => {
    const { console, visit, held } = shared;
    await visit("/reviews");
    await console.look(look);
    await console.assertSound();
    await console.screenshot(`reviews-${look.colours}-${look.width}`);
    await visit(`/reviews?run=${held[0].run_id}`);
    await console.assertSound();
    await console.screenshot(`review-${look.colours}-${look.width}`);
  });
}

test("the one that is due first is open, with why it is held and what the context says", async () => {
  const { page, visit, console } = shared;
  await console.look({ colours: "light", width: 1280 });
  await visit("/reviews");
  const text = (await page.getByRole("region", { name: "Held answer", exact: true }).textContent()) ?? "";
  for (const part of ["extract-invoice", "acme", "grounding.number", "268.5", "EUR 286.50", "then it is rejected"])
    assert.ok(text.includes(part), `${part} in ${text}`);
  assert.match((await page.getByRole("status").first().textContent()) ?? "", /3 answers waiting/);
});

test("j and k go along the queue, and the address follows", async () => {
  const { page, visit, held } = shared;
  await visit("/reviews");
  await page.keyboard.press("j");
  await page.waitForURL(`**run=${held[1].run_id}`);
  await page.keyboard.press("k");
  await page.waitForURL(`**run=${held[0].run_id}`);
});

test("a hostile answer is text with its passage marked, and runs nothing", async () => {
  const { page, visit, held, console } = shared;
  await visit(`/reviews?run=${held[1].run_id}`);
  const answer = page.getByRole("region", { name: "The held answer" });
  const text = (await answer.textContent()) ?? "";
  assert.ok(text.includes("<script>window.harmed = 1</script>"));
  assert.doesNotMatch(text, /[\u202a-\u202e\u200b]/);
  assert.equal(await answer.locator("mark").textContent(), "short");
  assert.equal(await page.locator("main img, main script").count(), 0);
  assert.equal(await page.evaluate("window.harmed"), undefined);
  await console.assertSound();
  await console.screenshot("review-hostile");
});

test("a sealed answer is said to be sealed, and cannot be edited", async () => {
  const { page, visit, held } = shared;
  await visit(`/reviews?run=${held[2].run_id}`);
  await page.getByText("Sealed under its data subject's key").waitFor();
  assert.equal(await page.getByRole("button", { name: "Edit" }).count(), 0);
  await page.keyboard.press("e");
  assert.equal(await page.locator("textarea").count(), 0);
});

test("a filter narrows the queue and stands in the address", async () => {
  const { page, visit, console } = shared;
  await visit("/reviews");
  await page.getByLabel("Client").selectOption("globex");
  await page.waitForURL(/client=globex/);
  await waitingIn(console, 1);
});

test("on a phone, a tap opens an answer, and there is a way back to the queue", async () => {
  const { page, visit, console } = shared;
  await console.look({ colours: "light", width: 390 });
  await visit("/reviews");
  assert.equal(await page.getByRole("region", { name: "Held answer", exact: true }).isVisible(), false);
  await page.locator(".queue-list a").first().click();
  await page.getByRole("button", { name: "Approve" }).waitFor();
  assert.equal(await page.getByRole("region", { name: "Queue" }).isVisible(), false);
  await page.getByRole("button", { name: "← Queue" }).click();
  await page.locator(".queue-list a").first().waitFor();
});

test("approve, edit and reject by keys, one after the other, until nothing waits", async (t) => {
  const { page, visit, console, reviews, held } = await opened(t);
  await visit("/reviews");
  await page.keyboard.press("e");
  const box = page.getByRole("textbox", { name: "The whole output, as JSON" });
  await box.fill(goodEdit.replace("286.5", '"286.5"'));
  await page.getByText("breaks the contract").waitFor();
  await page.getByText("must be number").waitFor();
  assert.equal(await page.getByRole("button", { name: "Give this" }).isDisabled(), true);
  await console.assertSound();
  await console.screenshot("review-edit-broken");
  await box.fill(goodEdit);
  await page.getByText("keeps the contract").waitFor();
  await console.screenshot("review-edit-good");
  await page.locator(".edit-form button[type=submit]:enabled").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(`**run=${held[1].run_id}`);
  await waitingIn(console, 2);

  await page.getByRole("button", { name: "Reject" }).waitFor();
  await page.keyboard.press("r");
  await page.locator("input:focus").waitFor();
  await page.keyboard.type("hateful");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**run=${held[2].run_id}`);
  await waitingIn(console, 1);

  await page.getByText("Sealed under").waitFor();
  await page.keyboard.press("a");
  await page.locator("input:focus").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("Nothing waits for a person.").waitFor();
  await console.assertSound();
  await console.screenshot("reviews-empty");
  const decided = await Promise.all(held.map(({ run_id: id }) => reviews.live.find(id)));
  assert.deepEqual(
    decided.map((item) => [item?.decision?.decision, item?.decision?.reviewer, item?.decision?.reason]),
    [
      ["edit", "reviewer", undefined],
      ["reject", "reviewer", "hateful"],
      ["approve", "reviewer", undefined],
    ],
  );
  assert.deepEqual(decided[0]?.decision?.output, { plain: JSON.parse(goodEdit) });
});

test("Escape leaves a decision unmade", async (t) => {
  const { page, visit, reviews } = await opened(t);
  await visit("/reviews");
  await page.keyboard.press("r");
  await page.getByRole("button", { name: "Reject: give nothing" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Reject: give nothing" }).waitFor({ state: "detached" });
  assert.equal(reviews.live.waiting().length, 3);
});

test("of two reviewers the slower one is told who was first, and goes on to the next", async (t) => {
  const { page, visit, reviews, held, console } = await opened(t, "admin");
  await visit("/reviews");
  await page.keyboard.press("a");
  await page.locator("input:focus").waitFor();
  reviews.append(decidedByOmar(held[0].run_id));
  await page.keyboard.press("Enter");
  await page.getByText(/Too late: it was decided before: reject by omar/).waitFor();
  const item = page.getByRole("region", { name: "Held answer", exact: true });
  await item.getByText("by omar").waitFor();
  await console.screenshot("review-too-late");
  await item.getByRole("button", { name: "Next answer" }).click();
  await page.waitForURL((url) => url.searchParams.get("run") === held[1].run_id);
});

test("what another decides meanwhile leaves the queue by itself", async (t) => {
  const { visit, reviews, held, console } = await opened(t);
  await visit("/reviews");
  reviews.append(decidedByOmar(held[1].run_id));
  await waitingIn(console, 2);
});
