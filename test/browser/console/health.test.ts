/** The health page and the overview over a system in trouble, over one that is well, and over one of which little is known. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { CommandRecord } from "../../../schemas/control/command.ts";
import type { BreakerRecord } from "../../../schemas/control/breaker.ts";
import { LeaseBook } from "../../../services/budgets/lease-book.ts";
import { statusOf, type Seen } from "../../../services/status/status-of.ts";
import { consumers } from "../../../services/status/status-view.ts";
import { sampleBudget } from "../../support/lease-log.ts";
import { ledgerOfCosts } from "./ledger-of-costs.ts";
import { looks, openConsole } from "./open-console.ts";

const nowMs = Date.now();
const hostile = "<img src=x onerror=\"document.title='owned'\">";
const breaker: BreakerRecord = {
  kind: "breaker",
  provider: "groq",
  model: hostile,
  key: { fingerprint: "0a1b2c3d", position: 2, trouble: "rejected", code: "invalid_api_key" },
  state: "open",
  open_until_ms: nowMs + 540_000,
  worker: "model-invoke-1",
  at_ms: nowMs - 60_000,
};
const pause: CommandRecord = {
  kind: "pause",
  target: { scope: "provider", provider: "openai", model: "gpt-4o-2024-08-06-with-a-name-of-some-length" },
  ordered_at_ms: nowMs - 7_200_000,
  why: `The bill of October is disputed ${hostile}`,
};
const budget = (budget_id: string, limit_usd: string) =>
  sampleBudget({
    budget_id,
    limit_usd,
    window: "month",
    opened_at_ms: nowMs,
    spent_before: { usd: "93.5", tokens: 0 },
  });
const well: Seen = {
  stages: consumers.map((stage) => ({ stage, processes: 2, behind: 0, oldestAtMs: null })),
  breakers: [],
  commands: [],
  budgets: { budgets: [], book: new LeaseBook() },
  ledger: { callsInFlight: 0, oldestCallAtMs: null, inReview: 0 },
};
const troubled: Seen = {
  stages: consumers.map((stage, index) => ({
    stage,
    processes: index === 3 ? 0 : 2,
    behind: index * 1234,
    oldestAtMs: index === 0 ? null : nowMs - index * 95_000,
  })),
  breakers: [breaker],
  commands: [pause],
  budgets: {
    budgets: [
      budget("client=acme/month", "250"),
      budget("client=globex/feature=weekly-report/harness=extract-invoice/month", "100"),
      budget("all/month", "90"),
    ],
    book: new LeaseBook(),
  },
  ledger: { callsInFlight: 41, oldestCallAtMs: nowMs - 12_300, inReview: 7 },
};
const unknown: Seen = { stages: null, breakers: null, commands: null, budgets: null, ledger: null };

let seen: Seen = troubled;
const { ledger } = ledgerOfCosts(nowMs);
const console = await openConsole({
  // The system's clock stands still: what waits has waited as long in the last test as in the first.
  parts: { ledger, status: () => Promise.resolve(statusOf(seen, nowMs)), nowMs: Date.now },
});
after(() => console.close());
const { page, visit } = console;

for (const [state, standing] of Object.entries({ troubled, well, unknown })) {
  for (const look of looks) {
    test(`a system that is ${state} is sound to look at in ${look.colours} at ${look.width} px`, async () => {
      seen = standing;
      for (const [name, place] of Object.entries({ health: "/health", overview: "/" })) {
        await visit(place);
        await console.look(look);
        await console.assertSound();
        await console.screenshot(`${name}-${state}-${look.colours}-${look.width}`);
      }
    });
  }
}

test("problems, lag, breakers, pauses and budgets are told, and their words stay words", async () => {
  seen = troubled;
  await visit("/health");
  for (const text of [
    "No process of cost-aggregate is running.",
    "invalid_api_key",
    "The bill of October is disputed",
    "$93.50 of $90.00 (103.9%)",
    "4 min 45 s",
    /the oldest for \d/,
  ])
    await page.getByText(text).first().waitFor();
  assert.match(await page.title(), /^Health/);
  assert.equal(await page.locator("img").count(), 0);
});

test("what is unknown is never shown as none", async () => {
  seen = unknown;
  await visit("/health");
  await page.getByText("Kafka does not say how the stages stand.").waitFor();
  assert.equal(await page.getByText("Unknown: it does not answer.").count(), 3);
  assert.equal(await page.getByText("Nothing is paused.").count(), 0);
});

test("the overview leads to what wants somebody", async () => {
  seen = troubled;
  for (const [tile, heading] of [
    ["Waiting for a person", "Reviews"],
    ["Dead letters", "Dead letters"],
    ["Health", "Health"],
    ["Runs today", "Runs"],
    ["Spent today", "Costs"],
  ] as const) {
    await visit("/");
    await page.locator("a.tile", { hasText: tile }).click();
    await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
  }
});

test("a page that is looked at changes by itself", async () => {
  seen = troubled;
  await page.clock.install();
  await visit("/health");
  await page.getByText("No process of cost-aggregate is running.").waitFor();
  seen = well;
  await page.clock.runFor(6000);
  await page.getByText("Everything runs.").waitFor();
});
