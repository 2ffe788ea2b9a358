/** Dead letters in the console: from causes to a letter to its replay, with what it costs before it; hostile bodies are words. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { LetterDesk } from "../../../services/gateway/dead-letters/letter-desk.ts";
import { ReplayBook } from "../../../services/gateway/dead-letters/replay-book.ts";
import { ReplayDesk } from "../../../services/gateway/dead-letters/replay-desk.ts";
import { replayRunId } from "../../../services/runtime/requests/run-ids.ts";
import type { Emission } from "../../../services/runtime/stage.ts";
import { fixedHarnesses } from "../../support/chat-gateway.ts";
import { agreed } from "../../support/negotiated.ts";
import { LetterLog } from "../../support/letter-log.ts";
import { looks, openConsole } from "./open-console.ts";

const hostile = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
/** A turn of the direction, a character of no width, a letter of the block of tags. */
const unseen = "\u202E\u200B\u{E0041}";
const log = new LetterLog(Date.now() - 3_600_000);
const request = {
  harness: "summarise",
  client_id: "acme",
  input: { text: `Mail ann@example.com. ${hostile}${unseen}` },
};
for (let at = 0; at < 60; at += 1) log.add({ value: request, offset: at, headers: { traceparent: hostile } });
log.add({
  topic: "harness-calls",
  code: "attempts_exhausted",
  stage: "output-validate",
  message: "attempt 1: contract /total type; attempt 2: contract /total type",
  value: { harness: { name: "summarise", version: "0123456789abcdef" }, answer: { plain: hostile } },
});
const unverified = log.add({ code: "client_unverified", message: "its signature is not the client's", value: request });
const bytes = log.add({ code: "not_json", message: "not JSON", value: Buffer.from([0xff, 0xfe, 1, 2, 60, 98, 62]) });
log.add({ code: "not_json", message: hostile, value: hostile });

const seen = [{ replay_of: "harness-requests/0/0#1", run_id: replayRunId(sourceOf(0, 0), 1), status: "ok" }];
const spend = { harness: "summarise", version: "0123456789abcdef", runs: "40", priced_runs: "40", cost_usd: "0.088" };
const ledger = { query: (sql: string) => Promise.resolve(sql.includes("replay_of") ? seen : [spend]) };
const published: Emission[] = [];
const publish = (emissions: readonly Emission[]) => (published.push(...emissions), Promise.resolve([]));
const book = new ReplayBook(ledger, Date.now);
const letters = new LetterDesk({ reader: log.reader, harnesses: fixedHarnesses, book });
const parts = {
  reader: log.reader,
  ledger,
  harnesses: fixedHarnesses,
  negotiated: agreed(),
  publish,
  letters,
  book,
  nowMs: Date.now,
};
const console = await openConsole({ parts: { letters, replays: new ReplayDesk(parts) } });
after(() => console.close());
const { page, visit } = console;

function sourceOf(offset: number, partition: number) {
  return { topic: "harness-requests", partition, offset: String(offset) };
}

const openGroup = async (name: string) => {
  await visit("/dead-letters");
  await page.getByRole("link", { name }).first().click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
};

for (const look of looks) {
  const name = `${look.colours}-${look.width}`;
  test(`causes, a cause's letters, a letter and a replay's estimate are sound in ${look.colours} at ${look.width} px`, async () => {
    await visit("/dead-letters");
    await console.look(look);
    await page.getByRole("link", { name: "harness unknown" }).waitFor();
    await console.assertSound();
    await console.screenshot(`dead-letters-${name}`);
    await page.getByRole("link", { name: "harness unknown" }).click();
    await page.getByText("60 letters of harness-requests").waitFor();
    await console.assertSound();
    await console.screenshot(`dead-letter-group-${name}`);
    await page.getByRole("button", { name: "Replay all" }).click();
    await page.getByRole("button", { name: /^Replay 59 letters, at most/ }).waitFor();
    await console.assertSound();
    await console.screenshot(`dead-letter-estimate-${name}`);
    await page.keyboard.press("Escape");
    await page.locator(".row-link").first().click();
    await page.getByRole("heading", { name: "Body" }).waitFor();
    await console.assertSound();
    await console.screenshot(`dead-letter-${name}`);
  });
}

