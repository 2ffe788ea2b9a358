/** The definitions and signatures that ship with the project load and say what they promise. */
import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadHarnessFile } from "./load-files.ts";

test("the summarising example is standard, keeps the beginning and answers in text", async () => {
  const harness = await loadHarnessFile("harnesses/summarise/harness.ts");
  assert.equal(harness.policy, "standard");
  assert.deepEqual(harness.knobs.contextWindow, { strategy: "head" });
  assert.equal(harness.output.format, "text");
  assert.deepEqual(
    harness.models.map(({ model }) => model),
    ["gpt-4o", "claude-3-5-sonnet-latest", "gpt-4o-mini"],
  );
});

test("the invoice example is strict: it cuts nothing, mends nothing and accepts no card", async () => {
  const harness = await loadHarnessFile("harnesses/extract-invoice/harness.ts");
  assert.equal(harness.policy, "strict");
  assert.deepEqual(harness.knobs.contextWindow, { strategy: "refuse" });
  assert.deepEqual(harness.knobs.output, { repair: false, reask: true, escalate: true });
  assert.equal(harness.knobs.pii.entities["card"], "block");
  assert.equal(harness.knobs.pii.entities["ssn"], "block");
  assert.equal(harness.output.schema?.["additionalProperties"], false);
});

test("the chat example is minimal, written in YAML, and passes a conversation through", async () => {
  const harness = await loadHarnessFile("harnesses/support-chat/harness.yaml");
  assert.equal(harness.policy, "minimal");
  assert.equal(harness.prompt.messages, "messages");
  assert.deepEqual(
    [harness.input.longField, harness.input.contextField, harness.knobs.contextWindow.strategy],
    ["knowledge", "knowledge", "head"],
  );
});

test("the assistant passes a conversation through with all that callers may be permitted", async () => {
  const harness = await loadHarnessFile("harnesses/assistant/harness.ts");
  assert.equal(harness.policy, "standard");
  assert.deepEqual(harness.callers, { instructions: true, tools: true, outputSchema: true, sampling: true });
  assert.deepEqual([harness.prompt.messages, harness.knobs.contextWindow.strategy], ["messages", "head"]);
  assert.deepEqual([harness.output.format, harness.temperature], ["text", undefined]);
});

const yaml = `
name: greet
input:
  schema: { type: object, properties: { who: { type: string } }, required: [who] }
prompt: { user: "Greet {{who}}" }
models: [{ provider: openai, model: gpt-4o-mini }]
`;

test("a definition in YAML is resolved like one in TypeScript", async () => {
  const harness = await loadHarnessFile(await writeDefinition("greet.yaml", yaml));
  assert.equal(harness.name, "greet");
  assert.equal(harness.policy, "standard");
  assert.equal(harness.models[0]?.contextWindowTokens, 128_000);
});

const refusals: readonly [why: string, name: string, text: string, error: RegExp][] = [
  ["a misspelt field, by its path", "a.yaml", `${yaml}polcy: strict\n`, /a\.yaml[\s\S]*polcy/],
  ["a wrong value, by its line", "a.yaml", `${yaml}maxAttempts: 9\n`, /line 7: \/maxAttempts: .*<=3/],
  [
    "a rule that is broken, by its line",
    "a.yaml",
    yaml.replace("{{who}}", "{{whom}}"),
    /line 5: \/prompt\/user: .*whom/,
  ],
  ["every mistake at once", "a.yaml", `${yaml}maxAttempts: 9\ndeadlineMs: x\n`, /line 7[\s\S]*line 8/],
  ["YAML that is none", "a.yaml", "name: [", /a\.yaml: .*line 1, column 8/],
  [
    "a model of unknown size",
    "a.yaml",
    yaml.replace("gpt-4o-mini", "local-7b"),
    /line 6: .*context window of local-7b/,
  ],
  ["a module without a harness", "a.ts", "export const other = 1;\n", /must export `harness`/],
  ["a broken definition in a module", "a.ts", "export const harness = { name: 'x' };\n", /\/models/],
  ["a file of another kind", "a.txt", "x", /neither TypeScript nor YAML/],
];
for (const [why, name, text, error] of refusals) {
  test(`loading refuses ${why}`, async () => {
    await assert.rejects(loadHarnessFile(await writeDefinition(name, text)), error);
  });
}

async function writeDefinition(name: string, text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "breakwater-")), name);
  await writeFile(path, text);
  return path;
}
