/** Batches in the console: how far each is, one with its documents, and a cancellation that is asked about first. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { foundRun } from "../../../services/ledger/runs/search-runs.ts";
import { batchOf } from "../../support/gateway-parts.ts";
import { looks, openConsole } from "./open-console.ts";

const hostile = `<img src=x onerror="document.title='owned'">`;
const nowMs = Date.now();
const minute = 60_000;
const running = batchOf({
  documents: 200,
  duplicates: 3,
  created_at_ms: nowMs - 10 * minute,
  deadline_at_ms: nowMs + 50 * minute,
});
const over = batchOf({
  batch_id: "0198c5a0-0000-7000-8000-000000000002",
  documents: 40,
  created_at_ms: nowMs - 90 * minute,
});
const byHand = { client_id: "acme", batch_id: "invoices-november", harness: "extract-invoice" };
const { batch_id: id } = running.taken;

const statuses = [
  { client: "acme", batch: id, status: "ok", runs: "110" },
  { client: "acme", batch: id, status: "failed_validation", runs: "7" },
  { client: "acme", batch: id, status: "refused", runs: "3" },
  { client: "acme", batch: over.taken.batch_id, status: "ok", runs: "40" },
  { client: "acme", batch: byHand.batch_id, status: "ok", runs: "12" },
];
const spent = statuses.map(({ client, batch }) => ({
  client,
  batch,
  calls: "130",
  unpriced: "0",
  cost: "0.366",
  input: "9",
  output: "1",
}));
const runs = ["annual-report.txt", hostile, "letters/2026/11/a-long-name-of-a-document-that-wraps.txt"].map(
  (document, at) =>
    foundRun.parse({
      run_id: `0198c5a0-0000-7000-8000-00000000000${at}`,
      status: at === 1 ? "failed_validation" : "ok",
      client_id: "acme",
      feature: null,
      harness: "summarise",
      harness_version: "0123456789abcdef",
      batch_id: id,
      document,
      answered_model: "gpt-4o",
      attempts: 1 + at,
      calls: 1 + at,
      cost_usd: "0.0031",
      unpriced_calls: 0,
      duration_ms: 1400,
      at: new Date(nowMs - minute).toISOString(),
      finished_at: new Date(nowMs - minute).toISOString(),
    }),
);

const cancelled: string[] = [];
const ledger = {
  query: (sql: string, params: Readonly<Record<string, unknown>> = {}): Promise<readonly unknown[]> => {
    if (sql.includes("first_ms"))
      return Promise.resolve([
        {
          ...byHand,
          harness_version: "0123456789abcdef",
          feature: null,
          first_ms: String(nowMs - 30 * minute),
          last_ms: String(nowMs),
        },
      ]);
    if (sql.includes("count() AS runs")) return Promise.resolve(statuses);
    if (sql.includes("AS waiting FROM")) return Promise.resolve([{ client: "acme", batch: id, waiting: "5" }]);
    if (sql.includes("AS unpriced, sum(cost_usd)")) return Promise.resolve(spent);
    if (!/AS at FROM (runs|run_results) WHERE/.test(sql)) return Promise.resolve([]);
    return Promise.resolve(runs.filter(({ status }) => (params["status"] ?? status) === status));
  },
};
const batches = {
  find: (asked: string) => [running, over].find(({ taken }) => taken.batch_id === asked) ?? null,
  latest: (client: string | undefined) => (client === undefined || client === "acme" ? [running, over] : []),
  cancel: ({ batch_id }: { readonly batch_id: string }) => Promise.resolve(void cancelled.push(batch_id)),
};
const console = await openConsole({ parts: { ledger, batches } });
after(() => console.close());
const { page, visit } = console;

for (const look of looks) {
  const name = `${look.colours}-${look.width}`;
  test(`the batches and one of them are sound in ${look.colours} at ${look.width} px`, async () => {
    await visit("/batches");
    await console.look(look);
    await page.getByText("120 of 200 done (60%), 10 without an answer").waitFor();
    await console.assertSound();
    await console.screenshot(`batches-${name}`);
    await page.locator(".row-link").first().click();
    await page.getByRole("heading", { name: "Documents" }).waitFor();
    await page.getByRole("link", { name: "annual-report.txt" }).waitFor();
    await console.assertSound();
    await console.screenshot(`batch-${name}`);
  });
}

test("how far a batch is, what it costs and what the rest will", async () => {
  await visit(`/batches/${id}`);
  const text = await page.locator("main").innerText();
  for (const word of ["5 in review", "$0.366", "$0.0031", "3 duplicate lines"])
    assert.ok(text.includes(word), `${word} in ${text}`);
  // 120 of 200 took ten minutes and what the tests before took.
  assert.match(text, /80 documents, about \d+ min \d+ s/);
});

test("documents are filtered by how they ended, and hostile names are words", async () => {
  await visit(`/batches/${id}`);
  await page.getByRole("button", { name: "failed validation 7" }).click();
  await page.getByRole("link", { name: "annual-report.txt" }).waitFor({ state: "detached" });
  assert.match(page.url(), /status=failed_validation/);
  assert.ok((await page.locator("tbody").innerText()).includes(hostile));
  assert.equal(await page.locator("main img").count(), 0);
  assert.match(await page.title(), /^Batch/);
  await console.assertSound();
});

test("a batch is cancelled when somebody has said so twice, and not before", async () => {
  await visit(`/batches/${id}`);
  await page.getByRole("button", { name: "Cancel…" }).click();
  await page.getByText("80 documents without a result end as cancelled.").waitFor();
  await console.assertSound();
  await console.screenshot("batch-cancel");
  await page.getByRole("button", { name: "Let it go on" }).click();
  assert.deepEqual(cancelled, []);
  await page.getByRole("button", { name: "Cancel…" }).click();
  await page.getByRole("button", { name: "Cancel the batch" }).click();
  await page.getByText("Cancelling: what has no result ends as cancelled.").waitFor();
  assert.deepEqual(cancelled, [id]);
});

test("one that has ended cannot be cancelled; one of the command line tells what is known of it", async () => {
  await visit(`/batches/${over.taken.batch_id}`);
  await page.getByText("40 of 40 done").waitFor();
  assert.equal(await page.getByRole("button", { name: "Cancel…" }).count(), 0);
  await visit("/batches/invoices-november");
  await page.getByText("12 done, of how many is not known").waitFor();
  await console.assertSound();
  await console.screenshot("batch-of-the-command-line");
});

test("batches are those of one client when the address says so", async () => {
  await visit("/batches");
  await page.getByLabel("Client").fill("other");
  await page.keyboard.press("Enter");
  await page.getByText("120 of 200 done").waitFor({ state: "detached" });
  assert.match(page.url(), /client=other/);
});

test("without batches the page says how to begin one; one that is not there says so", async (t) => {
  const empty = await openConsole();
  t.after(() => empty.close());
  await empty.visit("/batches");
  await empty.page.getByText("No batch was taken in yet.").waitFor();
  await empty.assertSound();
  await empty.screenshot("batches-empty");
  await empty.visit("/batches/nothing");
  await empty.page.getByText("There is no such batch.").waitFor();
});
