/** Harness definitions in the console: which there are, a version to be read, and what it changed against another. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import { fixedHarnesses } from "../../support/chat-gateway.ts";
import { sampleHarness, sampleTier } from "../../support/sample-definition.ts";
import { looks, openConsole } from "./open-console.ts";

const hostile = `<img src=x onerror="document.title='owned'">`;
const [first, second, third] = ["1".repeat(16), "2".repeat(16), "3".repeat(16)] as const;
const contract = {
  type: "object",
  required: ["total", "lines"],
  properties: {
    total: { type: "number", minimum: 0, description: "With tax" },
    lines: { type: "array", items: { type: "object", properties: { price: { type: "number" } }, required: ["price"] } },
  },
};
const base = sampleHarness({ name: "extract-invoice", description: "Reads the figures of an invoice" });
const published: readonly (readonly [version: string, definition: HarnessDefinition])[] = [
  [third, { ...base, maxAttempts: 1 }],
  [
    second,
    {
      ...base,
      prompt: { ...base.prompt, system: `Read it twice. ${hostile}` },
      output: { format: "json", maxTokens: 800, schema: contract },
      models: [sampleTier(), sampleTier({ provider: "anthropic", model: "claude-sonnet-4-5" })],
      fallbackAnswer: { total: null },
    },
  ],
  [first, { ...base, prompt: { ...base.prompt, system: "Read it." } }],
];
const definitionOf = (version: string) => published.find(([own]) => own === version)?.[1];
const harnesses = {
  ...fixedHarnesses,
  names: () => ["extract-invoice"],
  current: (name: string) => {
    const definition = name === "extract-invoice" ? definitionOf(second) : undefined;
    return definition === undefined ? undefined : { kind: "definition" as const, version: second, definition };
  },
  get: (name: string, version: string) => (name === "extract-invoice" ? definitionOf(version) : undefined),
  standing: (name: string) =>
    name === "extract-invoice"
      ? { version: second, canary: { version: third, share: 0.1 }, shadow: undefined }
      : undefined,
  versions: (name: string) =>
    name === "extract-invoice"
      ? published.map(([version, definition]) => ({ kind: "definition" as const, version, definition }))
      : [],
};
const spend = { harness: "extract-invoice", version: second, runs: "1240", priced_runs: "1240", cost_usd: "3.1874" };
const ledger = { query: (sql: string) => Promise.resolve(sql.includes("priced_runs") ? [spend] : []) };
const console = await openConsole({ parts: { harnesses, ledger } });
after(() => console.close());
const { page, visit } = console;

for (const look of looks) {
  const name = `${look.colours}-${look.width}`;
  test(`the harnesses and one of them are sound in ${look.colours} at ${look.width} px`, async () => {
    await visit("/harnesses");
    await console.look(look);
    await page.getByText("canary 10%").waitFor();
    await console.assertSound();
    await console.screenshot(`harnesses-${name}`);
    await page.getByRole("link", { name: "extract-invoice" }).click();
    await page.getByText("lines[].price").first().waitFor();
    await page.getByText("/maxAttempts").or(page.getByText("/prompt/system")).first().waitFor();
    await console.assertSound();
    await console.screenshot(`harness-${name}`);
  });
}

test("what a version changed stands side by side, and hostile words in it are words", async () => {
  await visit(`/harnesses/extract-invoice?version=${second}`);
  const table = page.getByRole("region", { name: `What ${second} changed against ${first}` });
  const row = table.locator("tr", { hasText: "/prompt/system" });
  await row.waitFor();
  assert.equal(
    (await row.innerText()).replaceAll(/\s+/g, " "),
    `/prompt/system changed Read it. Read it twice. ${hostile}`,
  );
  await table.locator("tr", { hasText: "/models/1" }).getByText("added").waitFor();
  assert.equal(await page.locator("main img").count(), 0);
  assert.match(await page.title(), /^Harness/);
});

test("any two versions are compared, and the address keeps which", async () => {
  await visit(`/harnesses/extract-invoice?version=${third}`);
  await page.getByRole("combobox").selectOption(first);
  await page.getByRole("region", { name: `What ${third} changed against ${first}` }).waitFor();
  assert.match(page.url(), new RegExp(`from=${first}`));
  await page.reload();
  await page.getByText("/maxAttempts").waitFor();
});

test("a version is opened by the keyboard, and its contract is readable", async () => {
  await visit("/harnesses/extract-invoice");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`version=${second}`));
  const text = await page.locator("main").innerText();
  for (const word of ["total number", "With tax minimum 0", "lines[].price number", "json, at most 800 tokens"])
    assert.ok(text.includes(word), `${word} in ${text.slice(0, 2000)}`);
});

test("it leads to its runs; one that is not there says so", async () => {
  await visit("/harnesses/extract-invoice");
  await page.getByRole("link", { name: "Its runs" }).click();
  await page.waitForURL(/runs\?harness=extract-invoice$/);
  await visit("/harnesses/nobody");
  await page.getByText("There is no such harness.").waitFor();
});