test("what a policy takes out is not shown, and what is hostile is shown as its words and does nothing", async () => {
  await console.look({ colours: "light", width: 1280 });
  await openGroup("harness unknown");
  await page.locator(".row-link").first().click();
  const body = page.getByRole("region", { name: "The letter's body" });
  await body.getByText("[EMAIL]").waitFor();
  const text = await page.locator("main").innerText();
  assert.ok(text.includes("<img src=x onerror="), "the words are there");
  assert.doesNotMatch(text, /ann@example/);
  assert.doesNotMatch(text, /[\u202E\u200B\u{E0041}]/u);
  await page.getByText("3 hidden characters taken out").waitFor();
  assert.match(await page.title(), /^Dead letter/);
  assert.equal(await page.locator("main img, main script").count(), 0);
  await console.assertSound();
});

test("bytes that are no text are rows of hexadecimal", async () => {
  await visit(`/dead-letters/${bytes}`);
  await page.getByText("ff fe 01 02 3c 62 3e").waitFor();
  await page.getByText("Bytes that are no text").waitFor();
  await console.screenshot("dead-letter-bytes");
});

test("causes are filtered, and the address keeps the filter", async () => {
  await visit("/dead-letters");
  await page.getByLabel("Stage").selectOption("output-validate");
  await page.getByRole("link", { name: "harness unknown" }).waitFor({ state: "detached" });
  assert.match(page.url(), /stage=output-validate/);
  await page.reload();
  await page.getByRole("link", { name: "attempts exhausted" }).waitFor();
  assert.equal(await page.locator("tbody tr").count(), 1);
  await visit("/dead-letters?code=too_large");
  await page.getByText("No dead letter is of that kind.").waitFor();
});

test("letters are chosen by the keyboard alone, estimated, and replayed once as new runs that can be followed", async () => {
  await openGroup("harness unknown");
  for (const key of ["j", "x", "j", "x"]) await page.keyboard.press(key);
  await page.getByRole("button", { name: "Replay 2 chosen…" }).focus();
  await page.keyboard.press("Enter");
  const confirm = page.getByRole("button", { name: /^Replay 2 letters, at most \$/ });
  await confirm.waitFor();
  const dialog = page.getByRole("dialog");
  assert.match(await dialog.innerText(), /\$0\.0044/);
  assert.equal(published.length, 0);
  await confirm.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "2 new runs published" }).waitFor();
  assert.equal(published.filter(({ topic }) => topic === "harness-requests").length, 2);
  await console.assertSound();
  await console.screenshot("dead-letter-replayed");
  const link = page.getByRole("dialog").getByRole("link").first();
  assert.match((await link.getAttribute("href")) ?? "", /^\/console\/runs\/[0-9a-f-]{36}$/);
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("link", { name: "running" }).first().waitFor();
});

test("what was replayed is not replayed again unless somebody says so", async () => {
  await openGroup("harness unknown");
  await visit(`${new URL(page.url()).pathname.replace("/console", "")}?skip=50`);
  await page.getByRole("link", { name: "ok" }).waitFor();
  await page
    .locator("tr", { has: page.getByRole("link", { name: "ok" }) })
    .getByRole("checkbox")
    .check();
  await page.getByRole("button", { name: "Replay 1 chosen…" }).click();
  await page.getByText("1 replayed already").waitFor();
  assert.equal(await page.getByRole("button", { name: "Nothing to replay" }).isDisabled(), true);
  await page.getByLabel("Replay once more").check();
  await page.getByRole("button", { name: /^Replay 1 letter, at most/ }).waitFor();
});

test("what cannot be replayed says why", async () => {
  await visit(`/dead-letters/${unverified}`);
  await page.keyboard.press("r");
  await page.getByText("nobody has vouched for the client").waitFor();
  await console.screenshot("dead-letter-unusable");
});

test("a letter that is not there any more says so", async () => {
  for (const place of ["harness-requests-dlq/0/9999", "nothing/0/1", "harness-requests-dlq/0/x"]) {
    await visit(`/dead-letters/${place}`);
    await page.getByText("No dead letter stands there.").waitFor();
  }
});

test("without dead letters the page says so", async (t) => {
  const empty = await openConsole();
  t.after(() => empty.close());
  await empty.visit("/dead-letters");
  await empty.page.getByText("No dead letters.").waitFor();
  await empty.assertSound();
  await empty.screenshot("dead-letters-empty");
});
